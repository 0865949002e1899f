import NIOCore

/// One connection to Hysteria: sends a request, reads its response, watches the time.
///
/// It is the only handler of its channel. Its client keeps it from before the connect until it is closed.
final class StatsConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// The connection is being made. → busy
        case connecting(StatsJob)
        /// Ready for the next job. → busy
        case idle
        /// The request was written. → idle, closed
        case busy(StatsJob)
        /// No further state. The client does not know the connection any more.
        case closed
    }

    private var state: State
    /// Given up on closing, which breaks the cycle.
    private var client: StatsClient?
    private var context: ChannelHandlerContext?
    private var response: StatsResponseStateMachine
    private var timer: NIOScheduledCallback?
    /// Whether an earlier request was answered here: only then can the upstream have closed the connection before
    /// it saw the present one.
    private var isReused = false

    init(client: StatsClient, job: StatsJob) {
        self.client = client
        response = StatsResponseStateMachine(bodyLimit: client.upstream.answerLimit)
        state = .connecting(job)
    }

    /// The connect ended, well or badly.
    func connectEnded(_ result: Result<any Channel, any Error>) {
        switch (state, result) {
        case (.connecting(let job), .success(let channel)):
            // Still in the turn in which the connection came up, so no byte can have been read before.
            guard channel.isActive, (try? channel.pipeline.syncOperations.addHandler(self)) != nil else {
                return fail(.unreachable(reason: "the connection ended at once"))
            }
            client?.counters.connectionsOpened += 1
            send(job)
        case (.connecting(let job), .failure(let error)):
            fail(StatsError.Kind(connectFailure: error, limit: job.timeout))
        case (_, .success(let channel)):
            channel.close(promise: nil)
        case (_, .failure):
            break
        }
    }

    /// Sends the request of a job on an idle connection.
    func start(_ job: StatsJob) {
        guard case .idle = state else { preconditionFailure("only an idle connection takes a job") }
        isReused = true
        send(job)
    }

    /// Closes the connection without telling the client. Returns the job in flight, and whether it was sent.
    @discardableResult
    func close() -> (job: StatsJob, wasSent: Bool)? {
        defer {
            state = .closed
            client = nil
            timer?.cancel()
            timer = nil
            context?.close(promise: nil)
        }
        switch state {
        case .connecting(let job): return (job, false)
        case .busy(let job): return (job, true)
        case .idle, .closed: return nil
        }
    }

    private func send(_ job: StatsJob) {
        guard let context = self.context else { preconditionFailure("a connected connection has a context") }
        state = .busy(job)
        client?.counters.requestsSent += 1
        response.requestSent(expecting: job.expectation)
        armTimer(for: job, context)
        context.writeAndFlush(Self.wrapOutboundOut(job.request), promise: nil)
    }

    private func perform(_ action: StatsResponseStateMachine.Action) {
        switch action {
        case .wait:
            break
        case .complete(let body, let reusable):
            guard case .busy(let job) = state, let client = self.client else { return }
            if reusable {
                state = .idle
            } else {
                close()
            }
            client.connection(self, answered: job, with: StatsAnswer(body: body), isOpen: reusable)
        case .fail(let kind):
            fail(kind)
        }
    }

    /// Closes the connection and tells the client why, and what job it leaves unanswered.
    private func fail(_ kind: StatsError.Kind) {
        guard let client = self.client else { return }
        let isStale = kind == .connectionLost && isReused && !response.hasBegun
        let came = response.body
        guard let unanswered = close() else { return client.idleConnectionClosed(self) }
        if isStale {
            client.connection(self, wasStaleFor: unanswered.job)
        } else {
            client.connection(self, failed: unanswered.job, wasSent: unanswered.wasSent, kind, came: came)
        }
    }
}

// MARK: Channel events

extension StatsConnection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = Self.unwrapInboundIn(data)
        perform(response.received(&buffer))
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, a failed write: whatever it was, the connection carries nothing any more.
        ended()
    }

    private func ended() {
        switch response.ended() {
        case .wait: fail(.connectionLost)
        case let action: perform(action)
        }
    }
}

// MARK: Time

extension StatsConnection: NIOScheduledCallbackHandler {
    /// Arms the timer unless it is armed. It then fires early, finds the later deadline and is armed again, so a busy
    /// connection pays for one timer per time limit and not for one per request.
    private func armTimer(for job: StatsJob, _ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        // Fails only while the event loop shuts down, which closes the channel anyway.
        timer = try? context.eventLoop.assumeIsolated().scheduleCallback(at: job.deadline, handler: self)
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        timer = nil
        guard case .busy(let job) = state, let context = self.context else { return }
        if job.deadline > eventLoop.now {
            armTimer(for: job, context)
        } else if let client = self.client, let overdue = client.overdue(job) {
            state = .busy(overdue)
            armTimer(for: overdue, context)
            client.tellOverdue(job)
        } else {
            fail(.timedOut(limit: job.timeout))
        }
    }
}

extension StatsConnection: Equatable {
    static func == (left: StatsConnection, right: StatsConnection) -> Bool {
        left === right
    }
}
