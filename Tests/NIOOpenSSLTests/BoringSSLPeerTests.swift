import NIOCore
import NIOOpenSSL
import NIOPosix
import NIOSSL
import Testing

/// Real sockets, and BoringSSL at the other end.
@Suite("A BoringSSL client on a real socket")
struct BoringSSLPeerTests {
    @Test(arguments: [NIOSSL.TLSVersion.tlsv12, .tlsv13])
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
}
