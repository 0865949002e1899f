import NIOCore

/// One request on an HTTP/2 connection and its answer.
///
/// It holds no channel and no clock. libnghttp2 has checked by then that frames come in an order that they may come in, and
/// that a body is as long as it was said to be.
struct HTTP2StreamStateMachine {
    /// Where the stream stands.
    private enum State {
        /// The head arrives. → judging, answering
        case head
        /// The head was handed out, and ``didRoute(wantsBody:until:)`` is due. → body, answering
        case judging
        /// A body arrives that is wanted, and has to be complete by then. → answering
        case body(until: NIODeadline)
        /// The answer is not there yet. → sending
        case answering
        /// The answer goes out as the caller takes it. Since this time it has taken so many bytes. → sent
        case sending(since: NIODeadline, taken: Int)
        /// All of the answer is out. What is left of the request may come until then.
        case sent(until: NIODeadline)
    }

    /// What to do with a piece of the body.
    enum Piece: Equatable {
        case keep
        /// It is not wanted.
        case drop
        /// It is not wanted, nor is what follows.
        case decline
        /// The body is too large: answer with that.
        case tooLarge
    }

    private var state = State.head
    private var bodyLength = 0
    private var isLate = false

    /// Whether all of the request is here.
    private(set) var isComplete = false

    /// Whether an answer was given, so that nothing is owed to the stream any more.
    var isAnswered: Bool {
        switch state {
        case .sending, .sent: true
        case .head, .judging, .body, .answering: false
        }
    }

    /// Whether all of the answer is out.
    var isSent: Bool {
        if case .sent = state { true } else { false }
    }

    /// Whether an answer is on its way out.
    var isSending: Bool {
        if case .sending = state { true } else { false }
    }
}

// MARK: The request

extension HTTP2StreamStateMachine {
    /// The head is complete. ``didRoute(wantsBody:until:)`` or ``answer(now:)`` follows.
    mutating func headEnded(isComplete: Bool) {
        self.isComplete = isComplete
        state = .judging
    }

    /// The request was looked at; its answer follows, now or later.
    ///
    /// - Returns: whether its body is wanted and complete, because it is empty.
    mutating func didRoute(wantsBody: Bool, until limit: NIODeadline) -> Bool {
        guard case .judging = state else { return false }
        guard wantsBody, !isComplete else {
            state = .answering
            return wantsBody
        }
        state = .body(until: limit)
        return false
    }

    /// A piece of the body arrives.
    mutating func receive(count: Int) -> Piece {
        bodyLength += count
        guard case .body = state else { return isSent && bodyLength > HTTP2Limits.declinedBody ? .decline : .drop }
        guard bodyLength <= HTTP2Limits.body else {
            state = .answering
            return .tooLarge
        }
        return .keep
    }

    /// The request is complete.
    ///
    /// - Returns: whether its body was waited for.
    mutating func ended() -> Bool {
        isComplete = true
        guard case .body = state else { return false }
        state = .answering
        return true
    }
}

// MARK: The answer

extension HTTP2StreamStateMachine {
    /// The answer begins to go out.
    mutating func answer(now: NIODeadline) {
        state = .sending(since: now, taken: 0)
    }

    /// The caller read part of the answer. Its time limit restarts once it has read as much as it must in that time: a
    /// byte now and then wins nothing.
    mutating func took(count: Int, of share: Int, now: NIODeadline) {
        guard case .sending(let since, let taken) = state else { return }
        state = taken + count >= share ? .sending(since: now, taken: 0) : .sending(since: since, taken: taken + count)
    }

    /// All of the answer is out.
    ///
    /// - Parameter limit: When the rest of the request has to be there.
    /// - Returns: whether the rest of the request is to be declined now (RFC 9113, section 8.1), because it had its time.
    mutating func sent(until limit: NIODeadline) -> Bool {
        state = .sent(until: limit)
        return !isComplete && isLate
    }
}

// MARK: Time

extension HTTP2StreamStateMachine {
    /// What a stream comes to when its time is over.
    enum Expiry: Equatable {
        /// Tell the caller that the request did not arrive in time.
        case reject
        /// Give the answer up: the caller does not take it.
        case giveUp
        /// Decline the rest of the request: it has its answer.
        case decline
    }

    /// Until when something has to happen; nil while it is the gateway that is waited for.
    func limit(_ timeouts: HTTPTimeouts) -> NIODeadline? {
        switch state {
        case .body(let limit): limit
        case .sending(let since, _): since + timeouts.idle
        case .sent(let limit): isComplete ? nil : limit
        case .head, .judging, .answering: nil
        }
    }

    /// What the time `now` means to the stream; nil if nothing.
    mutating func expire(now: NIODeadline, _ timeouts: HTTPTimeouts) -> Expiry? {
        guard let limit = limit(timeouts), limit <= now else { return nil }
        switch state {
        case .body:
            isLate = true
            state = .answering
            return .reject
        case .sent:
            return .decline
        case .head, .judging, .answering, .sending:
            return .giveUp
        }
    }
}
