import NIOCore
import NIOPosix

/// Asks Hysteria on one event loop: typed calls, pooled connections, shared reads.
///
/// A client belongs to its event loop and may be used only there; that is why it needs no locks. Reads of the same kind
/// share their fetches, and a call that finds a fetch in progress waits for the next one, so no answer is older than
/// its call. `trafficClearing` and `kick` go out once, on a connection that carried nothing before, and are never
/// repeated.
package final class StatsClient {
    /// The event loop on which everything happens.
    package let eventLoop: any EventLoop

    /// Whom the client asks.
    package let upstream: StatsUpstream

    /// What the client did so far.
    package internal(set) var counters = StatsClientCounters()

    /// Makes a connection that takes no longer than it may.
    typealias Connector = (_ address: StatsAddress, _ timeout: TimeAmount) -> EventLoopFuture<any Channel>

    /// Takes the answer to a call whose receiver was told that it is awaited: called once, when it came or when it
    /// cannot come any more.
    package typealias LateAnswer = (Result<StatsAnswer, StatsError>) -> Void

    private let connector: Connector
    private let requests: StatsRequests
    private var reads: [CoalescingStateMachine<StatsJob.Waiter>]
    private var scheduledOnce: [StatsJob] = []
    private var turnIsScheduled = false
    private var pool: PoolStateMachine<StatsConnection, StatsJob>
    /// Every connection that is open or being made.
    private var connections: [StatsConnection] = []
    /// How many jobs are overdue. Their connections do not belong to the pool any more.
    private var overdueCount = 0
    /// How many calls are in progress whose answers are wanted even if they are late.
    private var unsettled = 0
    private var whenSettled: (() -> Void)?
    private var isShutDown = false

    /// Makes a client. It connects when the first call comes.
    package convenience init(eventLoop: any EventLoop, upstream: StatsUpstream) {
        self.init(eventLoop: eventLoop, upstream: upstream) { address, timeout in
            let bootstrap = ClientBootstrap(group: eventLoop).connectTimeout(timeout)
            guard let ip = try? SocketAddress(ipAddress: address.host, port: address.port) else {
                return bootstrap.connect(host: address.host, port: address.port)
            }
            return bootstrap.connect(to: ip)
        }
    }

    init(eventLoop: any EventLoop, upstream: StatsUpstream, connector: @escaping Connector) {
        self.connector = connector
        self.eventLoop = eventLoop
        self.upstream = upstream
        requests = StatsRequests(upstream: upstream)
        reads = ReadCall.allCases.map { _ in CoalescingStateMachine() }
        pool = PoolStateMachine(
            limit: upstream.connections,
            idleLimit: upstream.idleConnections,
            waitingLimit: upstream.waitingCalls
        )
    }

    /// Asks, and gives the answer or the error to the receiver, which is kept until then.
    ///
    /// - Parameter late: Takes the answer to a `clear` that was not there in time: Hysteria carries the call out all the
    ///   same, and then nobody else has the figures. The receiver gets an error with `answerIsAwaited` before.
    package func perform(
        _ call: StatsCall,
        for receiver: any StatsAnswerReceiver,
        ticket: UInt64,
        late: LateAnswer? = nil
    ) {
        eventLoop.preconditionInEventLoop()
        let waiter = StatsJob.Waiter(receiver: receiver, ticket: ticket)
        guard !isShutDown else { return refuse(waiter) }
        switch call {
        case .traffic: share(.traffic, waiter)
        case .online: share(.online, waiter)
        case .streams: share(.streams, waiter)
        case .trafficClearing: sendOnce(requests.clearing, expecting: .json, waiter, late)
        case .kick(let users): sendOnce(requests.kick(users), expecting: .anything, waiter, nil)
        }
    }

    /// Shuts the client down gracefully: in-flight calls are finished, and then no connection is kept.
    ///
    /// For a client whose place another one takes. It may still be called; each call then costs a connection.
    package func retire() {
        eventLoop.preconditionInEventLoop()
        guard !isShutDown else { return }
        for connection in pool.retire() { close(connection) }
    }

    /// Calls back once no call is in progress whose late answer is wanted, perhaps at once.
    package func whenSettled(_ body: @escaping () -> Void) {
        eventLoop.preconditionInEventLoop()
        if unsettled == 0 { body() } else { self.whenSettled = body }
    }

    /// Ends the client: all waiting calls get an error now, and the connections are closed.
    ///
    /// Calls made later are refused. A client that is not shut down lives as long as its connections.
    package func shutDown() {
        eventLoop.preconditionInEventLoop()
        guard !isShutDown else { return }
        isShutDown = true
        let open = connections
        connections.removeAll()
        var unanswered = pool.abandon().waiting.map { (job: $0, wasSent: false) }
        unanswered += scheduledOnce.map { (job: $0, wasSent: false) }
        scheduledOnce.removeAll()
        unanswered += open.compactMap { $0.close() }
        let readers = reads.indices.flatMap { reads[$0].abandon() }
        for reader in readers {
            reader.receiver.receive(.failure(error(.shutDown)), for: reader.ticket)
        }
        // The reads among these belong to the readers, who know by now.
        for case (let job, let wasSent) in unanswered where job.changesSomething {
            deliver(.failure(error(.shutDown, answerMayBeLost: wasSent)), to: job)
        }
    }
}

