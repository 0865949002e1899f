import NIOCore

/// Reads the body behind one request head, and keeps it if it is wanted.
struct HTTP1BodyReader {
    private enum Progress {
        case length(remaining: Int)
        case chunked(HTTP1ChunkedDecoder)
    }

    private var progress: Progress
    /// What has been read so far.
    private(set) var body = ByteBuffer()

    /// A reader for a body framed by `framing`; nil where there is none.
    init?(_ framing: HTTP1RequestHead.Framing) {
        switch framing {
        case .none: return nil
        case .length(let length): progress = .length(remaining: length)
        case .chunked: progress = .chunked(HTTP1ChunkedDecoder())
        }
    }

    /// Takes what it can from `input`.
    ///
    /// - Returns: whether the body is complete; `input` then begins with what follows it.
    mutating func read(_ input: inout ByteBuffer) throws(HTTP1Error) -> Bool {
        switch progress {
        case .length(let remaining):
            guard var piece = input.readSlice(length: min(remaining, input.readableBytes)) else { return false }
            progress = .length(remaining: remaining - piece.readableBytes)
            let isComplete = remaining == piece.readableBytes
            body.writeBuffer(&piece)
            return isComplete
        case .chunked(var decoder):
            let isComplete = try decoder.decode(&input, into: &body)
            progress = .chunked(decoder)
            return isComplete
        }
    }
}
