import HysteriaStats
import Ledger
import NIOConcurrencyHelpers
import NIOCore
import Time

/// An upstream, as a scrape asks it.
protocol MetricsUpstream: AnyObject {
    /// What it is called.
    var name: String { get }
    /// The traffic that was seen.
    var ledger: NIOLockedValueBox<TrafficLedger> { get }

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
    /// When what this scrape sees began; nil where the ledger counts.
    private let moment: TrafficLedger.Moment?
    private var process = HysteriaProcess()
    private let began: NIODeadline
    private var ended: NIODeadline?
    private var whenDone: (() -> Void)?
    private var awaited = 2
    private var hasTraffic = false
    private var online: OnlineAnswer?

    /// - Parameters:
    ///   - ledger: where the traffic of this upstream is counted; nil where what scrapes see is all there is.
    ///   - userLimit: how many users are named at most.
    init(
        _ upstream: any MetricsUpstream,
        ledger: (any MetricsLedger)?,
        userLimit: Int,
        clock: WallClock,
        on eventLoop: any EventLoop
    ) {
        self.upstream = upstream
        self.ledger = ledger
        self.userLimit = userLimit
        snapshot = ledger?.snapshot
        self.clock = clock
        self.eventLoop = eventLoop
        began = eventLoop.now
        moment = ledger == nil ? upstream.ledger.withLockedValue { $0.readBegins() } : nil
    }

    /// - Parameter whenDone: called once, and never before this returns.
    func start(whenDone: @escaping () -> Void) {
        self.whenDone = whenDone
        if let ledger {
            ledger.committed(on: eventLoop).assumeIsolated().whenComplete { [self] result in
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
        let call: StatsCall = ticket == Ticket.traffic ? .traffic : .online
        do {
            let body = try result.get().body
            if call == .traffic {
                let answer = try TrafficAnswer(parsing: body)
                let now = clock.now()
                if let moment {
                    upstream.ledger.withLockedValue { $0.readEnded(moment, answer, of: process, now: now) }
                }
                hasTraffic = true
            } else {
                online = try OnlineAnswer(parsing: body)
            }
            upstream.answered()
        } catch let error as StatsError {
            upstream.report(error, of: call)
        } catch {
            upstream.answeredBadly(error, to: call)
        }
        answered()
    }

    private func answered() {
        awaited -= 1
        guard awaited == 0 else { return }
        ended = eventLoop.now
        let whenDone = whenDone
        self.whenDone = nil
        whenDone?()
    }

    /// What is known by now.
    var figures: HysteriaMetrics.Server {
        HysteriaMetrics.Server(
            name: upstream.name,
            isUp: hasTraffic && online != nil,
            totals: snapshot.map { CountedUsers($0, userLimit: userLimit) }
                ?? CountedUsers(upstream.ledger.withLockedValue(\.totals)),
            online: online,
            quotas: quotas,
            duration: (ended ?? eventLoop.now) - began
        )
    }
}
