import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("A connection counts as handshaking until its handshake is complete")
struct HandshakeWatchTests {
    private let limiter = ConnectionLimiter(connections: 10, connectionsPerAddress: 10, handshakes: 1)

    private var hasRoom: Bool {
        guard (try? limiter.admit(nil, isHandshaking: true)) != nil else { return false }
        limiter.handshakeEnded()
        limiter.release(nil)
        return true
    }

    @Test func theWatchEndsWithTheHandshakeAndLeavesThePipeline() throws {
        let identity = try TLSIdentity.throwaway(names: ["localhost"])
        let server = EmbeddedChannel()
        let client = EmbeddedChannel()
        try limiter.admit(nil, isHandshaking: true)
        try server.pipeline.syncOperations.addHandlers(
            OpenSSLServerHandler(context: TLSContext.server(identity: identity)),
            HandshakeWatch(limiter)
        )
        try client.pipeline.syncOperations.addHandler(
            OpenSSLClientHandler(context: TLSContext.client(trust: .unverified), serverName: "localhost")
        )
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        server.connect(to: address, promise: nil)
        client.connect(to: address, promise: nil)

        try carry(from: client, to: server)
        try carry(from: server, to: client)
        #expect(!hasRoom, "the client's Finished is still to come")
        try carry(from: client, to: server)
        #expect(hasRoom)
        #expect(throws: ChannelPipelineError.notFound) {
            try server.pipeline.syncOperations.handler(type: HandshakeWatch.self)
        }
        _ = try? server.finish(acceptAlreadyClosed: true)
        _ = try? client.finish(acceptAlreadyClosed: true)
    }

    @Test func otherEventsDoNotEndIt() throws {
        try limiter.admit(nil, isHandshaking: true)
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(HandshakeWatch(limiter))
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!hasRoom)
        _ = try channel.finish()
    }

    @Test func aHandshakeIsCountedOutOnce() throws {
        try limiter.admit(nil, isHandshaking: true)
        let watch = HandshakeWatch(limiter)
        for _ in 0..<3 { watch.end() }
        try limiter.admit(nil, isHandshaking: true)
        #expect(!hasRoom)
    }

    private func carry(from sender: EmbeddedChannel, to receiver: EmbeddedChannel) throws {
        while let bytes = try sender.readOutbound(as: ByteBuffer.self) { try receiver.writeInbound(bytes) }
    }
}
