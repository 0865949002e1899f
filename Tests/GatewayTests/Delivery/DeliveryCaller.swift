import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import NIOPosix

@testable import Gateway

/// A caller over a real socket that says what a sequence says, and reads until the gateway ends the connection.
enum DeliveryCaller {
    /// - Parameter address: where it calls from, by which its lines in the access log are known.
    static func call(
        _ sequence: DeliverySequence,
        from address: String,
        to port: Int,
        _ contexts: [TLSContext],
        on group: any EventLoopGroup
    ) async throws -> [UInt8] {
        let received = NIOLockedValueBox<[UInt8]>([])
        let channel = try await ClientBootstrap(group: group)
            .bind(to: SocketAddress(ipAddress: address, port: 0))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let context: TLSContext? =
                        switch sequence.way {
                        case .plain: nil
                        case .secure: contexts[0]
                        case .http2: contexts[1]
                        }
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(
                            OpenSSLClientHandler(context: context, serverName: "localhost")
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(received))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // The gateway may have ended the connection by then, which is for what has arrived to say.
        for segment in sequence.segments { try? await channel.writeAndFlush(ByteBuffer(bytes: segment)) }
        if sequence.endsInput { try? await channel.close(mode: .output) }
        try await channel.closeFuture.get()
        return received.withLockedValue { $0 }
    }

    /// Keeps what arrives.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let received: NIOLockedValueBox<[UInt8]>

        init(_ received: NIOLockedValueBox<[UInt8]>) {
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Self.unwrapInboundIn(data)
            received.withLockedValue { $0 += bytes.readableBytesView }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
