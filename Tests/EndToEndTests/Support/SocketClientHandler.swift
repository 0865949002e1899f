import NIOCore
import NIOSSL
import NIOTLS

/// Writes down what comes in on a ``SocketClient``'s connection.
final class SocketClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let observed: Observed<SocketClient.Received>

    init(_ observed: Observed<SocketClient.Received>) {
        self.observed = observed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        observed.update { $0.bytes += buffer.readableBytesView }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            let version = handler?.tlsVersion
            observed.update { $0.version = version }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        observed.update { $0.error = $0.error ?? "\(error)" }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        observed.update { $0.isClosed = true }
        context.fireChannelInactive()
    }
}
