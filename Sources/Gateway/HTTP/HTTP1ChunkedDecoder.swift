import NIOCore

/// Takes chunked transfer coding apart (RFC 9112, section 7.1), byte by byte if need be.
struct HTTP1ChunkedDecoder {
    private enum State {
        /// In the digits of a chunk size.
        case size(value: Int, digits: Int, lineLength: Int)
        /// Behind the size, in extensions, which are ignored. → sizeLineEnd
        case chunkExtension(value: Int, lineLength: Int)
        /// Behind the CR of a size line. → data, or trailerStart behind the last chunk
        case sizeLineEnd(value: Int)
        /// In chunk data. → dataCR
        case data(remaining: Int)
        /// → dataLF
        case dataCR
        /// → size
        case dataLF
        /// At the beginning of a trailer line. → trailer, or end
        case trailerStart(total: Int)
        /// In a trailer line. → trailerLF
        case trailer(total: Int)
        /// → trailerStart
        case trailerLF(total: Int)
        /// Behind the CR of the empty line at the end. → complete
        case endLF
        case complete
    }

    private var state = State.size(value: 0, digits: 0, lineLength: 0)

    /// Takes what it can from `input` and appends the content to `body`.
    ///
    /// - Returns: whether the body is complete; `input` then begins with what follows it.
    mutating func decode(_ input: inout ByteBuffer, into body: inout ByteBuffer) throws(HTTP1Error) -> Bool {
        while true {
            if case .complete = state { return true }
            if case .data(let remaining) = state {
                guard var piece = input.readSlice(length: min(remaining, input.readableBytes)), piece.readableBytes > 0
                else { return false }
                let left = remaining - piece.readableBytes
                guard body.readableBytes + piece.readableBytes <= HTTP1Limits.body else { throw .bodyTooLarge }
                body.writeBuffer(&piece)
                state = left == 0 ? .dataCR : .data(remaining: left)
                continue
            }
            guard let byte = input.readInteger(as: UInt8.self) else { return false }
            state = try next(after: byte)
        }
    }

    private func next(after byte: UInt8) throws(HTTP1Error) -> State {
        let isCR = byte == UInt8(ascii: "\r")
        switch state {
        case .size(let value, let digits, let lineLength):
            if let digit = HTTPGrammar.hexValue(byte) {
                // Seven digits hold far more than the limit on bodies and cannot overflow.
                guard digits < 7 else { throw .bodyTooLarge }
                return .size(value: value << 4 | Int(digit), digits: digits + 1, lineLength: lineLength + 1)
            }
            guard digits > 0 else { throw .malformed("A chunk size is not a hexadecimal number.") }
            if isCR { return .sizeLineEnd(value: value) }
            guard byte == UInt8(ascii: ";") else { throw .malformed("A chunk size is not a hexadecimal number.") }
            return .chunkExtension(value: value, lineLength: lineLength + 1)
        case .chunkExtension(let value, let lineLength):
            if isCR { return .sizeLineEnd(value: value) }
            guard HTTPGrammar.isFieldValue(byte), lineLength < HTTP1Limits.chunkLine else {
                throw .malformed("A chunk extension is too long or contains a control character.")
            }
            return .chunkExtension(value: value, lineLength: lineLength + 1)
        case .sizeLineEnd(let value):
            try expectLF(byte)
            return value == 0 ? .trailerStart(total: 0) : .data(remaining: value)
        case .dataCR:
            guard isCR else { throw .malformed("A chunk is longer than its size.") }
            return .dataLF
        case .dataLF:
            try expectLF(byte)
            return .size(value: 0, digits: 0, lineLength: 0)
        case .trailerStart(let total):
            if isCR { return .endLF }
            guard HTTPGrammar.isToken(byte) else { throw .malformed("A trailer line does not begin with a name.") }
            return .trailer(total: total + 1)
        case .trailer(let total):
            if isCR { return .trailerLF(total: total + 1) }
            guard HTTPGrammar.isFieldValue(byte) else { throw .malformed("A trailer contains a control character.") }
            guard total < HTTP1Limits.trailer else { throw .headTooLarge }
            return .trailer(total: total + 1)
        case .trailerLF(let total):
            try expectLF(byte)
            return .trailerStart(total: total + 1)
        case .endLF:
            try expectLF(byte)
            return .complete
        case .data, .complete:
            return state  // decode(_:into:) does not ask in these
        }
    }

    private func expectLF(_ byte: UInt8) throws(HTTP1Error) {
        guard byte == UInt8(ascii: "\n") else { throw .malformed("A line of the chunked body does not end with CRLF.") }
    }
}
