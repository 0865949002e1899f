import LoopTimers
import NIOCore
import NIOOpenSSL

/// Serves HTTP/2 on one TLS connection: the channel's side of an ``HTTP2Connection``, which is given the bytes that arrive, and
/// whose bytes are written when the socket takes them.
///
/// What all streams have to say in one turn of the event loop leaves in one write, and so in as few TLS records as it fits.
final class HTTP2ServerHandler: ChannelDuplexHandler, Connection, LoopTimer {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// How much goes out in one write.
    static let pieceSize = HTTP2Connection.pieceSize

    private let connection: HTTP2Connection
    private let resources: HTTPLoopResources
    private let timeouts: HTTPTimeouts
    private let registry: ConnectionRegistry
    private var context: ChannelHandlerContext?
    private var isReading = false
    private var isFlushing = false
    private var isFlushScheduled = false
    /// Whether the rest of the answers waits for other connections to have their turn.
    private var awaitsTurn = false
    /// What has arrived and has to wait; see ``HTTP2Connection/prepareForFrame()``.
    private var waitingInput = ByteBuffer()
    private var isReadHeld = false
    private var isClosed = false
    /// While the last bytes have to leave, until when they may.
    private var leavesUntil: NIODeadline?
    /// Whether the caller has ended its side.
    private var isInputEnded = false
    var timerPosition = LoopTimerPosition.unset
    private var timerFires: NIODeadline?

    /// - Parameters:
    ///   - peerCertificate: what the caller has shown in the handshake.
    ///   - makeExchange: makes one of the exchanges that are to serve this connection.
    init(
        resources: HTTPLoopResources,
        registry: ConnectionRegistry,
        timeouts: HTTPTimeouts,
        eventLoop: any EventLoop,
        peerCertificate: TLSPeerCertificate?,
        session: HTTP2Session = HTTP2Session(),
        makeExchange: @escaping () -> any Exchange
    ) {
        self.resources = resources
        self.registry = registry
        self.timeouts = timeouts
        connection = HTTP2Connection(
            session,
            resources: resources,
            timeouts: timeouts,
            now: eventLoop.now,
            peerCertificate: peerCertificate,
            makeExchange: makeExchange
        )
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.begin(on: self)
        registry.add(self)
        // The settings go first, together with what there is to say by then.
        scheduleFlush()
        updateTimer()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !connection.isClosing else { return }
        var bytes = unwrapInboundIn(data)
        isReading = true
        connection.now = context.eventLoop.now
        if waitingInput.readableBytes > 0 {
            waitingInput.writeBuffer(&bytes)
        } else {
            connection.receive(&bytes)
            // What it lies in belongs to the event loop.
            if bytes.readableBytes > 0 { waitingInput.writeBuffer(&bytes) }
        }
    }

