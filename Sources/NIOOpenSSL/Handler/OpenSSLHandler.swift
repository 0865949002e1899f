import LoopTimers
import NIOCore

/// TLS for a channel: ciphertext on the channel's side, plaintext on the other. The common part of server and client.
///
/// Events that it fires: ``TLSHandshakeCompleted`` as a user inbound event, unless a ``TLSHandshakeObserver`` is told of it,
/// ``TLSError`` through `errorCaught`, and
/// `ChannelEvent.inputClosed` when the peer ended its direction and the channel allows half closure.
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
/// `ChannelEvent.inputClosed` is fired and closing is up to the user of the channel.
public class OpenSSLHandler: ChannelDuplexHandler, LoopTimer {
    /// Ciphertext from the channel.
    public typealias InboundIn = ByteBuffer
    /// Plaintext for the next handler.
    public typealias InboundOut = ByteBuffer
    /// Plaintext from the next handler.
    public typealias OutboundIn = ByteBuffer
    /// Ciphertext for the channel.
    public typealias OutboundOut = ByteBuffer

    let tlsContext: TLSContext
    let handshakeTimeout: TimeAmount
    let closeTimeout: TimeAmount

    var machine = TLSStateMachine()
    var writes = PendingWrites()

    /// The engine. A server's begins with the first bytes of the client, so that silent connections cost little.
    var connection: TLSConnection?

    /// The buffers of the event loop's thread, which outlive the engine.
    var buffers: EngineBuffers?

    /// Notified of the completed handshake. Released then, as it may retain the channel.
    var observer: (any TLSHandshakeObserver)?

    /// Why the connection failed, if it did.
    var lastError: TLSError?

    /// Whether the peer's first bytes were none of TLS.
    var sentNoTLS = false

    /// Bytes that came while earlier ones were being worked on.
    var unread: ByteBuffer?

    /// The timers of the event loop, and where this handler's stands among them.
    private var timers: LoopTimers?
    package var timerPosition = LoopTimerPosition.unset
    private var context: ChannelHandlerContext?

    var closePromise: EventLoopPromise<Void>?
    var closeOutputPromise: EventLoopPromise<Void>?

    var isReading = false
    var deliveredPlaintext = false
    var needsFlush = false

    /// While closing: how much had not left when the time was last up.
    var unsentBytes = Int.max

    /// Ciphertext of the protocol's own messages that left while the peer was not reading.
    var unreadMessageBytes = 0

    init(
        context: TLSContext,
        handshakeTimeout: TimeAmount,
        closeTimeout: TimeAmount,
        observer: (any TLSHandshakeObserver)? = nil
    ) {
        tlsContext = context
        self.observer = observer
        self.handshakeTimeout = handshakeTimeout
        self.closeTimeout = closeTimeout
    }

    /// A name for the server, for a client that has one.
    var serverName: String? {
        nil
    }

    // MARK: Life

    /// Begins the handshake if the channel is active already.
    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        buffers = EngineBuffers.current
        timers = LoopTimers.of(context.eventLoop)
        if context.channel.isActive {
            begin(context)
        }
    }

    /// Frees the engine; what was not sent fails.
    public func handlerRemoved(context: ChannelHandlerContext) {
        _ = machine.failed()
        stopTimer()
        discardWrites(ChannelError.ioOnClosedChannel)
        self.context = nil
        let end: TLSHandshakeEnd =
            if sentNoTLS { .notTLS } else if connection == nil { .silent } else if let lastError {
                .failed(lastError)
            } else { .abandoned }
        connection = nil
        buffers = nil
        completeClosePromises(ChannelError.ioOnClosedChannel)
        let observer = observer
        self.observer = nil
        observer?.handshakeEnded(end)
    }

    /// Begins the handshake.
    public func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        begin(context)
    }

    /// Reports an end that cut something off, and fails what was not sent.
    public func channelInactive(context: ChannelHandlerContext) {
        let action = machine.channelInactive()
        stopTimer()
        unread = nil
        var reported: TLSError?
        if case .report(let error) = action {
            reported = error
            lastError = error
            context.fireErrorCaught(error)
        }
        discardWrites(reported ?? ChannelError.ioOnClosedChannel)
        completeClosePromises(reported ?? ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard machine.channelActive() else { return }
        startTimer(handshakeTimeout, context)
        if tlsContext.role == .client {
            process(ByteBuffer(), context)
            flushIfNeeded(context)
        }
    }

    // MARK: Time

    func startTimer(_ amount: TimeAmount, _ context: ChannelHandlerContext) {
        timers?.set(self, to: context.eventLoop.now + amount)
    }

    func stopTimer() {
        timers?.cancel(self)
    }

    package func timerFired(now: NIODeadline) {
        guard let context else { return }
        if outputMoves(context) {
            return startTimer(closeTimeout, context)
        }
        switch machine.timeout() {
        case .none:
            return
        case .fail(let error):
            fail(error, context)
        case .close:
            closeChannel(context)
        }
    }
}

@available(*, unavailable)
extension OpenSSLHandler: Sendable {}
