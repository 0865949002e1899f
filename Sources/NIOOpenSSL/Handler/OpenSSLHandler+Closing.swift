import NIOCore

// MARK: The end

extension OpenSSLHandler {
    /// Ends TLS and then the channel, or one direction of both.
    public func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .input:
            promise?.fail(ChannelError.operationUnsupported)
        case .output:
            closeOutput(context, promise)
        case .all:
            closeAll(context, promise)
        }
    }

    private func closeAll(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        switch machine.closeAll() {
        case .passOn:
            context.close(promise: promise)
        case .closeNow:
            join(promise)
            discardWrites(ChannelError.ioOnClosedChannel)
            closeChannel(context)
        case .sayGoodbye:
            join(promise)
            discardWrites(ChannelError.ioOnClosedChannel)
            connection?.sendCloseNotify()
            sendCloseNotify(context, promise: nil)
            awaitPeer(context)
        case .awaitPeer:
            join(promise)
            awaitPeer(context)
        case .finish:
            join(promise)
            discardWrites(ChannelError.ioOnClosedChannel)
            finish(context)
        case .join:
            join(promise)
        }
    }

    private func closeOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        switch machine.closeOutput() {
        case .passOn:
            context.close(mode: .output, promise: promise)
        case .hold:
            writes.flush()
            join(promise)
        case .closeOutput:
            join(promise)
            endOutput(context)
        case .finish:
            join(promise)
            finish(context)
        case .join:
            join(promise)
        }
    }

    /// Sends what was written and close_notify, and ends this direction of TCP.
    func endOutput(_ context: ChannelHandlerContext) {
        writes.flush()
        encryptFlushed(context)
        connection?.sendCloseNotify()
        sendCloseNotify(context, promise: nil)
        let promise = closePromise
        closePromise = nil
        context.close(mode: .output, promise: promise)
    }

    /// Sends what is flushed and close_notify, and closes the channel as soon as all of it has left.
    func finish(_ context: ChannelHandlerContext) {
        encryptFlushed(context)
        discardWrites(ChannelError.ioOnClosedChannel)
        connection?.sendCloseNotify()
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in
            if self.machine.finished() {
                self.closeChannel(context)
            }
        }
        sendCloseNotify(context, promise: left)
        if machine.state == .closing {
            // The peer does not read what is under way to it. It gets some time.
            startTimer(closeTimeout, context)
        }
    }

    /// Ends this direction of TCP and leaves the rest to the peer, for a time.
    private func awaitPeer(_ context: ChannelHandlerContext) {
        guard machine.state == .closing else {
            return
        }
        startTimer(closeTimeout, context)
        context.close(mode: .output, promise: nil)
        if machine.state == .closing {
            context.read()
        }
    }

    private func sendCloseNotify(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        needsFlush = false
        context.writeAndFlush(wrapOutboundOut(buffers?.takeOutput() ?? ByteBuffer()), promise: promise)
    }

    /// Sends what the engine left, an alert most likely, tells of the error and closes. The machine is closed already.
    func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        stopTimer()
        unread = nil
        if let alert = buffers?.takeOutput() {
            needsFlush = true
            context.write(wrapOutboundOut(alert), promise: nil)
        }
        flushIfNeeded(context)
        discardWrites(error)
        context.fireErrorCaught(error)
        closeChannel(context)
    }

    /// Closes the channel. TLS has done its part, or cannot.
    func closeChannel(_ context: ChannelHandlerContext) {
        stopTimer()
        let promise = closePromise
        closePromise = nil
        context.close(promise: promise)
    }

    /// Completes `promise` together with those that wait for the same end.
    private func join(_ promise: EventLoopPromise<Void>?) {
        guard let promise else {
            return
        }
        if let closePromise {
            closePromise.futureResult.cascade(to: promise)
        } else {
            closePromise = promise
        }
    }
}
