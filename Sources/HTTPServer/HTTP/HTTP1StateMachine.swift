import NIOCore

/// One HTTP/1.1 connection seen from the server: requests one after the other, each with one answer.
///
/// It holds no channel and no clock. The handler feeds it what happens and does what it returns.
struct HTTP1StateMachine {
    /// Where the connection stands.
    private enum State {
        /// Between requests, not a byte of the next. → head, closing
        case idle
        /// Part of a head is there. → judging, answering, closing
        case head(HTTP1HeadScanner)
        /// A head was handed out and ``didRoute(wantsBody:)`` is due. → body, answering
        case judging(HTTP1BodyReader?)
        /// The body arrives, wanted or not. → answering, sending
        case body(HTTP1BodyReader, isWanted: Bool)
        /// No more is read for this request, and its answer is not there. → sending
        case answering
        /// The answer goes out, and what arrives meanwhile waits. → rest, idle, closing
        case sending(HTTP1BodyReader?)
        /// The answer is out, and the body of its request still arrives. → idle, closing
        case rest(HTTP1BodyReader)
        /// The last answer is out. Whatever still arrives is dropped.
        case closing
    }

    /// What the handler does next.
    enum Action {
        /// Nothing until something else happens.
        case none
        /// Route the request, then call ``didRoute(wantsBody:)``, then come back.
        case judge(Request)
        /// The body that was wanted is here.
        case deliver(body: ByteBuffer)
        /// Answer with this error; the connection ends after it.
        case reject(RequestError)
        /// Continue as after an answer: there is nothing to answer.
        case follow(AfterResponse)
        /// Close the connection; the caller is gone.
        case close
    }

    /// What follows an answer.
    enum AfterResponse: Equatable {
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
        case request, head, body, answer, write, end
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
        case .body, .rest: .body
        case .judging, .answering: .answer
        case .sending: .write
        case .closing: .end
        }
    }

    /// Whether HTTP/1.0 was spoken in the current request, which must be told that the connection stays open
    /// (keep-alive).
    var mustAnnounceKeepAlive: Bool { isHTTP10 }
}

// MARK: Bytes

extension HTTP1StateMachine {
    /// Takes what it can from `input`, which holds all that has arrived and is not taken yet.
    mutating func receive(_ input: inout ByteBuffer) -> Action {
        do throws(RequestError) {
            switch state {
            case .idle:
                guard input.readableBytes > 0 else { return .none }
                return try readHead(HTTP1HeadScanner(), &input)
            case .head(let scanner):
                return try readHead(scanner, &input)
            case .body(let reader, let isWanted):
                // The reader's buffer must have one owner while it grows, or it is copied with every piece.
                state = .answering
                return try readBody(reader, isWanted: isWanted, &input)
            case .rest(let reader):
                return try readRest(reader, &input)
            case .judging, .answering, .sending:
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
    ) throws(RequestError) -> Action {
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
                // RFC 9112, section 2.2: one empty line before a request line is tolerated.
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
        _ input: inout ByteBuffer
    ) throws(RequestError) -> Action {
        if input.readableBytes > 0 { awaitsContinue = false }
        let isComplete: Bool
        do throws(RequestError) {
            isComplete = try reader.read(&input, keeping: isWanted)
        } catch {
            state = .body(reader, isWanted: isWanted)
            throw error
        }
        guard isComplete else {
            state = .body(reader, isWanted: isWanted)
            return .none
        }
        state = .answering
        return isWanted ? .deliver(body: reader.body) : .none
    }

    private mutating func readRest(
        _ reader: HTTP1BodyReader,
        _ input: inout ByteBuffer
    ) throws(RequestError) -> Action {
        var reader = reader
        guard try reader.read(&input, keeping: false) else {
            state = .rest(reader)
            return .none
        }
        state = .idle
        return receive(&input)
    }

    /// What arrived cannot be read, or did not arrive: from here on nothing of this connection is.
    private mutating func fail(_ error: RequestError) -> Action {
        keepAlive = false
        switch state {
        case .idle, .head, .body(_, isWanted: true):
            state = .answering
            isRejected = true
            return .reject(error)
        case .body(_, isWanted: false):
            // The answer to the head is on its way. It is true all the same, and the last one.
            state = .answering
            isRejected = true
            return .none
        case .rest:
            // The request has its answer, whatever follows it.
            state = .closing
            return .follow(.lingeringClose)
        case .judging, .answering, .sending, .closing:
            return .none
        }
    }
}

// MARK: Answers

extension HTTP1StateMachine {
    /// The request handed out last was looked at; its answer follows, now or later. A body that is wanted is delivered
    /// even if it is empty.
    ///
    /// - Returns: whether to send `100 Continue` now.
    mutating func didRoute(wantsBody: Bool) -> Bool {
        guard case .judging(let reader) = state else { return false }
        if wantsBody {
            state = .body(reader ?? .empty, isWanted: true)
        } else {
            state = reader.map { .body($0, isWanted: false) } ?? .answering
        }
        guard wantsBody, awaitsContinue else { return false }
        awaitsContinue = false
        return true
    }

    /// The answer to the current request begins to go out.
    ///
    /// - Returns: whether it is the last on this connection, which it has to announce.
    mutating func answer() -> Bool {
        // A caller that waits for 100 Continue may or may not send its body when it sees a final answer instead, so what
        // comes next could not be told apart (RFC 9110, section 10.1.1).
        if isDraining || awaitsContinue { keepAlive = false }
        if case .body(let reader, _) = state { state = .sending(reader) } else { state = .sending(nil) }
        return !keepAlive
    }

    /// All of the answer has been handed over.
    mutating func answered() -> AfterResponse {
        guard case .sending(let rest) = state else { return .close }
        guard keepAlive else {
            state = .closing
            return isRejected || rest != nil ? .lingeringClose : .close
        }
        state = rest.map { .rest($0) } ?? .idle
        return .next
    }
}

// MARK: Time, and the end

extension HTTP1StateMachine {
    /// The time limit of ``wait`` has passed.
    mutating func timedOut() -> Action {
        switch state {
        case .head, .body:
            return fail(.timedOut)
        case .idle, .sending, .rest, .closing:
            state = .closing
            return .close
        case .judging, .answering:
            return .none
        }
    }

    /// The caller has ended its direction of the connection, and is taken to be gone: an answer that is not there yet would
    /// not reach it. One that is on its way is the last.
    mutating func inputEnded() -> Action {
        keepAlive = false
        if case .sending = state {
            state = .sending(nil)
            isRejected = true
            return .none
        }
        state = .closing
        return .follow(.close)
    }

    /// The current answer, or the next one, is the last. How long a next request may still come is for the time limit
    /// of ``wait`` to say.
    mutating func drain() {
        isDraining = true
    }
}
