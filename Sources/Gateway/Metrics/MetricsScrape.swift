import HTTPServer
import HysteriaStats
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import Time

/// Where a scrape gets its figures: an event loop's share of the gateway.
protocol MetricsContext: AnyObject {
    var eventLoop: any EventLoop { get }
    var clock: WallClock { get }
    var metrics: MetricsSettings { get }
    var gatewayMetrics: GatewayMetrics { get }
    /// The names of tokens.
    var tokenLabels: TokenLabels { get }
    /// The certificates that the gateway proves itself with.
    var certificates: [TLSCertificate] { get }
    /// Lines that the access log lost.
    var linesLost: Int { get }
}

/// Hysteria, as a scrape asks it.
protocol MetricsUpstream: AnyObject {
    /// The traffic that was seen.
    var ledger: NIOLockedValueBox<TrafficLedger> { get }

    /// Asks, and gives the answer or the error to the receiver.
    func perform(_ call: StatsCall, for receiver: any StatsAnswerReceiver, ticket: UInt64)
    /// The answer can be used.
    func answered()
    /// The answer cannot be used.
    @discardableResult func answeredBadly(_ reason: any Error, to call: StatsCall) -> StatsError
    /// There is no answer.
    func report(_ error: StatsError, of call: StatsCall)
}

/// One answer to `/metrics`: two calls at once, a question to each event loop, and what they come to.
///
/// Those who are asked hold on to it until they have answered.
final class MetricsScrape: StatsAnswerReceiver {
    private enum Ticket {
        static let traffic: UInt64 = 0
        static let online: UInt64 = 1
    }

    private let context: any MetricsContext
    private let upstream: any MetricsUpstream
    private let caller: Caller
    private let whenDone: (Response) -> Void
    private let moment: TrafficLedger.Moment
    private let began: NIODeadline
    private var awaited = 2
    private var hasTraffic = false
    private var online: OnlineAnswer?
    private var upstreamDuration = TimeAmount.zero
    private var counters: LoopCounters?

    /// - Parameter whenDone: called once, and never before ``start()`` returns.
    init(
        of context: any MetricsContext,
        _ upstream: any MetricsUpstream,
        caller: Caller,
        whenDone: @escaping (Response) -> Void
    ) {
        self.context = context
        self.upstream = upstream
        self.caller = caller
        self.whenDone = whenDone
        began = context.eventLoop.now
        moment = upstream.ledger.withLockedValue { $0.readBegins() }
    }

    func start() {
        upstream.perform(.traffic, for: self, ticket: Ticket.traffic)
        upstream.perform(.online, for: self, ticket: Ticket.online)
        // A caller limited to users sees nothing that the gateway does for others.
        guard caller.users == nil else { return }
        awaited += 1
        context.gatewayMetrics.gather(on: context.eventLoop).assumeIsolated().whenComplete { [self] result in
            counters = try? result.get()
            settle()
        }
    }

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        let call: StatsCall = ticket == Ticket.traffic ? .traffic : .online
        do {
            let body = try result.get().body
            if call == .traffic {
                let answer = try TrafficAnswer(parsing: body)
                let now = context.clock.now()
                upstream.ledger.withLockedValue { $0.readEnded(moment, answer, now: now) }
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
        upstreamDuration = context.eventLoop.now - began
        settle()
    }

    private func settle() {
        awaited -= 1
        if awaited == 0 { finish() }
    }

    private func finish() {
        let figures = HysteriaMetrics(
            isUp: hasTraffic && online != nil,
            totals: upstream.ledger.withLockedValue(\.totals),
            online: online,
            duration: upstreamDuration
        )
        var writer = MetricsWriter(capacity: figures.expectedSize(context.metrics))
        figures.write(context.metrics, for: caller, into: &writer)
        if let counters { ownFigures(counters).write(into: &writer) }
        whenDone(Response(status: .ok, contentType: .metrics, body: writer.buffer))
    }

    private func ownFigures(_ counters: LoopCounters) -> GatewayFigures {
        GatewayFigures(
            counters: counters,
            tokens: context.tokenLabels,
            reloads: context.gatewayMetrics.reloads,
            certificates: context.certificates.map { ($0.names.first ?? $0.subject, $0.notAfter) },
            linesLost: UInt64(context.linesLost),
            started: context.gatewayMetrics.started,
            process: ProcessFigures()
        )
    }
}

extension Response.ContentType {
    /// Prometheus' text format.
    static let metrics = Response.ContentType(value: "text/plain; version=0.0.4; charset=utf-8")
}
