import NIOCore

/// Reads the body after one request head, and keeps it if it is wanted.
struct HTTP1BodyReader {
    private enum Progress {
        case length(remaining: Int)
        case chunked(HTTP1ChunkedDecoder)
    }

    private var progress: Progress
    /// What has been read and kept so far.
    private(set) var body = ByteBuffer()

    /// A reader that is done before it has read anything.
    static let empty = HTTP1BodyReader(progress: .length(remaining: 0))

    private init(progress: Progress) {
        self.progress = progress
    }

    /// A reader for a body framed by `framing`; nil where there is none.
    init?(_ framing: HTTP1RequestHead.Framing) {
        switch framing {
        case .none: return nil
        case .length(let length): self.init(progress: .length(remaining: length))
        case .chunked: self.init(progress: .chunked(HTTP1ChunkedDecoder()))
        }
    }

    /// Takes what it can from `input`.
    ///
    /// - Parameter keeps: whether what is read is kept in ``body``. A body that is not wanted takes no memory.
    /// - Returns: whether the body is complete; `input` then begins with what follows it.
    mutating func read(_ input: inout ByteBuffer, keeping keeps: Bool) throws(RequestError) -> Bool {
        switch progress {
        case .length(let remaining):
            let count = min(remaining, input.readableBytes)
            if keeps, var piece = input.readSlice(length: count) {
                body.writeBuffer(&piece)
            } else {
                input.moveReaderIndex(forwardBy: count)
            }
            progress = .length(remaining: remaining - count)
            return remaining == count
        case .chunked(var decoder):
            let isComplete = try decoder.decode(&input) { piece in
                if keeps { body.writeBuffer(&piece) }
            }
            progress = .chunked(decoder)
            return isComplete
        }
    }
}
