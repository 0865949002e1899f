import JSON
import NIOCore

@testable import HysteriaStats

/// What Hysteria answers: however its bytes come, they are read the same, and another parser does not read them otherwise.
struct ResponseTarget: FuzzTarget {
    let name = "response"
    let longest = 512
    let words = [
        "\r\n", "\r\n\r\n", "\n", "\r", " ", "\t", "\0", ":", ",", ";", "\u{7F}", "\u{80}", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.0 200 OK\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 101 x\r\n\r\n", "HTTP/1.1 204 x\r\n",
        "HTTP/1.1 304 x\r\n", "HTTP/1.1 401 x\r\n", "HTTP/1.1 500 x\r\n", "Content-Type: application/json\r\n",
        "; charset=utf-8",
        "Content-Length: 2\r\n", "Content-Length: 0\r\n", "Content-Length: 99999\r\n", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", "2\r\n{}\r\n",
        "0\r\n\r\n", "0\r\nX: y\r\n\r\n", ";a=b", "{}", "{\"a\":1}", "\"", "\\\"", "[", "]", "{", "}",
    ]

    private static let limit = 200

    var seeds: [[UInt8]] {
        [
            Responses.json(#"{"wang":{"tx":1,"rx":2}}"#), Responses.json("{}", extra: "Connection: close\r\n"),
            Responses.chunked(["{", "\"a\":1", "}"], trailer: "X: y\r\n"),
            Responses.status("401 Unauthorized", body: "no"),
            Responses.status("404 Not Found"), Responses.kicked, Responses.json("{}") + "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n" + Responses.json("{}"), "HTTP/1.0 200 OK\r\n\r\n{}",
            "HTTP/1.1 200\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n00\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n",
        ].map { Array($0.utf8) }
    }

    private struct Outcome: Equatable {
        var action: StatsResponseStateMachine.Action
        /// How many bytes are left behind the response.
        var rest = 0
    }

    func take(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input)
        let whole = outcome([bytes], .anything)
        let bytewise = outcome(bytes.map { [$0] }, .anything)
        require(whole == bytewise, "\(whole), byte by byte: \(bytewise)")
        let json = outcome([bytes], .json)
        if case .complete(let body, _) = json.action {
            require(json == whole, "\(json), where anything is right: \(whole)")
            var validator = JSONValidator()
            require(validator.finish(body), "no object: \(body)")
        }
        guard case .complete(let body, let reusable) = whole.action else { return }
        require(body.readableBytes <= Self.limit, "a body of \(body.readableBytes) bytes")
        // NIOHTTP1 takes a tab beside a value for a part of it (RFC 9110, section 5.6.3, does not).
        guard !bytes.contains(UInt8(ascii: "\t")) else { return }
        let reference = ReferenceResponse(bytes)
        // What NIOHTTP1 refuses and the gateway does not, it has from a Hysteria that its owner has put there.
        if reference.isRefused { return }
        require(reference.status == 200, "accepted with status \(String(describing: reference.status))")
        require(reference.body == Array(buffer: body), "another body: \(reference.body)")
        require(!reusable || reference.isKept, "the connection is used again that the other closes")
    }

    private func outcome(_ segments: [[UInt8]], _ expectation: StatsResponseStateMachine.Expectation) -> Outcome {
        var machine = StatsResponseStateMachine(bodyLimit: Self.limit)
        machine.requestSent(expecting: expectation)
        for (index, segment) in segments.enumerated() {
            var buffer = ByteBuffer(bytes: segment)
            let action = machine.received(&buffer)
            switch action {
            case .wait: continue
            // What comes behind it ends the connection, now or as soon as it is seen.
            case .complete(let body, let reusable):
                let rest = buffer.readableBytes + segments[(index + 1)...].reduce(0) { $0 + $1.count }
                return Outcome(action: .complete(body, reusable: reusable && rest == 0), rest: rest)
            // How much of a response was looked at that is refused does not matter.
            case .fail: return Outcome(action: action)
            }
        }
        return Outcome(action: machine.ended())
    }
}
