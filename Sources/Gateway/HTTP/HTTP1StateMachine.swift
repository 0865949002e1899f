import NIOCore

/// One HTTP/1.1 connection seen from the server: requests one after the other, each with one answer.
///
/// It holds no channel and no clock. The handler feeds it what happens and does what it returns.
struct HTTP1StateMachine {
    /// Where the connection stands.
    private enum State {
        /// Between requests, not a byte of the next. → head, closing
        case idle
        /// Part of a head is there. → judging, closing
        case head(HTTP1HeadScanner)
        /// A head was handed out and ``judged(wantsBody:)`` is due. → body, answering
        case judging(HTTP1BodyReader?)
        /// The body arrives, wanted or not; the answer may be out already. → answering, idle, closing
        case body(HTTP1BodyReader, isWanted: Bool, isAnswered: Bool)
        /// The request is complete and its answer is not. → idle, closing
        case answering
        /// The last answer is out. Whatever still arrives is dropped.
        case closing
    }

    /// What the handler does next.
    enum Action {
        /// Nothing until something else happens.
        case none
        /// Look at the request, then call ``judged(wantsBody:)``, then come back.
        case judge(Request)
        /// The body that was wanted is here.
        case deliver(body: ByteBuffer)
        /// Answer with this error; the connection ends behind it.
        case reject(HTTP1Error)
        /// Close the connection; there is nobody to answer.
        case close
    }

    /// What follows an answer.
    enum Sequel: Equatable {
        /// The next request, which may be in the buffer already.
        case next
        /// Nothing more: close the connection.
        case close
        /// Close, but first wait a moment for the caller to stop sending: closing a socket with unread bytes sends a
        /// reset, which can take the answer away from the caller (RFC 9112, section 9.6).
        case lingeringClose
    }

    /// What the connection waits for, and so which time limit holds.
    enum Wait: Equatable {
        case request, head, body, answer, end
    }

    private var state = State.idle
    private var keepAlive = true
    private var isHTTP10 = false
    private var awaitsContinue = false
    private var skippedEmptyLine = false
    private var isDraining = false
    private var isRejected = false

    /// What the connection waits for.
    var wait: Wait {
        switch state {
        case .idle: .request
        case .head: .head
        case .judging, .answering: .answer
        case .body: .body
        case .closing: .end
        }
    }

    /// Whether HTTP/1.0 was spoken in the request under way, to which keeping the connection must be announced.
    var mustAnnounceKeepAlive: Bool { isHTTP10 }

    /// Takes what it can from `input`, which holds all that has arrived and is not taken yet.
    mutating func receive(_ input: inout ByteBuffer) -> Action {
        do throws(HTTP1Error) {
            switch state {
            case .idle:
                guard input.readableBytes > 0 else { return .none }
                return try readHead(HTTP1HeadScanner(), &input)
            case .head(let scanner):
                return try readHead(scanner, &input)
            case .body(let reader, let isWanted, let isAnswered):
                // The reader's buffer must have one owner while it grows, or it is copied with every piece.
                state = .answering
                return try readBody(reader, isWanted: isWanted, isAnswered: isAnswered, &input)
            case .judging:
                return .none
            case .answering:
                if isRejected { input.clear() }
                return .none
            case .closing:
                input.clear()
                return .none
            }
        } catch {
            return fail(error)
        }
    }

    private mutating func readHead(
        _ scanner: HTTP1HeadScanner,
        _ input: inout ByteBuffer
    ) throws(HTTP1Error) -> Action {
        var scanner = scanner
        switch input.withUnsafeReadableBytes({ scanner.scan($0) }) {
        case .incomplete:
            state = .head(scanner)
            return .none
        case .malformed(let error):
            throw error
        case .complete(let length):
            guard let bytes = input.readSlice(length: length) else { return .none }
            if length == 2, !skippedEmptyLine {
                // RFC 9112, section 2.2: one empty line before a request line is forgiven.
                skippedEmptyLine = true
                state = .idle
                return receive(&input)
            }
            skippedEmptyLine = false
            let head = try HTTP1HeadParser.parse(bytes)
            keepAlive = head.keepAlive
            isHTTP10 = head.request.version == .http1_0
            awaitsContinue = head.expectsContinue && head.framing != .none
            state = .judging(HTTP1BodyReader(head.framing))
            return .judge(head.request)
        }
    }

