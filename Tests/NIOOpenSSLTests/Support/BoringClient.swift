import NIOCore
import NIOPosix
import NIOSSL

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
        var received = ByteBuffer()
        for try await var part in inbound {
            received.writeBuffer(&part)
            if received.readableBytes >= bytes.readableBytes {
                break
            }
        }
        try await sent
        return received
    }

    /// Closes, with close_notify in both directions.
    func close() async throws {
        try await channel.close()
    }
}

/// Hands what comes in to an asynchronous sequence.
final class FeedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let feed: AsyncThrowingStream<ByteBuffer, any Error>.Continuation

    init(feed: AsyncThrowingStream<ByteBuffer, any Error>.Continuation) {
        self.feed = feed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        feed.yield(unwrapInboundIn(data))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        feed.finish(throwing: error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        feed.finish()
    }
}
