import NIOCore

/// One HTTP/2 connection seen from the server: what it is worth, how long it may wait, and how it ends.
///
/// It holds no channel and no clock. Framing, compression and flow control are libnghttp2's, each request is an
/// ``HTTP2StreamStateMachine``'s.
struct HTTP2ConnectionStateMachine {
    /// Where the connection stands.
    private enum State {
        /// → announcing, closing
        case open
        /// The caller was told by GOAWAY that the connection ends, and has until then to acknowledge it: requests that
        /// are on their way are still served. → draining, closing
        case announcing(until: NIODeadline)
        /// No further requests are accepted; those in progress are answered. → closing
        case draining
        /// The caller was told why the connection ends, and has until then to end its side.
        case closing(until: NIODeadline)
    }

    /// What the handler does next.
    enum Action: Equatable {
        case none
        /// Tell the caller that the connection is about to end, and ask for a sign that it knows.
        case announce
        /// Accept nothing new from now on.
        case refuseFurther
        /// Say why, and end the connection.
        case end(HTTP2ErrorCode)
        /// Close; there is nothing more to say.
        case close
    }

    private let timeouts: HTTPTimeouts
    private var state = State.open
    private var unanswered: HTTP2Budget
    private var overhead: HTTP2Budget
    private var openStreams = 0
    private var headSince: NIODeadline?
    private var headerList = 0
    private var continuations = 0
    private var idleSince: NIODeadline
    private var hasServed = false
    private var past = HTTP2StreamMemory()
    private var lastOfPiecesBefore: Int32 = 0

    init(_ timeouts: HTTPTimeouts, now: NIODeadline) {
        self.timeouts = timeouts
        unanswered = HTTP2Budget(HTTP2Limits.unanswered, now: now)
        overhead = HTTP2Budget(HTTP2Limits.overhead, now: now)
        idleSince = now
    }

    /// Whether nothing that arrives matters any more.
    var isClosing: Bool {
        if case .closing = state { true } else { false }
    }
}

// MARK: What arrives

extension HTTP2ConnectionStateMachine {
    /// What is to be done about a frame.
    enum Verdict: Equatable {
        case accept
        case abuse(HTTP2Abuse)
        /// The connection ends for it.
        case violation(HTTP2ErrorCode)
    }

    /// A piece of input begins, with as many frames as there may be.
    mutating func pieceBegan() {
        lastOfPiecesBefore = past.greatest
    }

    /// A frame begins, of whatever type.
    ///
    /// - Parameter isOpen: Whether its stream is open, asked for if it matters.
    mutating func receive(_ frame: HTTP2FrameHeader, isOpen: @autoclosure () -> Bool, now: NIODeadline) -> Verdict {
        var isPartOfBody = false
        switch frame.kind {
        case .continuation:
            continuations += 1
            if continuations > HTTP2Limits.continuations { return .abuse(.continuations) }
        case .headers where frame.stream > past.greatest && frame.stream & 1 == 1:
            past.begin(frame.stream)
        case .headers where frame.stream & 1 == 1 && !isOpen():
            if let code = violation(on: frame.stream, skipped: .protocolError) { return .violation(code) }
        case .data where frame.stream <= past.greatest && frame.stream & 1 == 1:
            if isOpen() {
                isPartOfBody = frame.endsStream || frame.certainLength >= HTTP2Limits.smallData
            } else if let code = violation(on: frame.stream, skipped: .streamClosed) {
                return .violation(code)
            }
        case .reset:
            past.finish(frame.stream)
            // It has its answer by now, but a caller that sends a request and its reset together wanted none.
            if frame.stream > lastOfPiecesBefore, frame.stream <= past.greatest, !isOpen(),
                !unanswered.spend(now: now)
            {
                return .abuse(.unansweredRequests)
            }
        // RFC 9113, section 6.3. libnghttp2 does not look at them where priorities are given up.
        case .priority where frame.stream == 0:
            return .violation(.protocolError)
        case .priority where frame.length != 5:
            return .violation(.frameSizeError)
        default:
            break
        }
        return isPartOfBody || overhead.spend(now: now) ? .accept : .abuse(.overhead)
    }

