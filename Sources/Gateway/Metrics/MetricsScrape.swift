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
    /// Where large answers are made.
    var offLoop: OffLoop { get }
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
    private let patience: TimeAmount
    private var whenDone: ((Response?) -> Void)?
    /// The upstreams that have not answered yet.
    private var awaited: Int
    private var awaitsCounters = false
    private var timer: Scheduled<Void>?
    private var own: (counters: LoopCounters, certificates: CertificateFigures)?

    /// - Parameters:
    ///   - patience: how long the answers of the others wait for a slow one; see ``patience``.
    ///   - whenDone: called once, and never before ``start()`` returns; with nil where there is no room to make the answer.
    init(
        of context: any MetricsContext,
        _ upstreams: [any MetricsUpstream],
        caller: Caller,
        patience: TimeAmount = MetricsScrape.patience,
        whenDone: @escaping (Response?) -> Void
    ) {
        self.context = context
        self.upstreams = upstreams.map {
            UpstreamScrape(
                $0,
                ledger: context.measuredLedger,
                userLimit: context.metrics.userLimit,
                clock: context.clock,
                offLoop: context.offLoop,
                owner: caller.name,
                on: context.eventLoop
            )
        }
        self.caller = caller
        self.patience = patience
        self.whenDone = whenDone
        awaited = upstreams.count
    }

    func start() {
        for upstream in upstreams { upstream.start { [self] in upstreamAnswered() } }
        // A caller limited to users sees nothing that the gateway does for others.
        guard caller.users == nil else { return }
        awaitsCounters = true
        let metrics = context.gatewayMetrics
        let figures = metrics.gather(on: context.eventLoop).and(metrics.certificates(on: context.eventLoop))
        figures.assumeIsolated().whenComplete { [self] result in
            own = try? result.get()
            awaitsCounters = false
            finishIfDone()
        }
    }

    private func upstreamAnswered() {
        awaited -= 1
        if awaited > 0, timer == nil, whenDone != nil {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [self] in
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
        guard !upstreams.contains(where: \.isRefused) else { return whenDone(nil) }
        let page = MetricsPage(
            upstreams: upstreams.map { $0.takeFindings() },
            settings: context.metrics,
            caller: caller,
            own: own.map { ownFigures($0.counters, $0.certificates) }
        )
        context.offLoop.run(
            .ledger(users: page.upstreams.reduce(0) { $0 + $1.size }),
            for: caller.name,
            on: context.eventLoop,
            { page.written },
            then: { body in whenDone(body.map { Response(status: .ok, contentType: .metrics, body: $0) }) }
        )
    }

    private func ownFigures(_ counters: LoopCounters, _ kept: CertificateFigures) -> MetricsPage.Own {
        MetricsPage.Own(
            gateway: GatewayFigures(
                counters: counters,
                tokens: context.tokenLabels,
                reloads: context.gatewayMetrics.reloads,
                certificates: context.certificates.map { ($0.names.first ?? $0.subject, $0.notAfter) },
                linesLost: UInt64(context.linesLost),
                started: context.gatewayMetrics.started,
                process: ProcessFigures()
            ),
            certificates: kept,
            ledger: context.measuredLedger.map { LedgerMetrics($0) }
        )
    }
}

/// What one answer tells: values, so that it can be written anywhere.
private struct MetricsPage: Sendable {
    /// What the gateway tells of itself.
    struct Own: Sendable {
        let gateway: GatewayFigures
        let certificates: CertificateFigures
        let ledger: LedgerMetrics?
    }

    let upstreams: [UpstreamFindings]
    let settings: MetricsSettings
    let caller: Caller
    let own: Own?

    var written: ByteBuffer {
        let figures = HysteriaMetrics(servers: upstreams.map(\.figures))
        var writer = MetricsWriter(capacity: figures.expectedSize(settings))
        figures.write(settings, for: caller, into: &writer)
        if let own {
            own.gateway.write(into: &writer)
            own.certificates.write(into: &writer)
            own.ledger?.write(into: &writer)
        }
        return writer.buffer
    }
}

extension Response.ContentType {
    /// Prometheus' text format.
    static let metrics = Response.ContentType(value: "text/plain; version=0.0.4; charset=utf-8")
}
