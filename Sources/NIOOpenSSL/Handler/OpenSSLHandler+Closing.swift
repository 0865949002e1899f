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
            closePromise.join(promise)
            discardWrites(ChannelError.ioOnClosedChannel)
            closeChannel(context)
        case .sayGoodbye:
            closePromise.join(promise)
            sayGoodbye(context)
        case .awaitPeer:
            closePromise.join(promise)
            awaitEnd(context)
        case .join:
            closePromise.join(promise)
        }
    }

    private func closeOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        switch machine.closeOutput() {
        case .passOn:
            context.close(mode: .output, promise: promise)
        case .hold:
            writes.flush()
            closeOutputPromise.join(promise)
        case .sayGoodbye:
            closeOutputPromise.join(promise)
            writes.flush()
            sayGoodbye(context)
        case .sayGoodbyeAndClose:
            closePromise.join(promise)
            writes.flush()
            sayGoodbye(context)
        case .join:
            closePromise.join(promise)
        }
    }

    /// Sends what is flushed and close_notify. What follows, follows when all of it has left.
    func sayGoodbye(_ context: ChannelHandlerContext) {
        encryptFlushed(context)
        discardWrites(ChannelError.ioOnClosedChannel)
        connection?.sendCloseNotify()
        leave(with: buffers?.takeOutput() ?? ByteBuffer(), context)
    }

    /// Answers a peer that speaks no TLS in its own language, and closes.
    func answer(inPlainText answer: ByteBuffer, _ context: ChannelHandlerContext) {
        machine.answersInPlainText()
        discardWrites(ChannelError.ioOnClosedChannel)
        leave(with: answer, context)
    }

    /// Sends the last bytes of this side.
    private func leave(with bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolatedUnsafeUnchecked().whenSuccess {
            self.outputLeft(context)
        }
        needsFlush = false
        context.writeAndFlush(wrapOutboundOut(bytes), promise: left)
        awaitEnd(context)
    }

    private func outputLeft(_ context: ChannelHandlerContext) {
        switch machine.outputLeft() {
        case .none:
            return
        case .endOutput:
            context.close(mode: .output, promise: closeOutputPromise.take())
        case .close:
            closeChannel(context)
        }
    }

    /// While closing: gives data in flight, and the peer, some time.
    func awaitEnd(_ context: ChannelHandlerContext) {
        guard machine.state == .closing else { return }
        unsentBytes = .max
        startTimer(closeTimeout, context)
        // The peer's close_notify must be read, even if the channel's user has stopped reading.
        context.read()
    }

    /// Whether bytes have left since the last time this was asked. A slow peer is no dead one.
    func outputMoves(_ context: ChannelHandlerContext) -> Bool {
        let unsent = try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
        guard machine.state == .closing, let unsent, unsent > 0, unsent < unsentBytes else {
            return false
        }
        unsentBytes = unsent
        return true
    }

    /// Sends what the engine left, an alert most likely, tells of the error and closes. The machine is closed already.
    func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        stopTimer()
        unread = nil
        lastError = error
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
        context.close(promise: closePromise.take())
    }

    /// Completes the promises of those who asked for a close, now that the channel is closed.
    func completeClosePromises(_ reason: @autoclosure () -> any Error) {
        closeOutputPromise.take()?.fail(reason())
        closePromise.take()?.succeed(())
    }
}

extension EventLoopPromise<Void>? {
    /// Adds a promise that is to be completed together with this one.
    fileprivate mutating func join(_ promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        if let self {
            self.futureResult.cascade(to: promise)
        } else {
            self = promise
        }
    }

    /// Hands the promise over, to be completed once.
    fileprivate mutating func take() -> EventLoopPromise<Void>? {
        defer { self = nil }
        return self
    }
}
