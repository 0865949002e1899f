import NIOCore

// MARK: Requests

extension HTTP2ServerHandler: HTTP2SessionEvents {
    /// Whatever a frame does to the connection, answers that were decided are to go out before. A caller who does not take them
    /// waits.
    func prepareForFrame() -> Bool {
        if unsentAnswers > 0 { fillAhead() }
        // What is left then waits for the caller's windows, which frames open.
        return unsentAnswers == 0 || context?.channel.isWritable != false
    }

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

    func streamOpened(id: Int32) -> HTTP2Stream {
        machine.streamOpened(now: now)
        var bytes = ByteBuffer()
        swap(&bytes, &resources.fields)
        head = HTTP2RequestHead(into: bytes)
        return openStream(id: id)
    }

    func trailersBegan() {
        machine.headBegan(now: now)
    }

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

    func invalidField() {
        head?.refuse(.malformed("A field name or value is malformed."))
    }

    func headEnded(_ stream: HTTP2Stream, isComplete: Bool) {
        machine.headEnded()
        stream.machine.headEnded(isComplete: isComplete)
        guard let head else { return }
        self.head = nil
        judge(head, stream)
        resources.fields = head.takeBytes()
    }

    private func judge(_ head: HTTP2RequestHead, _ stream: HTTP2Stream) {
        let request: Request
        do {
            request = try head.request()
        } catch {
            respond(stream.exchange.response(to: error), on: stream)
            return
        }
        stream.isHead = request.method == .head
        let step = stream.exchange.begin(request, answeringTo: stream)
        var wantsBody = false
        if case .readBody = step { wantsBody = true }
        let isDelivered = stream.machine.judged(wantsBody: wantsBody, until: now + timeouts.body)
        switch step {
        case .respond(let response):
            respond(response, on: stream)
        case .wait:
            break
        case .readBody where isDelivered:
            deliverBody(stream)
        case .readBody:
            if head.expectsContinue { session.submitContinue(on: stream) }
            setTimer(now + timeouts.body)
        }
    }

    func bodyArrived(_ bytes: UnsafeRawBufferPointer, on stream: HTTP2Stream) {
        switch stream.machine.receive(count: bytes.count) {
        case .drop:
            break
        case .decline:
            session.reset(stream.id, .noError)
        case .tooLarge:
            releaseBody(of: stream)
            respond(stream.exchange.response(to: .bodyTooLarge), on: stream)
        case .keep:
            guard bodyBytes + bytes.count <= HTTP2Limits.bodies else {
                return session.reset(stream.id, .enhanceYourCalm)
            }
            bodyBytes += bytes.count
            stream.body.writeBytes(bytes)
        }
    }

    func requestEnded(_ stream: HTTP2Stream) {
        machine.headEnded()
        if stream.machine.ended() { deliverBody(stream) }
    }

    private func deliverBody(_ stream: HTTP2Stream) {
        let body = stream.body
        releaseBody(of: stream)
        if case .respond(let response) = stream.exchange.resume(body: body, answeringTo: stream) {
            respond(response, on: stream)
        }
    }

    func pingAnswered() {
        if machine.announcementWasRead() == .refuseFurther { refuseFurther() }
    }

    func streamClosed(_ stream: HTTP2Stream, isRegular: Bool) {
        if stream.machine.isSending { unsentAnswers -= 1 }
        let wasAnswered = stream.machine.isSent
        stream.releaseAnswer().end(isLost: true)
        if isRegular, stream.machine.isComplete { machine.streamFinished(stream.id) }
        closeStream(stream)
        _ = goesOn(machine.streamClosed(wasAnswered: wasAnswered, now: now))
    }

    private func goesOn(_ abuse: HTTP2Abuse?) -> Bool {
        if let abuse, self.abuse == nil { self.abuse = abuse }
        return abuse == nil
    }
}
