import NIOCore
import NIOOpenSSL

/// What an ``HTTP2Connection`` needs of the channel that it is served on.
protocol HTTP2ConnectionChannel: AnyObject {
    /// Whether the caller takes what is sent, and the event loop has time to send it.
    var mayWrite: Bool { get }
    var remoteAddress: SocketAddress? { get }

    /// An answer is about to be submitted: brings ``HTTP2Connection/now`` up to date, and has the answer flushed at the end of
    /// this turn of the event loop, unless the answer came while input was read.
    func answerDecided()

    /// Writes all whole pieces of output that there are, if the caller takes them: as many as belong to this turn of the event loop,
    /// or all of them where nothing follows.
    func flushAhead(isLast: Bool)

    /// Sees to it that the connection is looked at then, or before.
    func setTimer(_ limit: NIODeadline)
}

/// One HTTP/2 connection, without its channel: hands requests to an ``Exchange`` each, and has their answers put into bytes.
///
/// It brings together an ``HTTP2Session``, which knows the protocol, an ``HTTP2ConnectionStateMachine``, which knows what a
/// caller may do and how long, and the streams.
final class HTTP2Connection {
    /// How much goes out in one write. What does not fit stays where it is: in the answers, which callers share.
    static let pieceSize = 64 * 1024

    private let resources: HTTPLoopResources
    private let timeouts: HTTPTimeouts
    private let peerCertificate: TLSPeerCertificate?
    private let makeExchange: () -> any Exchange
    private var channel: (any HTTP2ConnectionChannel)?

    private let session: HTTP2Session
    private var machine: HTTP2ConnectionStateMachine
    private var streams = HTTP2Streams()
    private var flow = HTTP2AnswerFlow()
    /// The fields that have arrived of a request whose head is not complete.
    private var head: HTTP2RequestHead?
    /// Why the caller is to be sent away, found out while the session must not be touched.
    private var abuse: HTTP2Abuse?
    /// What the caller did against the protocol, likewise.
    private var violation: HTTP2ErrorCode?
    /// Whether the caller gets time to stop sending before the connection is closed; see
    /// ``HTTP1StateMachine/AfterResponse/lingeringClose``.
    private(set) var lingers = true
    /// The time of the event that is handled.
    var now: NIODeadline

    init(
        _ session: HTTP2Session,
        resources: HTTPLoopResources,
        timeouts: HTTPTimeouts,
        now: NIODeadline,
        peerCertificate: TLSPeerCertificate?,
        makeExchange: @escaping () -> any Exchange
    ) {
        self.session = session
        self.resources = resources
        self.timeouts = timeouts
        self.now = now
        self.peerCertificate = peerCertificate
        self.makeExchange = makeExchange
        machine = HTTP2ConnectionStateMachine(timeouts, now: now)
    }

    /// Serves on that channel from now on, until ``abandon()``.
    func begin(on channel: any HTTP2ConnectionChannel) {
        self.channel = channel
    }

    // MARK: Bytes

    /// Takes what arrives, as much of it as may be taken by now.
    func receive(_ bytes: inout ByteBuffer) {
        machine.pieceBegan()
        do throws(HTTP2Session.SessionError) {
            try session.receive(&bytes, for: self)
        } catch {
            fail(error)
        }
        endForFault()
    }

    /// What goes out in the next write; nil if nothing.
    func nextPiece() -> ByteBuffer? {
        fillOutput()
        endForFault()
        if declineRest() || machine.isClosing { fillOutput() }
        let piece = takeOutput()
        return piece.readableBytes > 0 ? piece : nil
    }

    /// What there is to say is put into bytes; nil if that is less than one write takes, so that it waits for more.
    func nextWholePiece() -> ByteBuffer? {
        fillOutput()
        return session.isFull ? takeOutput() : nil
    }

    /// Who is to be notified of the outcome of the write that is made now.
    func takeDeliveries() -> [Delivery] { flow.takeDeliveries() }

    private func fillOutput() {
        session.borrow(&resources.scratch)
        session.fill(upTo: Self.pieceSize, for: self)
    }

    private func takeOutput() -> ByteBuffer {
        session.takeOutput(returningMemoryTo: &resources.scratch)
    }

    /// Tells callers to stop that still send their requests, have their answers, and had their time.
    private func declineRest() -> Bool {
        let declined = flow.takeDeclined()
        for id in declined { session.reset(id, .noError) }
        return !declined.isEmpty
    }

    // MARK: Time

    /// When the connection has to be looked at, as far as is known without asking each stream.
    var limit: NIODeadline? {
        guard flow.unsent > 0 else { return machine.limit }
        let limit = now + timeouts.idle
        return machine.limit.map { min($0, limit) } ?? limit
    }

