import NIOCore

/// A caller over HTTP/2 that makes its frames by hand, and so can do what no client would.
struct HTTP2Caller: Sendable {
    /// Its connection.
    let client: SocketClient

    /// Connects and says how much of each answer it takes before it is asked again: none, or as much as there is.
    static func connect(to port: Int, takesAll: Bool, receiveBuffer: Int? = nil) async throws -> HTTP2Caller {
        let client = try await SocketClient.tls(to: port, applicationProtocol: "h2", receiveBuffer: receiveBuffer)
        let window: UInt32 = takesAll ? 0x7FFF_FFFF : 0
        let greeting = [HTTP2Frame.settings(4, window), .settingsAcknowledged, .windowUpdate(0, 0x7FFF_FFFF - 65_535)]
        try await client.send(HTTP2Frame.preface + greeting.flatMap(\.bytes))
        return HTTP2Caller(client: client)
    }

    /// Sends these at once.
    func send(_ frames: [HTTP2Frame]) async throws {
        try await client.send(frames.flatMap(\.bytes))
    }

    /// Waits until something has come in.
    func first<Found: Sendable>(_ what: String, _ find: @escaping @Sendable ([HTTP2Frame]) -> Found?) async throws
        -> Found
    {
        try await client.first(what) { find(HTTP2Caller.frames(in: $0)) }
    }

    /// What has come in so far.
    var frames: [HTTP2Frame] { Self.frames(in: client.received) }

    private static func frames(in received: SocketClient.Received) -> [HTTP2Frame] {
        var rest = received.bytes[...]
        var frames: [HTTP2Frame] = []
        while let frame = HTTP2Frame(takenFrom: &rest) { frames.append(frame) }
        return frames
    }
}
