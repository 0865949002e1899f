import NIOCore
import NIOOpenSSL

/// Counts a connection as handshaking until its handshake is complete or it has ended, whichever is first.
///
/// It leaves the pipeline with the handshake, so that requests do not pass through it.
final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var limiter: ConnectionLimiter?

    /// - Parameter limiter: what admitted the connection as handshaking.
    init(_ limiter: ConnectionLimiter) {
        self.limiter = limiter
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is TLSHandshakeCompleted else { return context.fireUserInboundEventTriggered(event) }
        end()
        context.fireUserInboundEventTriggered(event)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// Counts the handshake out, the first time.
    func end() {
        limiter?.handshakeEnded()
        limiter = nil
    }
}