    private mutating func readBody(
        _ reader: consuming HTTP1BodyReader,
        isWanted: Bool,
        isAnswered: Bool,
        _ input: inout ByteBuffer
    ) throws(HTTP1Error) -> Action {
        if input.readableBytes > 0 { awaitsContinue = false }
        let isComplete: Bool
        do throws(HTTP1Error) {
            isComplete = try reader.read(&input)
        } catch {
            state = .body(reader, isWanted: isWanted, isAnswered: isAnswered)
            throw error
        }
        guard isComplete else {
            state = .body(reader, isWanted: isWanted, isAnswered: isAnswered)
            return .none
        }
        guard isAnswered else {
            state = .answering
            return isWanted ? .deliver(body: reader.body) : .none
        }
        state = isDraining ? .closing : .idle
        return isDraining ? .close : receive(&input)
    }

    /// What arrived cannot be read, or did not arrive: from here on nothing of this connection is.
    private mutating func fail(_ error: HTTP1Error) -> Action {
        keepAlive = false
        switch state {
        case .idle, .head, .body(_, isWanted: true, isAnswered: false):
            state = .answering
            isRejected = true
            return .reject(error)
        case .body(_, isWanted: false, isAnswered: false):
            // The answer to the head is on its way. It is true all the same, and the last one.
            state = .answering
            isRejected = true
            return .none
        case .body(_, _, isAnswered: true):
            state = .closing
            return .close
        case .judging, .answering, .closing:
            return .none
        }
    }

    /// The request handed out last was looked at; its answer follows, now or later.
    ///
    /// - Returns: whether to send `100 Continue` now.
    mutating func judged(wantsBody: Bool) -> Bool {
        guard case .judging(let reader) = state else { return false }
        guard let reader else {
            state = .answering
            return false
        }
        state = .body(reader, isWanted: wantsBody, isAnswered: false)
        guard wantsBody, awaitsContinue else { return false }
        awaitsContinue = false
        return true
    }

    /// The answer to the request under way goes out now.
    ///
    /// - Returns: how the connection goes on, which the answer has to announce.
    mutating func answer() -> Sequel {
        // A caller that waits for 100 Continue may or may not send its body when it sees a final answer instead, so what
        // comes next could not be told apart (RFC 9110, section 10.1.1).
        if isDraining || awaitsContinue { keepAlive = false }
        switch state {
        case .body(let reader, _, isAnswered: false):
            state = keepAlive ? .body(reader, isWanted: false, isAnswered: true) : .closing
            return keepAlive ? .next : .lingeringClose
        case .answering:
            state = keepAlive ? .idle : .closing
            return keepAlive ? .next : isRejected ? .lingeringClose : .close
        case .idle, .head, .judging, .closing, .body(_, _, isAnswered: true):
            return .close
        }
    }

    /// The time limit of ``wait`` has passed.
    mutating func timedOut() -> Action {
        switch state {
        case .head, .body(_, isWanted: true, isAnswered: false):
            return fail(.timedOut)
        case .idle, .closing, .body(_, _, isAnswered: true):
            state = .closing
            return .close
        case .body(_, isWanted: false, isAnswered: false):
            return fail(.timedOut)
        case .judging, .answering:
            return .none
        }
    }

    /// The caller sends nothing more, and may still read.
    mutating func inputEnded() -> Action {
        switch state {
        case .answering, .judging:
            keepAlive = false
            return .none
        case .body(_, isWanted: false, isAnswered: false):
            keepAlive = false
            state = .answering
            return .none
        case .idle, .head, .body, .closing:
            state = .closing
            return .close
        }
    }

    /// Nothing new is accepted: the answer under way, or the next one, is the last.
    mutating func drain() -> Action {
        isDraining = true
        guard case .idle = state else { return .none }
        state = .closing
        return .close
    }
}