    /// What a frame on a stream that is not open any more is (RFC 9113, sections 5.1 and 5.1.1).
    private func violation(on stream: Int32, skipped: HTTP2ErrorCode) -> HTTP2ErrorCode? {
        switch past.past(stream) {
        case .skipped: skipped
        case .finished: .streamClosed
        // It was on its way when the caller was told.
        case .refused: nil
        }
    }

    /// Nothing more may come on a stream: both sides have ended it.
    mutating func streamFinished(_ id: Int32) {
        past.finish(id)
    }

    /// A request begins with the first bytes of its head.
    mutating func streamOpened(now: NIODeadline) {
        openStreams += 1
        headBegan(now: now)
    }

    /// A header list begins, that of a request or its trailers.
    mutating func headBegan(now: NIODeadline) {
        // Its frame was one with a purpose. The frame of a request that is refused as one too many is not.
        overhead.earn(1)
        headSince = now
        headerList = 0
        continuations = 0
    }

    /// A field of the header list.
    mutating func field(nameLength: Int, valueLength: Int) -> HTTP2Abuse? {
        headerList += nameLength + valueLength + 32
        return headerList > HTTP2Limits.hostileHeaderList ? .headerList : nil
    }

    /// Whether the header list is larger than what is answered otherwise than with an error.
    var isHeaderListTooLarge: Bool { headerList > HTTP2Limits.headerList }

    /// The header list is complete.
    mutating func headEnded() {
        headSince = nil
    }

    /// A request has ended, with its answer or without.
    mutating func streamClosed(wasAnswered: Bool, now: NIODeadline) -> HTTP2Abuse? {
        openStreams -= 1
        if openStreams == 0 { idleSince = now }
        if wasAnswered {
            hasServed = true
            overhead.earn(HTTP2Limits.overheadEarned)
            return nil
        }
        headSince = nil
        return unanswered.spend(now: now) ? nil : .unansweredRequests
    }

    /// Part of an answer goes out.
    mutating func sent(count: Int) {
        if count >= HTTP2Limits.largeData { overhead.earn(HTTP2Limits.overheadEarned) }
    }
}

// MARK: The end

extension HTTP2ConnectionStateMachine {
    /// The connection ends for a reason that the caller is told.
    mutating func end(now: NIODeadline) {
        guard !isClosing else { return }
        state = .closing(until: now + timeouts.linger)
    }

    /// Nothing new is to be accepted.
    mutating func drain(now: NIODeadline) -> Action {
        guard case .open = state else { return .none }
        state = .announcing(until: now + timeouts.linger)
        return .announce
    }

    /// The caller knows that the connection is about to end.
    mutating func announcementWasRead() -> Action {
        guard case .announcing = state else { return .none }
        state = .draining
        return .refuseFurther
    }

    /// Until when something has to happen.
    var limit: NIODeadline? {
        switch state {
        case .open, .draining: inputLimit
        case .announcing(let limit): min(limit, inputLimit ?? limit)
        case .closing(let limit): limit
        }
    }

    /// A head has its time, and so has a connection on which nothing is asked.
    private var inputLimit: NIODeadline? {
        if let headSince { return headSince + timeouts.head }
        guard openStreams == 0 else { return nil }
        return idleSince + (hasServed ? timeouts.idle : timeouts.head)
    }

    /// What the time `now` means to the connection.
    mutating func expire(now: NIODeadline) -> Action {
        guard let limit, limit <= now else { return .none }
        if case .closing = state { return .close }
        // What is compressed after half a head cannot be read without its other half.
        if headSince != nil || inputLimit.map({ $0 <= now }) == true { return .end(.noError) }
        return announcementWasRead()
    }
}