    /// Does what the time means to the streams.
    ///
    /// - Returns: whether to go on; otherwise the channel is to be closed.
    func expireStreams(isWritable: Bool) -> Bool {
        for case let stream? in streams.open {
            switch stream.expire(now: now, timeouts) {
            case .reject: respond(stream.response(to: .timedOut), on: stream)
            // A caller that reads nothing cannot be notified either.
            case .giveUp where !isWritable: return false
            case .giveUp: session.reset(stream.key.id, .cancel)
            case .decline: session.reset(stream.key.id, .noError)
            case nil: if let limit = stream.limit(timeouts) { channel?.setTimer(limit) }
            }
        }
        return true
    }

    /// Does what the time means to the connection itself.
    ///
    /// - Returns: whether to go on; otherwise the channel is to be closed.
    func expire() -> Bool {
        switch machine.expire(now: now) {
        case .none, .announce: break
        case .refuseFurther: refuseFurther()
        case .end(let code): end(code)
        case .close: return false
        }
        return true
    }

    // MARK: The end

    /// Whether nothing that arrives matters any more.
    var isClosing: Bool { machine.isClosing }

    /// Accepts nothing new, as soon as the caller knows.
    func drain() {
        if machine.drain(now: now) == .announce { session.announceEnd() }
    }

    private func refuseFurther() {
        lingers = false
        session.refuseFurther()
    }

    /// Whether the connection is over and has said all that it had to.
    func hasSaidAll() -> Bool {
        guard session.isOver else { return false }
        machine.end(now: now)
        return !session.wantsWrite
    }

    /// There is no caller any more.
    func abandon() {
        channel = nil
        let open = streams.open
        streams.removeAll()
        _ = flow.takeDeclined()
        for case let stream? in open { stream.abandon() }
        for delivery in flow.takeDeliveries() { delivery.end(isLost: true) }
        _ = takeOutput()
    }

    private func fail(_ failure: HTTP2Session.SessionError) {
        switch failure {
        case .malformed: end(.protocolError)
        case .abuse(let abuse): end(for: abuse)
        // The other two reasons are reported, too.
        case .stopped: if abuse == nil, session.error == nil { end(violation ?? .internalError) }
        }
    }

    /// Ends the connection if something was held against the caller meanwhile, or cannot be told to it.
    private func endForFault() {
        guard !machine.isClosing else { return }
        if let abuse {
            end(for: abuse)
        } else if let error = session.error {
            resources.report(error, to: channel?.remoteAddress)
            end(.internalError)
        }
    }

    private func end(for abuse: HTTP2Abuse) {
        resources.report(abuse, by: channel?.remoteAddress)
        end(.enhanceYourCalm)
    }

    /// Tells the caller why, and lets it go.
    private func end(_ code: HTTP2ErrorCode) {
        guard !machine.isClosing else { return }
        lingers = code != .noError
        // The session says nothing more then.
        if flow.unsent > 0 { channel?.flushAhead(isLast: true) }
        session.end(code)
        machine.end(now: now)
    }
}

// MARK: Requests: what the session tells, while it is given bytes or gives some

extension HTTP2Connection {
    /// Another frame is about to be taken. Whatever it does to the connection, answers that were decided are to go out before. A caller
    /// who does not take them waits.
    ///
    /// Of all that the session calls, this alone may take bytes from it; all of them may submit something to be sent.
    ///
    /// - Returns: whether it may be taken; otherwise it has to wait, with all that is after it.
    func prepareForFrame() -> Bool {
        guard flow.unsent > 0, let channel else { return true }
        channel.flushAhead(isLast: false)
        // What is left then waits for the caller's windows, which frames open.
        return flow.unsent == 0 || channel.mayWrite
    }

    /// A frame begins, of which the session knows nothing yet.
    ///
    /// - Returns: whether to go on.
    func frameBegan(_ frame: HTTP2FrameHeader) -> Bool {
        // What was found out after the frame before.
        guard abuse == nil else { return false }
        switch machine.receive(frame, isOpen: session.isOpen(frame.stream), now: now) {
        case .accept: return true
        case .abuse(let abuse): return goesOn(abuse)
        case .violation(let code):
            violation = code
            return false
        }
    }

    /// A request begins.
    func streamOpened(id: Int32) -> HTTP2StreamKey {
        machine.streamOpened(now: now)
        var bytes = ByteBuffer()
        swap(&bytes, &resources.fields)
        head = HTTP2RequestHead(into: bytes)
        let stream = streams.takeUnused() ?? makeStream()
        return streams.open(stream, id: id)
    }

    private func makeStream() -> HTTP2Stream {
        let exchange = makeExchange()
        if let peerCertificate { exchange.callerProved(peerCertificate) }
        return HTTP2Stream(exchange: exchange, owner: self)
    }

