import Text

/// Checks the extensions of one chunk, `;name`, `;name=token` or `;name="text"`, which mean nothing here (RFC 9112,
/// section 7.1.1). Whitespace may surround the delimiters: senders must not send it, recipients must accept it (RFC
/// 9110, section 5.6.3).
///
/// They are ignored and yet checked: in what one reader skips and another does not, a request can be hidden.
struct HTTP1ChunkExtensions {
    private enum State {
        /// After a space, where only another extension may follow. → nameStart
        case separator
        /// After a semicolon. → name
        case nameStart
        /// → nameStart, nameEnd, valueStart
        case name
        /// After a name and a space. → nameStart, valueStart
        case nameEnd
        /// After the equals sign. → token, quoted
        case valueStart
        /// → nameStart, separator
        case token
        /// → quotedPair, quotedEnd
        case quoted
        /// After a backslash. → quoted
        case quotedPair
        /// After the closing quote. → nameStart, separator
        case quotedEnd
    }

    private var state: State
    private var length = 0

    /// - Parameter byte: what stands after the size of the chunk; nil if that begins no extension.
    init?(behindSize byte: UInt8) {
        if byte == UInt8(ascii: ";") {
            state = .nameStart
        } else if byte.isSpaceOrTab {
            state = .separator
        } else {
            return nil
        }
    }

    /// Whether the line may end here.
    var mayEnd: Bool {
        switch state {
        case .name, .token, .quotedEnd: true
        case .separator, .nameStart, .nameEnd, .valueStart, .quoted, .quotedPair: false
        }
    }

    /// Goes on after the first space or semicolon.
    ///
    /// - Returns: whether `byte` may stand here.
    mutating func take(_ byte: UInt8) -> Bool {
        length += 1
        guard length <= HTTP1Limits.chunkExtensions, let next = next(after: byte) else { return false }
        state = next
        return true
    }

    private func next(after byte: UInt8) -> State? {
        let isToken = HTTPGrammar.isToken(byte)
        let isBlank = byte.isSpaceOrTab
        let separator: State? = byte == UInt8(ascii: ";") ? .nameStart : nil
        switch state {
        case .separator: return isBlank ? .separator : separator
        case .nameStart: return isToken ? .name : isBlank ? .nameStart : nil
        case .name where byte == UInt8(ascii: "="), .nameEnd where byte == UInt8(ascii: "="): return .valueStart
        case .name: return isToken ? .name : isBlank ? .nameEnd : separator
        case .nameEnd: return isBlank ? .nameEnd : separator
        case .valueStart where byte == UInt8(ascii: "\""): return .quoted
        case .valueStart: return isToken ? .token : isBlank ? .valueStart : nil
        case .token: return isToken ? .token : isBlank ? .separator : separator
        case .quoted where byte == UInt8(ascii: "\""): return .quotedEnd
        case .quoted where byte == UInt8(ascii: "\\"): return .quotedPair
        case .quoted, .quotedPair: return HTTPGrammar.isFieldValue(byte) ? .quoted : nil
        case .quotedEnd: return isBlank ? .separator : separator
        }
    }
}
