import LoopTimers
import NIOCore

/// TLS for a channel: ciphertext on the channel's side, plaintext on the other. The common part of server and client.
///
/// Events that it fires: ``TLSHandshakeCompleted`` as a user inbound event, unless a ``TLSHandshakeObserver`` is told of it,
/// ``TLSError`` through `errorCaught`, and `ChannelEvent.inputClosed` when the peer ended its direction and the channel allows
/// half closure.
///
/// The bytes that it hands on share storage with what comes later. Who keeps some of them for long, such as an unfinished
/// request, should copy them.
///
/// **Closing.** `close(mode: .all)` sends close_notify after all that was flushed, ends this direction of the TCP
/// connection when that has left, and closes the channel when the peer has ended the other direction, or when nothing
/// has moved for the close timeout. So the last bytes reach a slow peer, and an absent one costs little. What comes in
/// meanwhile is dropped; a write that was not flushed fails. Before the handshake is complete, the channel closes at
/// once.
///
/// `close(mode: .output)` flushes, sends close_notify and ends this direction only, after the handshake if need be.
///
/// A peer's close_notify is answered in kind, and the channel closed, unless the channel allows half closure. In this case
/// `ChannelEvent.inputClosed` is fired and closing is up to the user of the channel. A peer that ends TCP without close_notify gets
/// none from `close(mode: .all)` if all that was written for it has left by then: the channel closes at once.
///
/// **Memory.** A server's channel reads into memory that all channels of its event loop share; see ``ReceiveAllocator``.
public class OpenSSLHandler: ChannelDuplexHandler, LoopTimer {
    /// Ciphertext from the channel.
    public typealias InboundIn = ByteBuffer
    /// Plaintext for the next handler.
    public typealias InboundOut = ByteBuffer
    /// Plaintext from the next handler.
    public typealias OutboundIn = ByteBuffer
    /// Ciphertext for the channel.
    public typealias OutboundOut = ByteBuffer

    private let tlsContext: TLSContext
    private let handshakeTimeout: TimeAmount
    private let closeTimeout: TimeAmount

    private var machine = TLSStateMachine()
    private var inbound = InboundCiphertext()
    private var writes = PendingWrites()
    private var closePromises = ClosePromises()
    private var observation: TLSHandshakeObservation
    /// Whether the channel has ciphertext that it is still to be told to send.
    private var needsFlush = false

    /// The engine. A server's begins with the first bytes of the client, so that silent connections cost little. Tests look at
    /// what it owns.
    private(set) var connection: TLSConnection?

    /// The timers of the event loop, and where this handler's stands among them.
    private var timers: LoopTimers?
    package var timerPosition = LoopTimerPosition.unset
    private var context: ChannelHandlerContext?

    init(
        context: TLSContext,
        handshakeTimeout: TimeAmount,
        closeTimeout: TimeAmount,
        observer: (any TLSHandshakeObserver)? = nil
    ) {
        tlsContext = context
        observation = TLSHandshakeObservation(by: observer)
        self.handshakeTimeout = handshakeTimeout
        self.closeTimeout = closeTimeout
    }

    /// A name for the server, for a client that has one.
    var serverName: String? { nil }

    // MARK: Life