    func read(context: ChannelHandlerContext) {
        if waitingInput.readableBytes > 0 {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        takeWaitingInput()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection.now = context.eventLoop.now
        flush()
        if !isReading { takeWaitingInput() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            // The caller is taken to be gone, but for the answers that there are and that its windows let through.
            isInputEnded = true
            connection.now = context.eventLoop.now
            flush()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.closeUnlessInputEnded(by: error)
    }

    /// Goes on with input that had to wait for the caller to take its answers.
    private func takeWaitingInput() {
        while context != nil, mayWrite, waitingInput.readableBytes > 0 {
            var bytes = waitingInput
            waitingInput = ByteBuffer()
            isReading = true
            if !connection.isClosing { connection.receive(&bytes) }
            isReading = false
            if !connection.isClosing { waitingInput = bytes }
            flush()
        }
        if isReadHeld, waitingInput.readableBytes == 0 {
            isReadHeld = false
            context?.read()
        }
    }

    // MARK: Output

    /// Flushes once this turn of the event loop is over: many streams may have got their answers by then.
    private func scheduleFlush() {
        guard let context, !isFlushScheduled else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute { [self] in
            isFlushScheduled = false
            if !isReading { flush() }
        }
    }

    /// Writes what there is to send, in pieces, each when the socket takes it.
    private func flush() {
        guard !isFlushing else { return }
        isFlushing = true
        while let context, context.channel.isWritable, mayGoOn(), let piece = connection.nextPiece() {
            write(piece, context)
        }
        isFlushing = false
        finish()
        updateTimer()
    }

    /// Whether another piece may go out in this turn of the event loop; if not, this goes on when others have had theirs.
    private func mayGoOn() -> Bool {
        guard !awaitsTurn, !resources.output.isOpen else { return !awaitsTurn }
        awaitsTurn = true
        resources.output.wait(self)
        return false
    }

    private func write(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
        resources.output.sent(piece.readableBytes)
        let deliveries = connection.takeDeliveries()
        guard !deliveries.isEmpty else { return context.writeAndFlush(wrapOutboundOut(piece), promise: nil) }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [channel = context.channel] result in
            for delivery in deliveries { delivery.written(isLost: result.isLost, to: channel) }
        }
        context.writeAndFlush(wrapOutboundOut(piece), promise: promise)
    }

    // MARK: The end

    func drain() {
        guard let context else { return }
        connection.now = context.eventLoop.now
        connection.drain()
        flush()
    }

    func closeNow() {
        context?.close(promise: nil)
    }

    private func end() {
        guard context != nil else { return }
        context = nil
        resources.timers.cancel(self)
        registry.remove(self)
        connection.abandon()
    }

    /// Closes once the connection has said all that it has to.
    private func finish() {
        guard let context, !isClosed else { return }
        if isInputEnded {
            // What the windows do not let through by now will never go out.
            if context.channel.isWritable, !awaitsTurn { leave(.all, context) }
            return
        }
        if connection.hasSaidAll() { leave(connection.lingers ? .output : .all, context) }
    }

    /// Closes the connection after everything that was written, for which a slow caller has its time.
    private func leave(_ mode: CloseMode, _ context: ChannelHandlerContext) {
        isClosed = true
        leavesUntil = connection.now + timeouts.idle
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            leavesUntil = nil
            self.context?.close(mode: mode, promise: nil)
            updateTimer()
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    // MARK: Time

    private func updateTimer() {
        if let limit = connection.limit { setTimer(limit) }
    }

    func timerFired(now: NIODeadline) {
        guard let context else { return }
        timerFires = nil
        connection.now = now
        guard connection.expireStreams(isWritable: context.channel.isWritable) else {
            return context.close(promise: nil)
        }
        if let leavesUntil, now < leavesUntil { return setTimer(leavesUntil) }
        guard connection.expire() else { return context.close(promise: nil) }
        flush()
    }
}

extension HTTP2ServerHandler: OutputWaiter {
    func outputMayGoOn() {
        awaitsTurn = false
        guard let context else { return }
        connection.now = context.eventLoop.now
        // Before the end of a caller who has ended its side.
        if !isReading { takeWaitingInput() }
        flush()
    }
}

extension HTTP2ServerHandler: HTTP2ConnectionChannel {
    var mayWrite: Bool { context?.channel.isWritable != false && !awaitsTurn }

    var remoteAddress: SocketAddress? { context?.channel.remoteAddress }

    func answerDecided() {
        guard let context, !isReading else { return }
        connection.now = context.eventLoop.now
        scheduleFlush()
    }

    func flushAhead(isLast: Bool) {
        guard !isFlushing else { return }
        isFlushing = true
        while let context, context.channel.isWritable, isLast || mayGoOn(), let piece = connection.nextWholePiece() {
            write(piece, context)
        }
        isFlushing = false
    }

    /// One that fires before is set again by then, so that moving a limit further away costs nothing.
    func setTimer(_ limit: NIODeadline) {
        if context == nil { return }
        if let timerFires, timerFires <= limit { return }
        timerFires = limit
        resources.timers.set(self, to: limit)
    }
}
