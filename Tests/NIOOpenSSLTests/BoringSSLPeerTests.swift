import NIOCore
import NIOOpenSSL
import NIOPosix
import NIOSSL
import Testing

/// Real sockets, and BoringSSL at the other end.
@Suite("A BoringSSL client on a real socket")
struct BoringSSLPeerTests {
    @Test("gets its bytes back", arguments: [NIOSSL.TLSVersion.tlsv12, .tlsv13])
    func getsItsBytesBack(version: NIOSSL.TLSVersion) async throws {
        let server = try await EchoServer.start(Fixtures.server())
        let context = try Fixtures.boringClient(version: version)
        let client = try await BoringClient.connect(to: server.port, context)
        for size in [1, 100, 16_384, 16_385, 1_000_000] {
            let sent = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            #expect(try await client.echo(sent) == sent)
        }
        try await client.close()
        try await server.stop()
    }

    @Test("agrees on an application protocol", arguments: [NIOSSL.TLSVersion.tlsv12, .tlsv13])
    func agreesOnAnApplicationProtocol(version: NIOSSL.TLSVersion) async throws {
        let server = try await EchoServer.start(
            Fixtures.server(.intermediate(applicationProtocols: ["h2", "http/1.1"]))
        )
        let context = try Fixtures.boringClient(version: version, protocols: ["http/1.1"])
        let client = try await BoringClient.connect(to: server.port, context)
        let sent = ByteBuffer(string: "hello")
        #expect(try await client.echo(sent) == sent)
        #expect(try await client.applicationProtocol() == "http/1.1")
        try await client.close()
        try await server.stop()
    }

    @Test("without a common protocol is refused")
    func withoutACommonProtocolIsRefused() async throws {
        let server = try await EchoServer.start(Fixtures.server(.intermediate(applicationProtocols: ["h2"])))
        let client = try await BoringClient.connect(to: server.port, Fixtures.boringClient(protocols: ["spdy/3"]))
        let error = await #expect(throws: (any Error).self) { try await client.echo(ByteBuffer(string: "x")) }
        #expect("\(error.map { "\($0)" } ?? "")".uppercased().contains("NO_APPLICATION_PROTOCOL"))
        try await server.stop()
    }

    @Test("ends its direction and still gets everything", arguments: [NIOSSL.TLSVersion.tlsv12, .tlsv13])
    func endsItsDirectionAndStillGetsEverything(version: NIOSSL.TLSVersion) async throws {
        let server = try await EchoServer.start(Fixtures.server(), halfClosure: true)
        let context = try Fixtures.boringClient(version: version)
        let client = try await BoringClient.connect(to: server.port, context)
        let sent = ByteBuffer(repeating: 9, count: 2_000_000)
        #expect(try await client.echoUntilEnd(sent) == sent)
        try await server.stop()
    }

    @Test("opens and closes many connections")
    func opensAndClosesManyConnections() async throws {
        let server = try await EchoServer.start(Fixtures.server())
        let context = try Fixtures.boringClient()
        let port = server.port
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let client = try await BoringClient.connect(to: port, context)
                    let sent = ByteBuffer(string: "connection \(number)")
                    #expect(try await client.echo(sent) == sent)
                    try await client.close()
                }
            }
            try await group.waitForAll()
        }
        try await server.stop()
    }

    @Test("that never reads gets all once it does")
    func thatNeverReadsGetsAllOnceItDoes() async throws {
        let server = try await EchoServer.start(Fixtures.server())
        let client = try await BoringClient.connect(to: server.port, Fixtures.boringClient())
        try await client.channel.setOption(.autoRead, value: false).get()
        let sent = ByteBuffer(repeating: 3, count: 4_000_000)
        async let written: Void = client.channel.writeAndFlush(sent)
        try await client.channel.setOption(.autoRead, value: true).get()
        #expect(try await client.receive(sent.readableBytes) == sent)
        try await written
        try await client.close()
        try await server.stop()
    }
}