    /// Begins the handshake if the channel is active already.
    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        timers = LoopTimers.of(context.eventLoop)
        if tlsContext.role == .server { ReceiveAllocator.install(on: context.channel) }
        if context.channel.isActive { begin(context) }
    }

    /// Frees the engine; what was not sent fails.
    public func handlerRemoved(context: ChannelHandlerContext) {
        _ = machine.failed()
        timers?.cancel(self)
        discardWrites(ChannelError.ioOnClosedChannel)
        self.context = nil
        let outcome = observation.outcome(sentBytes: connection != nil || inbound.hasUnread)
        connection = nil
        closePromises.takeAll().channelClosed(ChannelError.ioOnClosedChannel)
        observation.end()?.handshakeEnded(outcome)
    }

    /// Begins the handshake.
    public func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        begin(context)
    }

    /// Reports an end that cut something off, and fails what was not sent.
    public func channelInactive(context: ChannelHandlerContext) {
        let error = machine.channelInactive()
        timers?.cancel(self)
        if let error {
            observation.failed(error)
            context.fireErrorCaught(error)
        }
        discardWrites(error ?? ChannelError.ioOnClosedChannel)
        closePromises.takeAll().channelClosed(error ?? ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard machine.channelActive() else { return }
        timers?.set(self, to: context.eventLoop.now + handshakeTimeout)
        if tlsContext.role == .client {
            process(ByteBuffer(), context)
            flushIfNeeded(context)
        }
    }

    // MARK: Bytes from the peer

    /// Decrypts what came and hands it on. A server's first bytes are kept until all is there that has arrived with them: the
    /// channel reads few at first, and what is no TLS is answered as a whole.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard connection == nil, tlsContext.role == .server else { return process(bytes, context) }
        if !inbound.hasUnread { ReceiveAllocator.begin(on: context.channel) }
        inbound.hold(bytes)
    }

    /// Sends what reading has produced, in one piece with what the next handlers flush.
    public func channelReadComplete(context: ChannelHandlerContext) {
        if inbound.hasUnread { process(ByteBuffer(), context) }
        let hasDelivered = inbound.takeDelivered()
        if hasDelivered { context.fireChannelReadComplete() }
        flushIfNeeded(context)
        // The one who asked for data has got none yet, and does not know that it has to ask again.
        if !hasDelivered { context.read() }
    }

    /// Tells apart an end of the peer's direction that TLS announced from one that it did not.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            // A step of closing both directions, which is all that was asked for, is no news.
            if case ChannelEvent.outputClosed = event, machine.state == .closing { return }
            return context.fireUserInboundEventTriggered(event)
        }
        if inbound.hasUnread { process(ByteBuffer(), context) }
        perform(machine.endOfInput(), context)
    }

    /// Works through `bytes`, step by step: what is handed on may close the channel, write, or remove this handler.
    private func process(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard inbound.begin(bytes) else { return }
        var bytes = bytes
        while step(&bytes, context) || inbound.hasUnread {}
        inbound.end()
        connection?.buffers.keepCiphertext(bytes)
    }

    /// Does one step and returns whether another one is to follow.
    private func step(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        inbound.moveUnread(to: &bytes)
        switch machine.input() {
        case .ignore: return false
        case .handshake: return handshake(&bytes, context)
        case .decrypt: return decrypt(&bytes, context, isRead: true)
        case .decryptAndDiscard: return decrypt(&bytes, context, isRead: false)
        }
    }

    private func handshake(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        if connection == nil, tlsContext.role == .server, !TLSConnection.mayBegin(with: bytes),
            let answer = observation.seesNoTLS()?.answer(toPlainText: bytes)
        {
            machine.answersInPlainText()
            discardWrites(ChannelError.ioOnClosedChannel)
            leave(with: answer, context)
            return false
        }
        guard let connection = engine(context) else { return false }
        let outcome = connection.handshake(&bytes)
        guard sendMessages(of: connection, context) else { return false }
        switch outcome {
        case .needsInput: break
        case .failed(let error): fail(error, context)
        case .complete:
            handshakeComplete(connection, context)
            return bytes.readableBytes > 0 || connection.hasPendingInput
        }
        return false
    }

    /// The engine, made when it is needed first.
    private func engine(_ context: ChannelHandlerContext) -> TLSConnection? {
        if let connection { return connection }
        // The observer may have removed this handler.
        guard self.context != nil else { return nil }
        do {
            connection = try TLSConnection(context: tlsContext, buffers: .current, serverName: serverName)
        } catch {
            fail(error, context)
        }
        return connection
    }

    private func handshakeComplete(_ connection: TLSConnection, _ context: ChannelHandlerContext) {
        timers?.cancel(self)
        let closesOutput = machine.handshakeComplete()
        if tlsContext.answersChallenges, connection.isOfChallenge { return endChallenge(context) }
        let handshake = connection.negotiated()
        connection.forgetEphemeralKeys()
        if let observer = observation.end() {
            observer.handshakeCompleted(handshake, on: context.channel)
        } else {
            context.fireUserInboundEventTriggered(handshake)
        }
        if closesOutput, let action = machine.closeOutput() {
            perform(action, context)
        } else {
            encryptFlushed(context)
        }
    }

    /// Ends the connection of a challenge, on which no data follows (RFC 8737, 3). Whoever serves connections does not
    /// get to see it: its client has not had to show a certificate.
    private func endChallenge(_ context: ChannelHandlerContext) {
        observation.end()?.handshakeEnded(.challenge)
        discardWrites(ChannelError.ioOnClosedChannel)
        close(context: context, mode: .all, promise: nil)
    }

    /// Decrypts what has arrived, and passes it on if the channel's user still reads.
    private func decrypt(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext, isRead: Bool) -> Bool {
        guard let connection else { return false }
        let outcome = connection.decrypt(&bytes)
        guard sendMessages(of: connection, context) else { return false }
        if isRead, connection.buffers.plaintext.readableBytes > 0 {
            inbound.delivers()
            context.fireChannelRead(wrapInboundOut(connection.buffers.plaintext))
        }
        switch outcome {
        case .needsInput: return false
        case .full: return true
        case .peerClosed: peerClosed(context)
        // Undecryptable data after close_notify is ignored.
        case .failed where !isRead: perform(machine.undecryptableAfterClose(), context)
        case .failed(let error): fail(error, context)
        }
        return false
    }

    private func peerClosed(_ context: ChannelHandlerContext) {
        // Handlers that answer in `channelReadComplete` get to answer.
        if inbound.takeDelivered() { context.fireChannelReadComplete() }
        let halfClosure = try? context.channel.syncOptions?.getOption(ChannelOptions.allowRemoteHalfClosure)
        perform(machine.peerClosed(halfClosureAllowed: halfClosure ?? false), context)
    }

    // MARK: Bytes for the peer

    /// Takes a write in until the next flush.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch machine.write() {
        case .queue: writes.append(unwrapOutboundIn(data), promise)
        case .failOutputClosed: promise?.fail(ChannelError.outputClosed)
        case .failClosed: promise?.fail(ChannelError.ioOnClosedChannel)
        }
    }

    /// Encrypts what was written and sends it, once the handshake is complete.
    public func flush(context: ChannelHandlerContext) {
        switch machine.flush() {
        case .ignore: return
        case .hold: writes.flush()
        case .encrypt:
            writes.flush()
            encryptFlushed(context)
            flushIfNeeded(context)
        }
    }

    /// Encrypts all flushed writes and hands the ciphertext to the channel.
    private func encryptFlushed(_ context: ChannelHandlerContext) {
        do throws(PendingWrites.EncryptionError) {
            while let connection, let piece = try writes.encryptPiece(with: connection) {
                needsFlush = true
                context.write(
                    wrapOutboundOut(piece.ciphertext),
                    promise: piece.promises.promise(on: context.eventLoop)
                )
            }
        } catch {
            let isNews = machine.failed()
            error.promises.fail(error.reason)
            if isNews { end(with: error.reason, context) }
        }
    }

    /// Hands messages of the protocol itself to the channel, which are flushed with what follows. Returns whether to go on.
    private func sendMessages(of connection: TLSConnection, _ context: ChannelHandlerContext) -> Bool {
        guard let ciphertext = connection.buffers.takeOutput() else { return true }
        let goesOn = machine.messagesSent(ciphertext.readableBytes, peerReads: context.channel.isWritable)
        needsFlush = true
        context.write(wrapOutboundOut(ciphertext), promise: nil)
        if !goesOn { fail(.peerDoesNotRead, context) }
        return goesOn
    }

    private func flushIfNeeded(_ context: ChannelHandlerContext) {
        guard needsFlush else { return }
        needsFlush = false
        context.flush()
    }

    /// Fails all writes, those included that are written because of it. An error is created only if a promise waits for
    /// it: each costs an allocation, and most connections end without.
    private func discardWrites(_ reason: @autoclosure () -> any Error) {
        while let promise = writes.drop() { promise.fail(reason()) }
    }

    // MARK: The end

    /// Ends TLS and then the channel, or one direction of both.
    public func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .input {
            promise?.fail(ChannelError.operationUnsupported)
        } else if let action = mode == .output ? machine.closeOutput() : machine.closeAll(unsent: unsent(context)) {
            if mode == .output { writes.flush() }
            // The end of this direction may be the end of both.
            closePromises.join(promise, endOf: machine.state == .closing ? .all : mode)
            perform(action, context)
        } else {
            context.close(mode: mode, promise: promise)
        }
    }

    private func perform(_ action: TLSStateMachine.CloseAction, _ context: ChannelHandlerContext) {
        switch action {
        case .wait: return
        case .announceEndOfInput: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case .reportEndOfInput(let error):
            context.fireErrorCaught(error)
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case .sendCloseNotify: sendCloseNotify(context)
        case .linger:
            timers?.set(self, to: context.eventLoop.now + closeTimeout)
            // The peer's close_notify must be read, even if the channel's user has stopped reading.
            context.read()
        case .endOutput: context.close(mode: .output, promise: closePromises.takeOutput())
        case .close: closeChannel(context)
        case .fail(let error): end(with: error, context)
        }
    }

    /// Sends what is flushed and close_notify. What follows, follows when all of it has left.
    private func sendCloseNotify(_ context: ChannelHandlerContext) {
        encryptFlushed(context)
        discardWrites(ChannelError.ioOnClosedChannel)
        connection?.sendCloseNotify()
        leave(with: connection?.buffers.takeOutput() ?? ByteBuffer(), context)
    }

    /// Sends the last bytes of this side.
    private func leave(with bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolatedUnsafeUnchecked().whenSuccess {
            self.perform(self.machine.outputLeft(), context)
        }
        needsFlush = false
        context.writeAndFlush(wrapOutboundOut(bytes), promise: left)
        if machine.state == .closing { perform(.linger, context) }
    }

    /// The connection failed: ends it, unless it has ended before.
    private func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        if machine.failed() { end(with: error, context) }
    }

    /// Sends what the engine left, an alert most likely, tells of the error and closes. The machine is closed already.
    private func end(with error: TLSError, _ context: ChannelHandlerContext) {
        timers?.cancel(self)
        observation.failed(error)
        if let alert = connection?.buffers.takeOutput() {
            needsFlush = true
            context.write(wrapOutboundOut(alert), promise: nil)
        }
        flushIfNeeded(context)
        discardWrites(error)
        context.fireErrorCaught(error)
        closeChannel(context)
    }

    /// Closes the channel. TLS has done its part, or cannot.
    private func closeChannel(_ context: ChannelHandlerContext) {
        discardWrites(ChannelError.ioOnClosedChannel)
        timers?.cancel(self)
        context.close(promise: closePromises.take())
    }

    package func timerFired(now: NIODeadline) {
        guard let context else { return }
        perform(machine.timeout(unsent: unsent(context)), context)
    }

    /// How many bytes the channel has not sent yet, if it tells.
    private func unsent(_ context: ChannelHandlerContext) -> Int? {
        try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
    }
}

@available(*, unavailable)
extension OpenSSLHandler: Sendable {}
