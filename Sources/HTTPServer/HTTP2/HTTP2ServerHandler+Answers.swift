import NIOCore

// MARK: Answers

extension HTTP2ServerHandler {
    /// Has the answer of a stream sent at the end of this turn of the event loop.
    func respond(_ response: Response, on stream: HTTP2Stream) {
        guard let context else {
            response.onLoss?()
            return
        }
        if !isReading { now = context.eventLoop.now }
        stream.machine.answer(now: now)
        stream.hold(response)
        unsentAnswers += 1
        session.submit(response, date: resources.date(), on: stream)
        if !isReading { scheduleFlush() }
    }

    func answerMoved(_ stream: HTTP2Stream, count: Int, isLast: Bool) {
        machine.sent(count: count)
        guard !isLast else { return answerEnded(stream) }
        // All answers of the connection together have to be taken as fast as one of HTTP/1.1.
        stream.machine.took(count: count, of: Self.pieceSize / max(unsentAnswers, 1), now: now)
    }

    private func answerEnded(_ stream: HTTP2Stream) {
        unsentAnswers -= 1
        let delivery = stream.releaseAnswer()
        if !delivery.isUnwatched { deliveries.append(delivery) }
        if stream.machine.sent(until: now + timeouts.body) { declined.append(stream.id) }
        if !stream.machine.isComplete { setTimer(now + timeouts.body) }
    }

    /// Flushes once this turn of the event loop is over: many streams may have got their answers by then.
    func scheduleFlush() {
        guard let context, !isFlushScheduled else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute { [self] in
            isFlushScheduled = false
            if !isReading { flush() }
        }
    }

    /// Writes what there is to send, in pieces, each when the socket takes it.
    func flush() {
        guard !isFlushing else { return }
        isFlushing = true
        while let context, context.channel.isWritable, writePiece(context) {}
        isFlushing = false
        finish()
        updateTimer()
    }

    private func writePiece(_ context: ChannelHandlerContext) -> Bool {
        fillOutput()
        endForFault()
        if declineRest() || machine.isClosing { fillOutput() }
        let piece = takeOutput()
        guard piece.readableBytes > 0 else { return false }
        write(piece, context)
        return true
    }

    /// Adds what there is to say to the output, so much as one write takes.
    private func fillOutput() {
        if !isOutputBorrowed {
            swap(&session.output, &resources.scratch)
            session.output.clear()
            isOutputBorrowed = true
        }
        session.fill(upTo: Self.pieceSize, for: self)
    }

    /// Gives the event loop its buffer back.
    ///
    /// - Returns: what is in it.
    func takeOutput() -> ByteBuffer {
        let piece = session.output
        resources.scratch = piece
        session.output = ByteBuffer()
        isOutputBorrowed = false
        return piece
    }

    /// Has the session put into bytes what it has to say, while it still can. They leave at the end of the turn, or before if
    /// there are many.
    func fillAhead() {
        guard let context, !isFlushing, context.channel.isWritable else { return }
        isFlushing = true
        fillOutput()
        while session.isFull {
            write(takeOutput(), context)
            guard context.channel.isWritable else { break }
            fillOutput()
        }
        isFlushing = false
    }

    private func write(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
        guard !deliveries.isEmpty else { return context.writeAndFlush(wrapOutboundOut(piece), promise: nil) }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [deliveries] result in
            for delivery in deliveries { delivery.end(isLost: result.isLost) }
        }
        deliveries = []
        context.writeAndFlush(wrapOutboundOut(piece), promise: promise)
    }

    /// Tells callers to stop that still send their requests, have their answers, and had their time.
    private func declineRest() -> Bool {
        guard !declined.isEmpty else { return false }
        for id in declined { session.reset(id, .noError) }
        declined.removeAll(keepingCapacity: true)
        return true
    }

    /// Closes once the session has said all that it has to.
    private func finish() {
        guard let context, !isClosed else { return }
        if isInputEnded {
            // What the windows do not let through by now will never go out.
            if context.channel.isWritable { leave(.all, context) }
            return
        }
        guard session.isOver else { return }
        if !machine.isClosing { machine.end(now: now) }
        guard !session.wantsWrite else { return }
        leave(lingers ? .output : .all, context)
    }

    /// Closes the connection after everything that was written, for which a slow caller has its time.
    private func leave(_ mode: CloseMode, _ context: ChannelHandlerContext) {
        isClosed = true
        leavesUntil = now + timeouts.idle
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            leavesUntil = nil
            self.context?.close(mode: mode, promise: nil)
            updateTimer()
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }
}

// MARK: Time

extension HTTP2ServerHandler {
    /// Sees to it that a timer looks at the connection when its own limit is reached.
    func updateTimer() {
        if let limit = machine.limit { setTimer(limit) }
        if unsentAnswers > 0 { setTimer(now + timeouts.idle) }
    }

    /// Makes sure that a timer checks the connection at that time. One that fires before is set again by then, so that
    /// moving a limit further away costs nothing.
    func setTimer(_ limit: NIODeadline) {
        if context == nil { return }
        if let timerFires, timerFires <= limit { return }
        timerFires = limit
        resources.timers.set(self, to: limit)
    }

    func timerFired(now: NIODeadline) {
        guard let context else { return }
        timerFires = nil
        self.now = now
        for stream in streams {
            switch stream.machine.expire(now: now, timeouts) {
            case .reject: respond(stream.exchange.response(to: .timedOut), on: stream)
            // A caller that reads nothing cannot be notified either.
            case .giveUp where !context.channel.isWritable: return context.close(promise: nil)
            case .giveUp: session.reset(stream.id, .cancel)
            case .decline: session.reset(stream.id, .noError)
            case nil: if let limit = stream.machine.limit(timeouts) { setTimer(limit) }
            }
        }
        if let leavesUntil, now < leavesUntil { return setTimer(leavesUntil) }
        switch machine.expire(now: now) {
        case .none, .announce: break
        case .refuseFurther: refuseFurther()
        case .end(let code): end(code)
        case .close: return context.close(promise: nil)
        }
        flush()
    }
}
