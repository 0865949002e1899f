import NIOCore
import Text

/// Takes chunked transfer coding apart (RFC 9112, section 7.1), byte by byte if need be.
struct HTTP1ChunkedDecoder {
    private enum State {
        /// In the digits of a chunk size. → extensions, sizeLineEnd
        case size(value: Int, digits: Int)
        /// After the size, in extensions, which are ignored. → sizeLineEnd
        case extensions(value: Int, HTTP1ChunkExtensions)
        /// After the CR of a size line. → data, or trailerStart after the last chunk
        case sizeLineEnd(value: Int)
        /// In chunk data. → dataCR
        case data(remaining: Int)
        /// → dataLF
        case dataCR
        /// → size
        case dataLF
        /// At the beginning of a trailer line. → trailerName, endLF
        case trailerStart
        /// → trailerValue
        case trailerName
        /// → trailerLF
        case trailerValue
        /// → trailerStart
        case trailerLF
        /// After the CR of the empty line at the end. → complete
        case endLF
        case complete
    }

    private var state = State.size(value: 0, digits: 0)
    /// How much content there has been, including the current chunk.
    private var contentLength = 0
    private var trailerLength = 0
    private var trailerName: [UInt8] = []

    /// Takes what it can from `input` and gives the content to `take`, in pieces.
    ///
    /// - Returns: whether the body is complete; `input` then begins with what follows it.
    mutating func decode(
        _ input: inout ByteBuffer,
        _ take: (inout ByteBuffer) -> Void
    ) throws(RequestError) -> Bool {
        while true {
            switch state {
            case .complete:
                return true
            case .data(let remaining):
                guard input.readableBytes > 0,
                    var piece = input.readSlice(length: min(remaining, input.readableBytes))
                else { return false }
                let left = remaining - piece.readableBytes
                take(&piece)
                state = left == 0 ? .dataCR : .data(remaining: left)
            default:
                guard let byte = input.readInteger(as: UInt8.self) else { return false }
                state = try next(after: byte)
            }
        }
    }

    private mutating func next(after byte: UInt8) throws(RequestError) -> State {
        let isCR = byte == UInt8(ascii: "\r")
        switch state {
        case .size(let value, let digits):
            return try size(byte, value, digits)
        case .extensions(let value, var extensions):
            if isCR, extensions.mayEnd { return .sizeLineEnd(value: value) }
            guard extensions.take(byte) else { throw .malformed("A chunk extension is malformed or too long.") }
            return .extensions(value: value, extensions)
        case .sizeLineEnd(let value):
            try expectLF(byte)
            guard value > 0 else { return .trailerStart }
            contentLength += value
            guard contentLength <= HTTP1Limits.body else { throw .bodyTooLarge }
            return .data(remaining: value)
        case .dataCR:
            guard isCR else { throw .malformed("A chunk is longer than its size.") }
            return .dataLF
        case .dataLF:
            try expectLF(byte)
            return .size(value: 0, digits: 0)
        case .endLF:
            try expectLF(byte)
            return .complete
        case .trailerStart, .trailerName, .trailerValue, .trailerLF:
            return try trailer(byte)
        case .data, .complete:
            return state  // decode(_:_:) does not ask in these
        }
    }

    private func size(_ byte: UInt8, _ value: Int, _ digits: Int) throws(RequestError) -> State {
        if let digit = byte.hexDigitValue {
            // Seven digits hold far more than the limit on bodies and cannot overflow; zeros before them count for nothing.
            guard value < 1 << 24 else { throw .bodyTooLarge }
            guard digits < HTTP1Limits.chunkSizeDigits else { throw .malformed("A chunk size has too many digits.") }
            return .size(value: value << 4 | Int(digit), digits: digits + 1)
        }
        guard digits > 0 else { throw .malformed("A chunk size is not a hexadecimal number.") }
        if byte == UInt8(ascii: "\r") { return .sizeLineEnd(value: value) }
        guard let extensions = HTTP1ChunkExtensions(behindSize: byte) else {
            throw .malformed("A chunk size is not a hexadecimal number.")
        }
        return .extensions(value: value, extensions)
    }

    /// Trailer fields are ignored, and yet have to be fields: anything else there is an attack or a mistake.
    private mutating func trailer(_ byte: UInt8) throws(RequestError) -> State {
        trailerLength += 1
        guard trailerLength <= HTTP1Limits.trailer else { throw .headTooLarge }
        let isCR = byte == UInt8(ascii: "\r")
        switch state {
        case .trailerStart where isCR:
            return .endLF
        case .trailerStart, .trailerName:
            if HTTPGrammar.isToken(byte) {
                trailerName.append(byte)
                return .trailerName
            }
            guard case .trailerName = state, byte == UInt8(ascii: ":") else {
                throw .malformed("A trailer line does not begin with a name and a colon.")
            }
            try checkTrailerName()
            return .trailerValue
        case .trailerValue where isCR:
            return .trailerLF
        case .trailerValue:
            guard HTTPGrammar.isFieldValue(byte) else { throw .malformed("A trailer contains a control character.") }
            return .trailerValue
        default:
            try expectLF(byte)
            return .trailerStart
        }
    }

    private mutating func checkTrailerName() throws(RequestError) {
        // RFC 9110, section 6.5.1. Some readers take it for the framing of what follows.
        guard !trailerName.withUnsafeBytes(HTTPGrammar.isFraming) else {
            throw .malformed("A trailer says how the message is framed.")
        }
        trailerName.removeAll(keepingCapacity: true)
    }

    private func expectLF(_ byte: UInt8) throws(RequestError) {
        guard byte == UInt8(ascii: "\n") else { throw .malformed("A line of the chunked body does not end with CRLF.") }
    }
}
