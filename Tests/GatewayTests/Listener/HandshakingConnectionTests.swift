import HysteriaStats
import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("A connection is handshaking until its handshake is complete")
struct HandshakingConnectionTests {
    private let loop = EmbeddedEventLoop()
    private let worker: Worker
    private let server: EmbeddedChannel
    private let address: SocketAddress

    init() throws {
        let state = try ServingState(
            configuration: try ConfigurationFixture.load(ConfigurationFixture.minimal),
            identities: TLSIdentitySet([TLSIdentity.throwaway(names: ["localhost"])])
        )
        worker = Worker(
            eventLoop: loop,
            state: state,
            clock: WallClock { 1_000 },
            accessLog: nil,
            logger: CapturedLog().logger
        )
        server = EmbeddedChannel(loop: loop)
        address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        let handshake = HandshakingConnection(server, worker)
        try server.pipeline.syncOperations.addHandler(
            OpenSSLServerHandler(context: state.listeners[0].context, observer: handshake)
        )
        worker.handshakes.append(handshake)
        server.connect(to: address, promise: nil)
    }

    private var speaksHTTP: Bool {
        (try? server.pipeline.syncOperations.handler(type: HTTP1ServerHandler.self)) != nil
    }

    private func carry(from sender: EmbeddedChannel, to receiver: EmbeddedChannel) throws {
        while let bytes = try sender.readOutbound(as: ByteBuffer.self) { try receiver.writeInbound(bytes) }
    }

    @Test("then HTTP is spoken on it, and it is counted out")
    func completed() throws {
        let client = EmbeddedChannel(loop: loop)
        try client.pipeline.syncOperations.addHandler(
            OpenSSLClientHandler(context: TLSContext.client(trust: .unverified), serverName: "localhost")
        )
        client.connect(to: address, promise: nil)
        try carry(from: client, to: server)
        try carry(from: server, to: client)
        #expect(!speaksHTTP, "the client's Finished is still to come")
        #expect(worker.handshakes.count == 1)
        #expect(worker.registry.count == 1)
        try carry(from: client, to: server)
        #expect(speaksHTTP)
        #expect(worker.handshakes.count == 0)
        #expect(worker.registry.count == 1)
        _ = try? server.finish(acceptAlreadyClosed: true)
        _ = try? client.finish(acceptAlreadyClosed: true)
        #expect(worker.registry.count == 0)
    }

    @Test("or until it ends, however it ends", arguments: ["closed", "gibberish", "timeout", "drain"])
    func ended(how: String) throws {
        switch how {
        case "closed": server.pipeline.close(promise: nil)
        case "gibberish": _ = try? server.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        case "timeout": loop.advanceTime(by: .seconds(11))
        default:
            worker.registry.drain {}
            loop.advanceTime(by: .milliseconds(2900))
            #expect(worker.registry.count == 1, "a handshake under way may come to its end")
            loop.advanceTime(by: .milliseconds(200))
        }
        loop.run()
        #expect(worker.handshakes.count == 0)
        #expect(worker.registry.count == 0)
        #expect(!speaksHTTP)
        _ = try? server.finish(acceptAlreadyClosed: true)
    }
}
