import Access
import GatewayConfiguration
import HTTPServer
import HysteriaStats
import NIOCore
import NIOOpenSSL
import Time

/// Where a scrape gets its figures: an event loop's share of the gateway.
protocol MetricsContext: AnyObject {
    var eventLoop: any EventLoop { get }
    var clock: WallClock { get }
    var metrics: MetricsSettings { get }
    /// What lasts; nil where there is no ledger.
    var measuredLedger: (any MetricsLedger)? { get }
    var gatewayMetrics: GatewayMetrics { get }
    /// The names of tokens.
    var tokenLabels: TokenLabels { get }
    /// The certificates that the gateway proves itself with.
    var certificates: [TLSCertificate] { get }
    /// Lines that the access log lost.
    var linesLost: Int { get }
}

/// One answer to `/metrics`: what each upstream and each event loop tells.
///
/// Those who are asked hold on to it until they have answered.
final class MetricsScrape {
    /// How long the answers of the other upstreams wait for a slow one. What it knows no answer to by then is left out; a single
    /// upstream has all of its time.
    static let patience = TimeAmount.seconds(1)

    private let context: any MetricsContext
    private let upstreams: [UpstreamScrape]
    private let caller: Caller
    private var whenDone: ((Response) -> Void)?
    /// The upstreams that have not answered yet.
    private var awaited: Int
    private var awaitsCounters = false
    private var timer: Scheduled<Void>?
    private var counters: LoopCounters?

    /// - Parameter whenDone: called once, and never before ``start()`` returns.
    init(
        of context: any MetricsContext,
        _ upstreams: [any MetricsUpstream],
        caller: Caller,
        whenDone: @escaping (Response) -> Void
    ) {
        self.context = context
        self.upstreams = upstreams.map {
            UpstreamScrape(
                $0,
                ledger: context.measuredLedger,
                userLimit: context.metrics.userLimit,
                clock: context.clock,
                on: context.eventLoop
            )
        }
        self.caller = caller
        self.whenDone = whenDone
        awaited = upstreams.count
    }

    func start() {
        for upstream in upstreams { upstream.start { [self] in upstreamAnswered() } }
        // A caller limited to users sees nothing that the gateway does for others.
        guard caller.users == nil else { return }
        awaitsCounters = true
        context.gatewayMetrics.gather(on: context.eventLoop).assumeIsolated().whenComplete { [self] result in
            counters = try? result.get()
            awaitsCounters = false
            finishIfDone()
        }
    }

    private func upstreamAnswered() {
        awaited -= 1
        if awaited > 0, timer == nil, whenDone != nil {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [self] in
                awaited = 0
                finishIfDone()
            }
        }
        finishIfDone()
    }

    private func finishIfDone() {
        guard awaited <= 0, !awaitsCounters, let whenDone else { return }
        self.whenDone = nil
        timer?.cancel()
        timer = nil
        let figures = HysteriaMetrics(servers: upstreams.map(\.figures))
        var writer = MetricsWriter(capacity: figures.expectedSize(context.metrics))
        figures.write(context.metrics, for: caller, into: &writer)
        if let counters {
            ownFigures(counters).write(into: &writer)
            context.gatewayMetrics.certificates.write(into: &writer)
            if let ledger = context.measuredLedger { LedgerMetrics(ledger).write(into: &writer) }
        }
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
