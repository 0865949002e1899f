import LoopTimers
import NIOCore
import NIOOpenSSL

/// Serves HTTP/2 on one TLS connection: bytes in, requests to an ``Exchange`` each, answers out as bytes.
///
/// What all streams have to say in one turn of the event loop leaves in one write, and so in as few TLS records as it fits.
final class HTTP2ServerHandler: ChannelDuplexHandler, Connection, LoopTimer {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// How much goes out in one write. What does not fit stays where it is: in the answers, which callers share.
    static let pieceSize = 64 * 1024
    /// How many streams are kept to be used again.
    private static let keptStreams = 32

    let resources: HTTPLoopResources
    let timeouts: HTTPTimeouts
    private let registry: ConnectionRegistry
    private let peerCertificate: TLSPeerCertificate?
    private let makeExchange: () -> any Exchange

    let session: HTTP2Session
    var machine: HTTP2ConnectionStateMachine
    var context: ChannelHandlerContext?
    /// The streams that are open, in no order.
    private(set) var streams: [HTTP2Stream] = []
    private var unusedStreams: [HTTP2Stream] = []
    /// The fields that have arrived of a request whose head is not complete.
    var head: HTTP2RequestHead?
    /// Why the caller is to be sent away, found out while the session must not be touched.
    var abuse: HTTP2Abuse?
    /// What the caller did against the protocol, likewise.
    var violation: HTTP2ErrorCode?
    /// The time of the event that is handled.
    var now: NIODeadline
    var isReading = false
    /// What has arrived and has to wait; see ``prepareForFrame()``.
    private var waitingInput = ByteBuffer()
    private var isReadHeld = false
    var isFlushing = false
    var isFlushScheduled = false
    /// How many answers are not out yet.
    var unsentAnswers = 0
    /// The streams whose answers are out and whose requests are not waited for any more.
    var declined: [Int32] = []
    /// Whether the caller gets time to stop sending before the connection is closed; see
    /// ``HTTP1StateMachine/Sequel/lingeringClose``.
    var lingers = true
    var isClosed = false
    /// While the last bytes have to leave, until when they may.
    var leavesUntil: NIODeadline?
    /// Whether the caller has ended its side.
    var isInputEnded = false
    /// Who is to be notified of the outcome of the next write.
    var deliveries: [Delivery] = []
    /// Whether the event loop's buffer is the session's at the moment.
    var isOutputBorrowed = false
    /// How much the bodies take that have arrived so far, in bytes.
    var bodyBytes = 0
    var timerPosition = LoopTimerPosition.unset
    var timerFires: NIODeadline?

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
        self.session = session
        self.resources = resources
        self.registry = registry
        self.timeouts = timeouts
        self.peerCertificate = peerCertificate
        self.makeExchange = makeExchange
        now = eventLoop.now
        machine = HTTP2ConnectionStateMachine(timeouts, now: now)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
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
        guard !machine.isClosing else { return }
        var bytes = unwrapInboundIn(data)
        isReading = true
        now = context.eventLoop.now
        if waitingInput.readableBytes > 0 {
            waitingInput.writeBuffer(&bytes)
        } else {
            take(&bytes)
            // What it lies in belongs to the event loop.
            if bytes.readableBytes > 0 { waitingInput.writeBuffer(&bytes) }
        }
    }

    private func take(_ bytes: inout ByteBuffer) {
        machine.pieceBegan()
        do throws(HTTP2Session.Failure) {
            try session.receive(&bytes, for: self)
        } catch {
            fail(error)
        }
        endForFault()
    }

    func read(context: ChannelHandlerContext) {
        if waitingInput.readableBytes > 0 {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    /// Goes on with input that had to wait for the caller to take its answers.
    private func takeWaitingInput() {
        while let context, context.channel.isWritable, waitingInput.readableBytes > 0 {
            var bytes = waitingInput
            waitingInput = ByteBuffer()
            isReading = true
            if !machine.isClosing { take(&bytes) }
            isReading = false
            if !machine.isClosing { waitingInput = bytes }
            flush()
        }
        if isReadHeld, waitingInput.readableBytes == 0 {
            isReadHeld = false
            context?.read()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        takeWaitingInput()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        now = context.eventLoop.now
        flush()
        if !isReading { takeWaitingInput() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            // The caller is taken to be gone, but for the answers that there are and that its windows let through.
            isInputEnded = true
            now = context.eventLoop.now
            flush()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Told where it arose. An end without close_notify is followed by the event for the end of the input; everything else
        // means that the connection is of no further use.
        if let error = error as? TLSError, error.kind == .uncleanShutdown { return }
        context.close(promise: nil)
    }

    private func fail(_ failure: HTTP2Session.Failure) {
        switch failure {
        case .malformed:
            end(.protocolError)
        case .abuse(let abuse):
            end(for: abuse)
        case .stopped:
            // Those two are reported, too.
            if abuse == nil, session.error == nil { end(violation ?? .internalError) }
        }
    }

    /// Ends the connection if something was held against the caller meanwhile, or cannot be told to it.
    func endForFault() {
        guard !machine.isClosing else { return }
        if let abuse {
            end(for: abuse)
        } else if let error = session.error {
            resources.report(error, to: context?.channel.remoteAddress)
            end(.internalError)
        }
    }

    private func end(for abuse: HTTP2Abuse) {
        resources.report(abuse, by: context?.channel.remoteAddress)
        end(.enhanceYourCalm)
    }

    /// Tells the caller why, and lets it go.
    func end(_ code: HTTP2ErrorCode) {
        guard !machine.isClosing else { return }
        lingers = code != .noError
        // The session says nothing more then.
        if unsentAnswers > 0 { fillAhead() }
        session.end(code)
        machine.end(now: now)
    }

    // MARK: The end

    func drain() {
        guard let context else { return }
        now = context.eventLoop.now
        if machine.drain(now: now) == .announce { session.announceEnd() }
        flush()
    }

    func refuseFurther() {
        lingers = false
        session.refuseFurther()
    }

    func closeNow() {
        context?.close(promise: nil)
    }

    private func end() {
        guard context != nil else { return }
        context = nil
        resources.timers.cancel(self)
        registry.remove(self)
        let open = streams
        streams = []
        unusedStreams = []
        declined = []
        for stream in open {
            stream.connection = nil
            stream.releaseAnswer().end(isLost: true)
            stream.exchange.abandon()
        }
        for delivery in deliveries { delivery.end(isLost: true) }
        deliveries = []
        if isOutputBorrowed { _ = takeOutput() }
    }
}

// MARK: Streams

extension HTTP2ServerHandler {
    func openStream(id: Int32) -> HTTP2Stream {
        let stream = unusedStreams.popLast() ?? makeStream()
        stream.begin(id: id)
        stream.index = streams.count
        streams.append(stream)
        return stream
    }

    private func makeStream() -> HTTP2Stream {
        let exchange = makeExchange()
        if let peerCertificate { exchange.callerProved(peerCertificate) }
        return HTTP2Stream(exchange: exchange, connection: self)
    }

    func closeStream(_ stream: HTTP2Stream) {
        let last = streams.removeLast()
        if last !== stream {
            last.index = stream.index
            streams[stream.index] = last
        }
        releaseBody(of: stream)
        if stream.machine.isAnswered {
            if unusedStreams.count < Self.keptStreams { unusedStreams.append(stream) } else { stream.connection = nil }
        } else {
            // An answer for it may still be pending, which must not be taken as that to another request.
            stream.connection = nil
            stream.exchange.abandon()
        }
    }

    func releaseBody(of stream: HTTP2Stream) {
        bodyBytes -= stream.body.readableBytes
        stream.releaseBody()
    }
}
