import NIOCore

@testable import Gateway

/// A chunked body: however its bytes come, it has the same content and the same end, within its limits.
struct ChunkedTarget: FuzzTarget {
    let name = "chunked"

    var seeds: [[UInt8]] {
        RequestCorpus.all.filter { $0.count < 2_000 }.compactMap { bytes in
            bytes.firstRange(of: Array("chunked\r\n\r\n".utf8)).map { Array(bytes[$0.upperBound...]) }
        }
    }

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
