/// Checks the extensions of one chunk, `;name`, `;name=token` or `;name="text"`, which mean nothing here
/// (RFC 9112, section 7.1.1).
///
/// They are ignored and yet checked: in what one reader skips and another does not, a request can be hidden.
struct HTTP1ChunkExtensions {
    private enum State {
        /// Behind a semicolon. → name
        case nameStart
        /// → nameStart, valueStart
        case name
        /// Behind the equals sign. → token, quoted
        case valueStart
        /// → nameStart
        case token
        /// → quotedPair, quotedEnd
        case quoted
        /// Behind a backslash. → quoted
        case quotedPair
        /// Behind the closing quote. → nameStart
        case quotedEnd
    }

    private var state = State.nameStart
    private var length = 0

    /// Whether the line may end here.
    var mayEnd: Bool {
        switch state {
        case .name, .token, .quotedEnd: true
        case .nameStart, .valueStart, .quoted, .quotedPair: false
        }
    }

    /// Goes on behind the first semicolon.
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
        let separator: State? = byte == UInt8(ascii: ";") ? .nameStart : nil
        switch state {
        case .nameStart: return isToken ? .name : nil
        case .name where byte == UInt8(ascii: "="): return .valueStart
        case .name: return isToken ? .name : separator
        case .valueStart where byte == UInt8(ascii: "\""): return .quoted
        case .valueStart: return isToken ? .token : nil
        case .token: return isToken ? .token : separator
        case .quoted where byte == UInt8(ascii: "\""): return .quotedEnd
        case .quoted where byte == UInt8(ascii: "\\"): return .quotedPair
        case .quoted, .quotedPair: return HTTPGrammar.isFieldValue(byte) ? .quoted : nil
        case .quotedEnd: return separator
        }
    }
}
