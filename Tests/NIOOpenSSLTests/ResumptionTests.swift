import COpenSSL
import NIOCore
import NIOOpenSSL
import Testing

@Suite("Resumption")
struct ResumptionTests {
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func aTicketResumesTheSessionOnAnotherConnectionOfTheContext(version: CInt) throws {
        let context = try Fixtures.server()
        let first = try connect(context, version)
        #expect(first.isResumed == false)
        let second = try connect(context, version, resuming: first.session)
        #expect(second.isResumed == true)
        let third = try connect(context, version, resuming: second.session)
        #expect(third.isResumed == true)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func anotherContextDoesAFullHandshake(version: CInt) throws {
        let first = try connect(Fixtures.server(), version)
        let second = try connect(Fixtures.server(), version, resuming: first.session)
        #expect(second.isResumed == false)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func withoutTicketsEveryHandshakeIsAFullOne(version: CInt) throws {
        var configuration = NIOOpenSSL.TLSConfiguration.intermediate()
        configuration.sessionTickets = false
        let context = try Fixtures.server(configuration)
        let first = try connect(context, version)
        let second = try connect(context, version, resuming: first.session)
        #expect(second.isResumed == false)
    }

    private func connect(
        _ context: TLSContext,
        _ version: CInt,
        resuming session: RawSession? = nil
    ) throws -> (isResumed: Bool?, session: RawSession) {
        let server = try ServerChannel(context)
        defer { server.drop() }
        let peer = try RawPeer(oldest: version, newest: version, resuming: session)
        #expect(try peer.handshake(with: server.channel))
        // The ticket of TLS 1.3 is behind the handshake: it is read with the first data.
        server.channel.writeAndFlush(ByteBuffer(string: "data"), promise: nil)
        try peer.exchange(with: server.channel)
        #expect(peer.read() == "data")
        return (server.recorder.handshake?.isResumed, try peer.session())
    }
}
