import HysteriaStats
import Logging
import NIOCore
import Time

/// An upstream as one event loop sees it: sends calls to it, logs its errors, and accounts for the figures that a `clear` takes.
///
/// Not `Sendable`: it is used on its event loop only.
final class Upstream: MetricsUpstream {
    private let clients: UpstreamSwitch
    /// Reads, where another event loop fetches them; nil on that one.
    private var remote: RemoteFetches?
    private let watch: UpstreamWatch
    /// The traffic that was seen, on all event loops.
    let ledger: TrafficLedger
    private let eventLoop: any EventLoop
    /// Where large answers are read.
    private let offLoop: OffLoop
    private let clock: WallClock
    /// Whether whoever listens at the address is Hysteria itself, and no tunnel.
    private var isOwnMachine: Bool
    /// What is being found out about the process that listens there.
    private var process: EventLoopFuture<HysteriaProcess>?
    private var errorLimiter = LogLimiter()
    /// Callers who got no answer, by the kind of the error.
    private var errors: [String: UInt64] = [:]

    /// - Parameter share: what other event loops know of it.
    init(_ upstream: NamedUpstream, _ share: SharedUpstreams.Share, on eventLoop: any EventLoop, clock: WallClock) {
        watch = share.watch
        ledger = share.ledger
        offLoop = share.offLoop
        self.eventLoop = eventLoop
        isOwnMachine = upstream.isOwnMachine
        clients = UpstreamSwitch(StatsClient(eventLoop: eventLoop, upstream: upstream.settings), watch: watch)
        self.clock = clock
        remote = share.fetchLoop.upstream(for: self, on: eventLoop).map { RemoteFetches($0, on: eventLoop) }
    }

    /// What it is called.
    var name: String { watch.name }

    /// Where Hysteria answers, as it is configured now.
    var address: StatsAddress { clients.current.upstream.address }

    /// The secret that it is asked with.
    var secret: Secret? { clients.current.upstream.secret }

    /// What is known of the process that listens there now. Who asks at once shares the answer, and then the calls to Hysteria.
    func process(on eventLoop: any EventLoop) -> EventLoopFuture<HysteriaProcess> {
        if let process { return process }
        let isOwnMachine = isOwnMachine
        let found = HysteriaMark.current(of: address, on: eventLoop).map { mark in
            HysteriaProcess(mark: mark, isOwnMachine: isOwnMachine)
        }
        process = found
        found.assumeIsolated().whenComplete { [self] _ in process = nil }
        return found
    }

    /// What it was asked, and what went wrong.
    var counters: UpstreamCounters {
        let counters = clients.counters
        return UpstreamCounters(
            name: name,
            requests: UInt64(counters.requestsSent),
            coalesced: UInt64(counters.coalesced + (remote?.coalesced ?? 0)),
            errors: errors
        )
    }

    // MARK: Asking

    /// Asks, and gives the answer or the error to the receiver.
    func perform(_ call: StatsCall, for receiver: any StatsAnswerReceiver, ticket: UInt64) {
        guard let remote, let read = call.read else { return clients.perform(call, for: receiver, ticket: ticket) }
        remote.perform(read, for: receiver, ticket: ticket)
    }

    /// Asks for the figures and empties Hysteria's counters. ``clearEnded(_:caller:)`` has to be told of the result.
    ///
    /// - Parameter caller: the name of the token that it is done for.
    func clear(for receiver: any StatsAnswerReceiver, caller: String?) {
        ledger.clearBegins()
        clients.perform(.trafficClearing, for: receiver, ticket: 0) { [self] in clearEnded(late: $0, caller: caller) }
    }

    /// Asks another Hysteria, or the same one in another way, from now on.
    func adopt(_ upstream: NamedUpstream) {
        isOwnMachine = upstream.isOwnMachine
        guard upstream.settings != clients.current.upstream else { return }
        clients.adopt(upstream.settings)
    }

    /// Is asked no more: what is in progress is finished, and then no connection is kept.
    func retire() {
        clients.retire()
    }

