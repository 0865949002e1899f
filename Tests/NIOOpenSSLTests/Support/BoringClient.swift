import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// A client on a real socket whose TLS is swift-nio-ssl's.
struct BoringClient {
    private let inbound: AsyncThrowingStream<ByteBuffer, any Error>
    let channel: any Channel

    static func connect(to port: Int, _ context: NIOSSLContext) async throws -> BoringClient {
        let (inbound, feed) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: "localhost")
                    try channel.pipeline.syncOperations.addHandlers([tls, FeedHandler(feed: feed)])
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return BoringClient(inbound: inbound, channel: channel)
    }

    /// Sends `bytes` and returns as many as come back.
    func echo(_ bytes: ByteBuffer) async throws -> ByteBuffer {
        async let sent: Void = channel.writeAndFlush(bytes)
        let received = try await receive(bytes.readableBytes)
        try await sent
        return received
    }

    /// Sends `bytes`, ends this direction, and returns all that comes back until the end.
    func echoUntilEnd(_ bytes: ByteBuffer) async throws -> ByteBuffer {
        // Called one after the other, so that the event loop sees them in this order.
        let sent: EventLoopFuture<Void> = channel.writeAndFlush(bytes)
        let ended: EventLoopFuture<Void> = channel.close(mode: .output)
        let received = try await receive(.max)
        try await sent.get()
        try await ended.get()
        return received
    }

    /// At least `count` bytes, or all that come until the end.
    func receive(_ count: Int) async throws -> ByteBuffer {
        var received = ByteBuffer()
        for try await var part in inbound {
            received.writeBuffer(&part)
            if received.readableBytes >= count {
                break
            }
        }
        return received
    }

    /// What the handshake agreed on.
    func applicationProtocol() async throws -> String? {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: FeedHandler.self).applicationProtocol
        }.get()
    }

    /// Closes, with close_notify in both directions.
    func close() async throws {
        try await channel.close()
    }
}

/// Hands what comes in to an asynchronous sequence.
final class FeedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var applicationProtocol: String?
    private let feed: AsyncThrowingStream<ByteBuffer, any Error>.Continuation

    init(feed: AsyncThrowingStream<ByteBuffer, any Error>.Continuation) {
        self.feed = feed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        feed.yield(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let negotiated) = event {
            applicationProtocol = negotiated
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        feed.finish(throwing: error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        feed.finish()
    }
}