    /// After a request, further fields begin, which are its trailers.
    func trailersBegan() {
        machine.headBegan(now: now)
    }

    /// A field of the request, or of the trailers, that began last.
    ///
    /// - Returns: whether to go on.
    func field(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, isTrailer: Bool) -> Bool {
        guard goesOn(machine.field(nameLength: name.count, valueLength: value.count)) else { return false }
        guard !isTrailer else { return true }
        if machine.isHeaderListTooLarge {
            head?.refuse(.headTooLarge)
        } else {
            head?.add(name: name, value: value)
        }
        return true
    }

    /// A field that may not be there, in its place.
    func invalidField() {
        head?.refuse(.malformed("A field name or value is malformed."))
    }

    /// The fields of a request are complete.
    func headEnded(_ key: HTTP2StreamKey, isComplete: Bool) {
        machine.headEnded()
        guard let stream = streams[key], let head = head.take() else { return }
        proceed(stream.headEnded(head, isComplete: isComplete, bodyUntil: now + timeouts.body), stream)
        resources.fields = head.takeBytes()
    }

    private func proceed(_ step: HTTP2Stream.Step, _ stream: HTTP2Stream) {
        switch step {
        case .respond(let response): respond(response, on: stream)
        case .wait: break
        case .readBody(let isToBeAskedFor):
            if isToBeAskedFor { session.submitContinue(on: stream.key) }
            channel?.setTimer(now + timeouts.body)
        }
    }

    /// A piece of a request's body.
    func bodyArrived(_ bytes: UnsafeRawBufferPointer, on key: HTTP2StreamKey) {
        guard let stream = streams[key] else { return }
        switch stream.receive(count: bytes.count) {
        case .drop: break
        case .decline: session.reset(key.id, .noError)
        case .tooLarge:
            streams.releaseBody(of: stream)
            respond(stream.response(to: .bodyTooLarge), on: stream)
        case .keep: if !streams.keep(bytes, on: stream) { session.reset(key.id, .enhanceYourCalm) }
        }
    }

    /// A request is complete.
    func requestEnded(_ key: HTTP2StreamKey) {
        machine.headEnded()
        guard let stream = streams[key], stream.requestEnded() else { return }
        streams.willDeliverBody(of: stream)
        proceed(stream.deliverBody(), stream)
    }

    /// The caller has answered a PING.
    func pingAnswered() {
        if machine.announcementWasRead() == .refuseFurther { refuseFurther() }
    }

    /// Nothing more is to be sent or received on a stream. It is not touched again.
    ///
    /// - Parameter isRegular: Whether it ended without an error of either side.
    func streamClosed(_ key: HTTP2StreamKey, isRegular: Bool) {
        guard let stream = streams[key] else { return }
        if stream.isSending { flow.gaveUp() }
        let wasAnswered = stream.isSent
        stream.loseAnswer()
        if isRegular, stream.isComplete { machine.streamFinished(key.id) }
        if !streams.close(stream) { stream.retire() }
        _ = goesOn(machine.streamClosed(wasAnswered: wasAnswered, now: now))
    }

    private func goesOn(_ abuse: HTTP2Abuse?) -> Bool {
        if let abuse, self.abuse == nil { self.abuse = abuse }
        return abuse == nil
    }
}

// MARK: Answers

extension HTTP2Connection: HTTP2StreamOwner {
    func respond(_ response: Response, on stream: HTTP2Stream) {
        guard let channel else {
            response.onLoss?()
            return
        }
        channel.answerDecided()
        flow.began()
        stream.hold(response, now: now)
        session.submit(response, date: resources.date(), on: stream.key, hasContent: stream.contentLeft > 0)
    }

    /// How much is left of an answer's content, in bytes.
    func contentLeft(_ key: HTTP2StreamKey) -> Int { streams[key]?.contentLeft ?? 0 }

    /// The next piece of an answer's content, which goes out; after the last one, the answer is out.
    func takeContent(_ key: HTTP2StreamKey, count: Int) -> ByteBuffer {
        guard let stream = streams[key] else { return ByteBuffer() }
        machine.sent(count: count)
        let piece = stream.takeContent(count, share: flow.share(of: Self.pieceSize), now: now)
        if stream.contentLeft == 0 { answerEnded(stream) }
        return piece
    }

    /// An answer without content is out.
    func answerEnded(_ key: HTTP2StreamKey) {
        if let stream = streams[key] { answerEnded(stream) }
    }

    private func answerEnded(_ stream: HTTP2Stream) {
        let (delivery, isDeclined) = stream.answerEnded(until: now + timeouts.body)
        flow.ended(delivery, declining: isDeclined ? stream.key.id : nil)
        if !stream.isComplete { channel?.setTimer(now + timeouts.body) }
    }
}
