import NIOCore

/// Who sends the answers of an ``HTTP2Stream``.
protocol HTTP2StreamOwner: AnyObject {
    /// Has the answer of a stream sent at the end of this turn of the event loop.
    func respond(_ response: Response, on stream: HTTP2Stream)
}

/// One request of a connection, with the exchange that answers it. It is used again for a later request, because a request
/// is not worth the objects that it would take otherwise.
final class HTTP2Stream: ResponseSink {
    /// What is to be done about a request whose head is complete.
    enum Step {
        case respond(Response)
        case wait
        /// Wait for the body, which the caller sends once it is asked for it, or sends anyway.
        case readBody(isToBeAskedFor: Bool)
    }

    private let exchange: any Exchange
    /// The connection; nil once the stream is of no use to it any more.
    private var owner: (any HTTP2StreamOwner)?
    private(set) var key = HTTP2StreamKey(id: 0, place: 0)
    private var machine = HTTP2StreamStateMachine()
    /// Whether the answer goes out without its content.
    private var isHead = false
    /// As much of the request's body as has arrived, if it is wanted.
    private var body = ByteBuffer()
    /// What the caller has not taken of the answer. Callers share its memory.
    private var rest = ByteBuffer()
    private var delivery = Delivery()

    init(exchange: any Exchange, owner: any HTTP2StreamOwner) {
        self.exchange = exchange
        self.owner = owner
    }

    /// Makes it a stream that begins.
    func begin(_ key: HTTP2StreamKey) {
        self.key = key
        machine = HTTP2StreamStateMachine()
        isHead = false
    }

    /// It is not used again. What it has not answered by now is not answered any more.
    func retire() {
        owner = nil
        if !machine.isAnswered { exchange.abandon() }
    }

    /// The connection has ended: there is nobody to answer any more.
    func abandon() {
        owner = nil
        loseAnswer()
        exchange.abandon()
    }
}

// MARK: The request

extension HTTP2Stream {
    /// The head is complete.
    ///
    /// - Parameter limit: When a body has to be there.
    func headEnded(_ head: borrowing HTTP2RequestHead, isComplete: Bool, bodyUntil limit: NIODeadline)
        -> Step
    {
        machine.headEnded(isComplete: isComplete)
        let request: Request
        do {
            request = try head.request()
        } catch {
            return .respond(exchange.response(to: error))
        }
        isHead = request.method == .head
        let step = exchange.begin(request, answeringTo: self)
        var wantsBody = false
        if case .readBody = step { wantsBody = true }
        let isDelivered = machine.didRoute(wantsBody: wantsBody, until: limit)
        switch step {
        case .respond(let response): return .respond(response)
        case .wait: return .wait
        case .readBody where isDelivered: return deliverBody()
        case .readBody: return .readBody(isToBeAskedFor: head.expectsContinue)
        }
    }

    /// What is to be done with a piece of the body, of which ``keep(_:)`` takes those to keep.
    func receive(count: Int) -> HTTP2StreamStateMachine.Piece {
        machine.receive(count: count)
    }

    /// Keeps a piece of the body.
    func keep(_ bytes: UnsafeRawBufferPointer) {
        body.writeBytes(bytes)
    }

    /// How much of the body is kept, in bytes.
    var bodyLength: Int { body.readableBytes }

    /// The request is complete.
    ///
    /// - Returns: whether its body was waited for, so that ``deliverBody()`` is due.
    func requestEnded() -> Bool { machine.ended() }

    /// Gives the exchange the body.
    func deliverBody() -> Step {
        let body = body
        releaseBody()
        if case .respond(let response) = exchange.resume(body: body, answeringTo: self) {
            return .respond(response)
        }
        return .wait
    }

    /// Lets go of the request's body.
    func releaseBody() {
        if body.capacity > 0 { body = ByteBuffer() }
    }

    /// The answer to what is wrong with the request.
    func response(to error: RequestError) -> Response { exchange.response(to: error) }

    /// Whether all of the request is here.
    var isComplete: Bool { machine.isComplete }
}

// MARK: The answer

extension HTTP2Stream {
    func send(_ response: Response) {
        guard let owner else {
            response.onLoss?()
            return
        }
        owner.respond(response, on: self)
    }

    /// Keeps the answer until the caller has taken it.
    func hold(_ response: Response, now: NIODeadline) {
        machine.answer(now: now)
        if !isHead { rest = response.body }
        let report = exchange.didAnswer(status: response.status, contentLength: rest.readableBytes)
        delivery = Delivery(watch: response.watch, report: report)
    }

    /// How much of the answer's content is not out, in bytes.
    var contentLeft: Int { rest.readableBytes }

    /// Takes the next piece of the answer out.
    ///
    /// - Parameter share: how much the caller has to take in the time that it has for that.
    func takeContent(_ length: Int, share: Int, now: NIODeadline) -> ByteBuffer {
        let piece = rest.readSlice(length: length) ?? ByteBuffer()
        if rest.readableBytes > 0 { machine.took(count: length, of: share, now: now) }
        return piece
    }

    /// All of the answer is out.
    ///
    /// - Parameter limit: When the rest of the request has to be there.
    /// - Returns: who is to be told, and whether the rest of the request is to be declined now.
    func answerEnded(until limit: NIODeadline) -> (delivery: Delivery, isDeclined: Bool) {
        (releaseAnswer(), machine.sent(until: limit))
    }

    /// Tells that the answer, if there is one, does not get out.
    func loseAnswer() {
        releaseAnswer().end(isLost: true)
    }

    private func releaseAnswer() -> Delivery {
        if rest.capacity > 0 { rest = ByteBuffer() }
        defer { delivery = Delivery() }
        return delivery
    }

    /// Whether an answer was given, so that nothing is owed to the stream any more.
    var isAnswered: Bool { machine.isAnswered }
    /// Whether an answer is on its way out.
    var isSending: Bool { machine.isSending }
    /// Whether all of the answer is out.
    var isSent: Bool { machine.isSent }
}

// MARK: Time

extension HTTP2Stream {
    /// Until when something has to happen; nil while it is the gateway that is waited for.
    func limit(_ timeouts: HTTPTimeouts) -> NIODeadline? { machine.limit(timeouts) }

    /// What the time `now` means to the stream; nil if nothing.
    func expire(now: NIODeadline, _ timeouts: HTTPTimeouts) -> HTTP2StreamStateMachine.Expiry? {
        machine.expire(now: now, timeouts)
    }
}