// MARK: Calls

extension StatsClient {
    private func share(_ call: ReadCall, _ waiter: StatsJob.Waiter) {
        switch reads[call.rawValue].join(waiter) {
        case .scheduleFetch: scheduleTurn()
        case .wait: counters.coalesced += 1
        }
    }

    private func sendOnce(
        _ request: ByteBuffer,
        expecting expectation: StatsResponseStateMachine.Expectation,
        _ waiter: StatsJob.Waiter,
        _ late: LateAnswer?
    ) {
        if late != nil { unsettled += 1 }
        scheduledOnce.append(job(.once(waiter, late: late), request, expectation))
        scheduleTurn()
    }

    private func refuse(_ waiter: StatsJob.Waiter) {
        let error = self.error(.shutDown)
        eventLoop.assumeIsolated().execute {
            waiter.receiver.receive(.failure(error), for: waiter.ticket)
        }
    }

    /// Writes the requests at the end of the event loop's tick: by then, all calls of that tick share them, and no call
    /// is answered from within `perform`.
    private func scheduleTurn() {
        guard !turnIsScheduled else { return }
        turnIsScheduled = true
        eventLoop.assumeIsolated().execute { self.startScheduled() }
    }

    private func startScheduled() {
        turnIsScheduled = false
        if !scheduledOnce.isEmpty {
            var jobs: [StatsJob] = []
            swap(&jobs, &scheduledOnce)
            for job in jobs { submit(job) }
        }
        for call in ReadCall.allCases where reads[call.rawValue].isScheduled {
            reads[call.rawValue].startFetch()
            submit(self.job(.read(call), requests.read(call), .json))
        }
    }

    private func job(
        _ kind: StatsJob.Kind,
        _ request: ByteBuffer,
        _ expectation: StatsResponseStateMachine.Expectation
    ) -> StatsJob {
        let timeout = upstream.timeout
        return StatsJob(
            kind: kind,
            request: request,
            expectation: expectation,
            deadline: eventLoop.now + timeout,
            timeout: timeout
        )
    }

    private func error(_ kind: StatsError.Kind, answerMayBeLost: Bool = false) -> StatsError {
        StatsError(kind, address: upstream.address, answerMayBeLost: answerMayBeLost)
    }

    /// Every state is consistent when this is called: receivers may call anything.
    private func deliver(_ result: Result<StatsAnswer, StatsError>, to job: StatsJob) {
        switch job.kind {
        case .once(let waiter, let late):
            waiter.receiver.receive(result, for: waiter.ticket)
            if late != nil { settle() }
        case .overdue(let late):
            late(result)
            settle()
        case .read(let call):
            var (waiters, scheduleNext) = reads[call.rawValue].endFetch()
            if scheduleNext { scheduleTurn() }
            for waiter in waiters {
                waiter.receiver.receive(result, for: waiter.ticket)
            }
            reads[call.rawValue].recycle(&waiters)
        }
    }
}

// MARK: Late answers

