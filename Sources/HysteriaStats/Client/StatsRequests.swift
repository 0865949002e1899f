import NIOCore

/// The bytes of the requests, made once for an upstream.
struct StatsRequests {
    private let reads: [ByteBuffer]
    let clearing: ByteBuffer
    private let kickHead: ByteBuffer

    init(upstream: StatsUpstream) {
        reads = ReadCall.allCases.map { Self.get(Self.path(of: $0), upstream) }
        clearing = Self.get("/traffic?clear=1", upstream)
        kickHead = Self.head("POST /kick", upstream)
    }

    func read(_ call: ReadCall) -> ByteBuffer {
        reads[call.rawValue]
    }

    func kick(_ users: [String]) -> ByteBuffer {
        let body = KickBody.encoded(users)
        var request = kickHead
        request.writeString("Content-Type: application/json\r\nContent-Length: \(body.readableBytes)\r\n\r\n")
        request.writeImmutableBuffer(body)
        return request
    }

    private static func path(of call: ReadCall) -> String {
        switch call {
        case .traffic: "/traffic"
        case .online: "/online"
        case .streams: "/dump/streams"
        }
    }

    private static func get(_ target: String, _ upstream: StatsUpstream) -> ByteBuffer {
        var request = Self.head("GET \(target)", upstream)
        request.writeStaticString("\r\n")
        return request
    }

    private static func head(_ start: String, _ upstream: StatsUpstream) -> ByteBuffer {
        var head = ByteBuffer(string: "\(start) HTTP/1.1\r\nHost: \(upstream.address)\r\n")
        if let secret = upstream.secret {
            head.writeStaticString("Authorization: ")
            secret.withUnsafeBytes { _ = head.writeBytes($0) }
            head.writeStaticString("\r\n")
        }
        return head
    }
}
