import NIOCore
import NIOOpenSSL
import NIOPosix

/// A TLS server on a real socket that sends back what it gets.
struct EchoServer {
    let channel: any Channel

    var port: Int {
        channel.localAddress?.port ?? 0
    }

    static func start(_ context: TLSContext, halfClosure: Bool = false) async throws -> EchoServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: halfClosure)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        // On a busy machine the default limits are met now and then.
                        OpenSSLServerHandler(
                            context: context,
                            handshakeTimeout: .minutes(5),
                            closeTimeout: .minutes(5)
                        ),
                        EchoHandler(),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return EchoServer(channel: channel)
    }

    func stop() async throws {
        try await channel.close()
    }
}

/// Sends back what it gets; ends its direction when the peer has.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            context.close(mode: .output, promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
