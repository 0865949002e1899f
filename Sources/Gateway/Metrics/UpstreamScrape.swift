import HysteriaStats
import Ledger
import NIOCore
import Time

/// An upstream, as a scrape asks it.
protocol MetricsUpstream: AnyObject {
    /// What it is called.
    var name: String { get }
    /// The traffic that was seen.
    var ledger: TrafficLedger { get }

    /// Asks, and gives the answer or the error to the receiver.
    func perform(_ call: StatsCall, for receiver: any StatsAnswerReceiver, ticket: UInt64)
    /// What is known of the process that listens now.
    func process(on eventLoop: any EventLoop) -> EventLoopFuture<HysteriaProcess>
    /// The answer can be used.
    func answered()
    /// The answer cannot be used.
    @discardableResult func answeredBadly(_ reason: any Error, to call: StatsCall) -> StatsError
    /// There is no answer.
    func report(_ error: StatsError, of call: StatsCall)
}

/// What one upstream tells a scrape: two calls at once.
///
/// The upstream holds on to it until it has answered, and its answers are taken in, however late they are for the scrape.
final class UpstreamScrape: StatsAnswerReceiver {
    private enum Ticket {
        static let traffic: UInt64 = 0
        static let online: UInt64 = 1
    }

    private let upstream: any MetricsUpstream
    private let ledger: (any MetricsLedger)?
    private let userLimit: Int
    private var snapshot: LedgerSnapshot?
    private var quotas: [QuotaFigures] = []
    private let clock: WallClock
    private let eventLoop: any EventLoop
    private let offLoop: OffLoop
    private let owner: String
    /// When what this scrape sees began; nil where the ledger counts.
    private let moment: TrafficLedger.Moment?
    private var process = HysteriaProcess()
    private let began: NIODeadline
    private var lastAnswer: NIODeadline?
    private var ended: NIODeadline?
    private var whenDone: (() -> Void)?
    private var awaited = 2
    private var hasTraffic = false
    private var online: OnlineAnswer?
    /// Whether there was no room for the work that an answer is.
    private(set) var isRefused = false

    /// - Parameters:
    ///   - ledger: where the traffic of this upstream is counted; nil where what scrapes see is all there is.
    ///   - userLimit: how many users are named at most.
    init(
        _ upstream: any MetricsUpstream,
        ledger: (any MetricsLedger)?,
        userLimit: Int,
        clock: WallClock,
        offLoop: OffLoop,
        owner: String,
        on eventLoop: any EventLoop
    ) {
        self.upstream = upstream
        self.ledger = ledger
        self.userLimit = userLimit
        snapshot = ledger?.snapshot
        self.clock = clock
        self.eventLoop = eventLoop
        self.offLoop = offLoop
        self.owner = owner
        began = eventLoop.now
        moment = ledger == nil ? upstream.ledger.readBegins() : nil
    }

    /// - Parameter whenDone: called once, and never before this returns.
    func start(whenDone: @escaping () -> Void) {
        self.whenDone = whenDone
        if let ledger {
            ledger.committed(on: eventLoop).assumeIsolated().whenComplete { [self] result in
                lastAnswer = eventLoop.now
                if case .success(let figures) = result {
                    snapshot = figures.snapshot
                    hasTraffic = figures.isFresh
                }
                answered()
            }
            awaited += 1
            ledger.quotaFigures(on: eventLoop).assumeIsolated().whenComplete { [self] result in
                quotas = (try? result.get()) ?? []
                answered()
            }
        } else {
            // Before the answer: a Hysteria that takes the place of the one that answers has another mark at the next reading.
            upstream.process(on: eventLoop).assumeIsolated().whenSuccess { [self] process in
                self.process = process
                upstream.perform(.traffic, for: self, ticket: Ticket.traffic)
            }
        }
        upstream.perform(.online, for: self, ticket: Ticket.online)
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        lastAnswer = eventLoop.now
        switch (result, ticket) {
        case (.success(let answer), Ticket.traffic): receiveTraffic(answer.body)
        case (.success(let answer), _):
            let body = answer.body
            run(.online, body, { try OnlineAnswer(parsing: body) }, then: { [self] in online = $0 })
        case (.failure(let error), _):
            upstream.report(error, of: ticket == Ticket.traffic ? .traffic : .online)
            answered()
        }
    }

    private func receiveTraffic(_ body: ByteBuffer) {
        guard let moment else { return answered() }
        let (ledger, process, now, arrived) = (upstream.ledger, process, clock.now(), upstream.ledger.readArrived())
        run(.traffic, body) {
            ledger.take(try TrafficAnswer(parsing: body), began: moment, arrived: arrived, of: process, now: now)
        } then: { [self] in
            hasTraffic = true
        }
    }

    /// Reads an answer, away from the event loop if it is large.
    private func run<Value: Sendable>(
        _ call: StatsCall,
        _ body: ByteBuffer,
        _ read: @escaping @Sendable () throws -> Value,
        then: @escaping (Value) -> Void
    ) {
        offLoop.run(WorkMaterial(body), for: owner, on: eventLoop, { Result { try read() } }) { [self] result in
            switch result {
            case .success(let value):
                then(value)
                upstream.answered()
            case .failure(let error): upstream.answeredBadly(error, to: call)
            case nil: isRefused = true
            }
            answered()
        }
    }

    private func answered() {
        awaited -= 1
        guard awaited == 0 else { return }
        ended = lastAnswer
        let whenDone = whenDone
        self.whenDone = nil
        whenDone?()
    }

    /// What is known by now. It is handed over: figures of many users take their time to be forgotten, too.
    func takeFindings() -> UpstreamFindings {
        defer { (snapshot, online, quotas) = (nil, nil, []) }
        return UpstreamFindings(
            name: upstream.name,
            isUp: hasTraffic && online != nil,
            traffic: snapshot.map { .kept($0) } ?? .seen(upstream.ledger),
            userLimit: userLimit,
            online: online,
            quotas: quotas,
            duration: (ended ?? eventLoop.now) - began
        )
    }
}

/// What one upstream told a scrape.
struct UpstreamFindings: Sendable {
    /// Where sums are.
    enum Traffic: Sendable {
        /// In a ledger.
        case kept(LedgerSnapshot)
        /// There is none: what scrapes saw.
        case seen(TrafficLedger)
    }

    let name: String
    let isUp: Bool
    let traffic: Traffic
    let userLimit: Int
    let online: OnlineAnswer?
    let quotas: [QuotaFigures]
    let duration: TimeAmount

    /// About how many users it is about.
    var size: Int {
        switch traffic {
        case .kept(let snapshot): max(snapshot.userCount, online?.entries.count ?? 0)
        case .seen(let ledger): max(ledger.userCount, online?.entries.count ?? 0)
        }
    }

    /// The figures that are shown.
    var figures: HysteriaMetrics.Server {
        let totals =
            switch traffic {
            case .kept(let snapshot): CountedUsers(snapshot, userLimit: userLimit)
            case .seen(let ledger): CountedUsers(ledger.totals)
            }
        return HysteriaMetrics.Server(
            name: name,
            isUp: isUp,
            totals: totals,
            online: online,
            quotas: quotas,
            duration: duration
        )
    }
}
