import NIOCore

/// TLS for a channel: ciphertext on the channel's side, plaintext on the other. The common part of server and client.
///
/// Events that it fires: ``TLSHandshakeCompleted`` as a user inbound event, ``TLSError`` through `errorCaught`, and
/// `ChannelEvent.inputClosed` when the peer ended its direction and the channel allows half closure.
///
/// The bytes that it hands on share storage with what comes later. Who keeps some of them for long, such as an unfinished
/// request, should copy them.
///
/// **Closing.** `close(mode: .all)` sends close_notify behind all that was flushed, ends this direction of the TCP
/// connection, and closes the channel when the peer has ended the other direction or the close timeout is over. Neither is
/// the peer's last data waited for nor is the last data to the peer cut off. A write that was not flushed fails. Before the
/// handshake is complete, the channel closes at once and flushed writes fail. `close(mode: .output)` flushes, sends
/// close_notify and ends this direction only, after the handshake if need be.
public class OpenSSLHandler: ChannelDuplexHandler {
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

    /// Bytes that came while earlier ones were being worked on.
    var unread: ByteBuffer?

    var timer: Scheduled<Void>?
    var closePromise: EventLoopPromise<Void>?

    var isReading = false
    var deliveredPlaintext = false
    var needsFlush = false

    /// Ciphertext of the protocol's own messages that left while the peer was not reading.
    var unreadMessageBytes = 0

    init(context: TLSContext, handshakeTimeout: TimeAmount, closeTimeout: TimeAmount) {
        tlsContext = context
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
        buffers = EngineBuffers.current
        if context.channel.isActive {
            begin(context)
        }
    }

    /// Frees the engine; what was not sent fails.
    public func handlerRemoved(context: ChannelHandlerContext) {
        _ = machine.failed()
        stopTimer()
        discardWrites(ChannelError.ioOnClosedChannel)
        connection = nil
        buffers = nil
        let promise = closePromise
        closePromise = nil
        promise?.succeed(())
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
        var reason: any Error = ChannelError.ioOnClosedChannel
        if case .report(let error) = action {
            reason = error
            context.fireErrorCaught(error)
        }
        discardWrites(reason)
        let promise = closePromise
        closePromise = nil
        promise?.succeed(())
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard machine.channelActive() else {
            return
        }
        startTimer(handshakeTimeout, context)
        if tlsContext.role == .client {
            process(ByteBuffer(), context)
            flushIfNeeded(context)
        }
    }

    // MARK: Time

    func startTimer(_ amount: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: amount) {
            self.timer = nil
            self.timeIsUp(context)
        }
    }

    func stopTimer() {
        timer?.cancel()
        timer = nil
    }

    private func timeIsUp(_ context: ChannelHandlerContext) {
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
