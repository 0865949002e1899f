import NIOCore

/// Stands where the socket would: counts what the handlers ask of it, and holds writes back if it is told to.
final class OutboundRecorder: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private(set) var reads = 0
    private(set) var flushes = 0
    private(set) var closedOutput = false
    /// How large the pieces were that were written, in bytes.
    private(set) var writes: [Int] = []
    /// Fails what is written, as a socket does whose peer is gone.
    var failsWrites = false
    /// Sends nothing, as a socket does whose peer reads nothing.
    var isStuck = false
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// Sends what was held back.
    func release() {
        isStuck = false
        context?.flush()
    }

    func read(context: ChannelHandlerContext) {
        reads += 1
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = Self.unwrapOutboundIn(data)
        writes.append(bytes.readableBytes)
        if failsWrites {
            promise?.fail(ChannelError.ioOnClosedChannel)
        } else {
            context.write(Self.wrapOutboundOut(bytes), promise: promise)
        }
    }

    func flush(context: ChannelHandlerContext) {
        flushes += 1
        if !isStuck { context.flush() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output {
            closedOutput = true
            promise?.succeed(())
        } else {
            context.close(mode: mode, promise: promise)
        }
    }
}
