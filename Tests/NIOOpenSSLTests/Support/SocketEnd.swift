import NIOCore

/// The first handler of a channel: stands for the socket where an `EmbeddedChannel` does not behave like one.
final class SocketEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// This side has ended its direction.
    private(set) var outputEnded = false
    /// The peer does not read: nothing leaves.
    var isStuck = false

    /// Called once, after the next write was passed on, as a channel calls back that is full or fails.
    var afterWrite: (() -> Void)?

    private(set) var writes = 0
    private(set) var flushes = 0
    private(set) var reads = 0
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        writes += 1
        context.write(data, promise: promise)
        let afterWrite = afterWrite
        self.afterWrite = nil
        afterWrite?()
    }

    func flush(context: ChannelHandlerContext) {
        flushes += 1
        if !isStuck {
            context.flush()
        }
    }

    func read(context: ChannelHandlerContext) {
        reads += 1
        context.read()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output:
            outputEnded = true
            promise?.succeed(())
            context.fireUserInboundEventTriggered(ChannelEvent.outputClosed)
        case .all, .input:
            outputEnded = true
            context.close(mode: mode, promise: promise)
        }
    }

    /// Lets go of what was stuck.
    func flushNow() {
        context?.flush()
    }

    /// The peer has ended its direction: tells it, or closes, as a socket's channel does.
    func endInput(halfClosureAllowed: Bool) {
        if halfClosureAllowed {
            context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            context?.close(promise: nil)
        }
    }
}