extension StatsClient {
    /// A job whose time is up, with more time; nil if its answer is not waited for.
    func overdue(_ job: StatsJob) -> StatsJob? {
        guard overdueCount < upstream.lateAnswers else { return nil }
        return job.overdue(by: upstream.patience)
    }

    /// Tells the caller that there is no answer in time, and lets another call have the connection's place.
    func tellOverdue(_ job: StatsJob) {
        guard case .once(let waiter, _) = job.kind else { return }
        counters.errors += 1
        overdueCount += 1
        let error = StatsError(
            .timedOut(limit: job.timeout),
            address: upstream.address,
            answerMayBeLost: true,
            answerIsAwaited: true
        )
        waiter.receiver.receive(.failure(error), for: waiter.ticket)
        guard !isShutDown else { return }
        perform(pool.lost())
    }

    private func settle() {
        unsettled -= 1
        guard unsettled == 0 else { return }
        let tell = whenSettled
        whenSettled = nil
        tell?()
    }

    /// The connection of an overdue job ends with it.
    private func ended(_ connection: StatsConnection, overdue job: StatsJob, _ result: Result<StatsAnswer, StatsError>)
    {
        close(connection)
        overdueCount -= 1
        deliver(result, to: job)
    }
}

// MARK: Connections

extension StatsClient {
    private func submit(_ job: StatsJob) {
        guard !isShutDown else { return deliver(.failure(error(.shutDown)), to: job) }
        perform(pool.submit(job, needsFresh: job.changesSomething))
    }

    private func perform(_ action: PoolStateMachine<StatsConnection, StatsJob>.Action) {
        switch action {
        case .none:
            break
        case .use(let connection, let job):
            connection.start(job)
        case .connect(let job):
            connect(for: job)
        case .replace(let connection, let job):
            close(connection)
            connect(for: job)
        case .close(let connection):
            close(connection)
        case .refuse(let job):
            counters.errors += 1
            deliver(.failure(error(.tooManyCalls(limit: upstream.waitingCalls))), to: job)
        }
    }

    private func connect(for job: StatsJob) {
        let connection = StatsConnection(client: self, job: job)
        connections.append(connection)
        let channel = connector(
            upstream.address,
            max(.nanoseconds(1), job.deadline - eventLoop.now)
        )
        channel.assumeIsolated().whenComplete { connection.connectEnded($0) }
    }

    private func close(_ connection: StatsConnection) {
        connection.close()
        forget(connection)
    }

    private func forget(_ connection: StatsConnection) {
        connections.removeAll { $0 === connection }
    }

    // Receivers are told before the pool goes on: one of them may end the client, and nothing may be half done then.

    /// A connection brought the answer to a job; closed already, unless it is open for the next one.
    func connection(_ connection: StatsConnection, answered job: StatsJob, with answer: StatsAnswer, isOpen: Bool) {
        counters.answers += 1
        guard !job.isOverdue else { return ended(connection, overdue: job, .success(answer)) }
        if !isOpen { forget(connection) }
        deliver(.success(answer), to: job)
        guard !isShutDown else { return }
        perform(isOpen ? pool.released(connection) : pool.lost())
    }

    /// A connection was closed with a job unanswered.
    func connection(
        _ connection: StatsConnection,
        failed job: StatsJob,
        wasSent: Bool,
        _ kind: StatsError.Kind,
        came: ByteBuffer
    ) {
        let error = StatsError(
            kind,
            address: upstream.address,
            answerMayBeLost: wasSent && job.changesSomething && kind.leavesEffectUnknown,
            remains: job.changesSomething && came.readableBytes > 0 ? came : nil
        )
        // An overdue job was counted when its time was up.
        guard !job.isOverdue else { return ended(connection, overdue: job, .failure(error)) }
        counters.errors += 1
        forget(connection)
        deliver(.failure(error), to: job)
        guard !isShutDown else { return }
        perform(pool.lost())
    }

    /// The upstream had closed a keep-alive connection before it saw the read. It is asked again, on a new connection.
    func connection(_ connection: StatsConnection, wasStaleFor job: StatsJob) {
        counters.retries += 1
        forget(connection)
        connect(for: job)
    }

    /// A connection ended while nothing was asked on it.
    func idleConnectionClosed(_ connection: StatsConnection) {
        forget(connection)
        pool.idleClosed(connection)
    }
}
