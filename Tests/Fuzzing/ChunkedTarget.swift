import NIOCore

@testable import Gateway
@testable import HTTPServer

/// A chunked body: however its bytes come, it has the same content and the same end, within its limits.
struct ChunkedTarget: FuzzTarget {
    let name = "chunked"

    let longest = 320
    let words = [
        "\r\n", "\n", "\r", ";", "=", "\"", "\\", "\t", "0\r\n\r\n", "1\r\nx\r\n", "a\r\n0123456789\r\n", "10\r\n",
        "10;a=b\r\n0123456789abcdef\r\n",
        "ffffffff",
        "0000000", "FFFF", "10000", "0x", "+1", "-1", ";a", " ; a = b", ";a=b", ";a=\"b\"", ";a=\"\\\"\"",
        "0\r\nX: y\r\n\r\n",
        "X:\r\n",
        "Content-Length:\r\n", "Transfer-Encoding:\r\n", "connection:\r\n", "\u{7F}", "\u{80}", "\0",
    ]

    var seeds: [[UInt8]] {
        RequestCorpus.all.filter { $0.count <= longest }.compactMap { bytes in
            bytes.firstRange(of: Array("chunked\r\n\r\n".utf8)).map { Array(bytes[$0.upperBound...]) }
        }
    }

    /// The rules of ours that ``PlainChunks`` does not know.
    private static let strictness: Set<String> = [
        "A chunk extension is malformed or too long.", RequestError.headTooLarge.detail,
        RequestError.bodyTooLarge.detail,
    ]

    private struct Outcome: Equatable {
        var content: [UInt8] = []
        var isComplete = false
        var rest = 0
        var error: RequestError?
    }

    func take(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input)
        let whole = outcome([bytes])
        let bytewise = outcome(bytes.map { [$0] })
        require(whole.content.count <= HTTP1Limits.body, "\(whole.content.count) bytes of content")
        require(whole.isComplete == bytewise.isComplete, "complete only one way")
        require(whole.error == bytewise.error, "\(String(describing: whole.error))")
        require(whole.content == bytewise.content, "other content")
        require(!whole.isComplete || whole.rest == bytewise.rest, "another end")
        let plain = PlainChunks(bytes[...])
        if whole.isComplete {
            require(plain?.content == whole.content, "to another reader \(String(describing: plain))")
            require(plain?.length == bytes.count - whole.rest, "it ends elsewhere to another reader")
        } else if plain != nil {
            require(Self.strictness.contains(whole.error?.detail ?? ""), "refused: \(String(describing: whole.error))")
        }
    }

    private func outcome(_ segments: [[UInt8]]) -> Outcome {
        var decoder = HTTP1ChunkedDecoder()
        var buffer = ByteBuffer()
        var outcome = Outcome()
        for (index, segment) in segments.enumerated() {
            buffer.writeBytes(segment)
            do {
                outcome.isComplete = try decoder.decode(&buffer) { outcome.content += $0.readableBytesView }
            } catch {
                outcome.error = error
                break
            }
            guard outcome.isComplete else { continue }
            outcome.rest = buffer.readableBytes + segments[(index + 1)...].reduce(0) { $0 + $1.count }
            break
        }
        return outcome
    }
}