    /// Calls back once no late answer is waited for.
    func whenSettled(_ body: @escaping () -> Void) {
        clients.whenSettled(body)
    }

    /// Ends the clients: everybody who waits gets an error now.
    func shutDown() {
        remote?.shutDown(StatsError(.shutDown, address: address))
        clients.shutDown()
    }

    // MARK: What came of it

    /// Hysteria gave an answer that can be used.
    func answered() {
        watch.answered(address)
    }

    /// Hysteria gave an answer that cannot be used.
    ///
    /// - Returns: the error, which has been told to the operator.
    @discardableResult
    func answeredBadly(_ reason: any Error, to call: StatsCall) -> StatsError {
        let error = StatsError(.malformedAnswer(reason: "\(reason)"), address: address)
        report(error, of: call)
        return error
    }

    /// Tells the operator of an upstream that did not answer, once a second at most: pollers are many.
    func report(_ error: StatsError, of call: StatsCall) {
        errors[error.kind.label, default: 0] += 1
        if error.answerMayBeLost {
            watch.failed()
            reportLost(error, of: call)
            return
        }
        guard let suppressed = errorLimiter.admit(now: clock.now()) else { return }
        if error.kind != .shutDown { watch.failed() }
        var metadata: Logger.Metadata = ["call": "\(call.name)"]
        if suppressed > 0 { metadata["suppressed"] = "\(suppressed)" }
        watch.logger.error("\(error)", metadata: metadata)
    }

    /// Figures that were cleared go on counting in the totals of `/metrics`. What came of an answer that cannot be used
    /// is in the log, for a person to read.
    func clearEnded(_ result: Result<StatsAnswer, StatsError>, caller: String?) {
        if case .failure(let error) = result {
            // Until the answer comes, it is unknown whether Hysteria's counters were reset.
            if error.answerIsAwaited { return }
            if let remains = error.remains { reportLoss(of: remains, caller: caller) }
        }
        ledger.clearArrived()
        let body = ledger.isUsed ? try? result.get().body : nil
        work(on: body ?? ByteBuffer()) { [ledger, now = clock.now()] in
            ledger.takeClear(body.flatMap { try? TrafficAnswer(parsing: $0) }, now: now)
        }
    }

    /// Takes the answer to a `clear` whose caller was told that there is none in time.
    private func clearEnded(late result: Result<StatsAnswer, StatsError>, caller: String?) {
        clearEnded(result, caller: caller)
        switch result {
        case .success(let answer): reportLoss(of: answer.body, caller: caller)
        case .failure(let error): reportLost(error, of: .trafficClearing)
        }
    }

    /// Tells the operator that an answer is lost. Not rate limited: each has figures that nobody has seen.
    private func reportLost(_ error: StatsError, of call: StatsCall) {
        watch.logger.error("\(error)", metadata: ["call": "\(call.name)", "lost": "true"])
    }

    /// Writes down the answer to a `clear` that the caller did not get: Hysteria has forgotten these figures.
    func reportLoss(of figures: ByteBuffer, caller: String?) {
        work(on: figures) { [logger = watch.logger] in
            // Between the tokens of JSON a line break is worth a space, and within them there is none.
            let text = String(decoding: figures.readableBytesView.lazy.map { max($0, 0x20) }, as: UTF8.self)
            logger.error(
                "the counters were cleared, but the caller did not get the figures; here they are: \(text)",
                metadata: ["token": "\(caller ?? "-")"]
            )
        }
    }

    /// Does something with an answer that has to be done in any case, away from the event loop if it is large.
    private func work(on body: ByteBuffer, _ work: @escaping @Sendable () -> Void) {
        offLoop.run(WorkMaterial(body), for: "", isDue: true, on: eventLoop, work, then: { _ in })
    }
}

extension StatsCall {
    /// The call in a log line: never whom it names.
    fileprivate var name: StaticString {
        switch self {
        case .traffic: "traffic"
        case .trafficClearing: "traffic clearing"
        case .online: "online"
        case .streams: "streams"
        case .kick: "kick"
        }
    }
}
