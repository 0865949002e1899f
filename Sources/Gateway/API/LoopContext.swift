import HysteriaStats
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import Time

/// What the exchanges of one event loop share: admission, the upstream, counters, the access log.
///
/// Not `Sendable`: it is used on its event loop only.
final class LoopContext {
    let eventLoop: any EventLoop
    /// Who may make a call.
    let admission: Admission
    /// Hysteria.
    let upstream: Upstream
    /// What is kept out of the access log.
    let redaction: LogRedaction
    private(set) var metrics: MetricsSettings
    /// The sites whose pages may read answers.
    var origins = AllowedOrigins.none
    /// What all event loops have in common for `/metrics`.
    let gatewayMetrics: GatewayMetrics
    /// What is counted here; ``allCounters`` has what is counted elsewhere as well.
    var counters = LoopCounters(routes: Route.allCases.map(\.path.description))
    /// The certificates that the gateway proves itself with.
    var certificates: [TLSCertificate] = []
    let clock: WallClock
    /// What durations are measured by.
    let uptime: () -> NIODeadline
    let accessLog: AccessLogBuffer?
    let logger: Logger
    /// Two, so that nobody who sends nonsense hides a token of the gateway's.
    private var cleartextTokens = LogLimiter()
    private var otherCleartext = LogLimiter()

    init(
        tokens: TokenTable,
        client: StatsClient,
        metrics: MetricsSettings = MetricsSettings(),
        gatewayMetrics: GatewayMetrics = GatewayMetrics(),
        clock: WallClock,
        uptime: @escaping () -> NIODeadline = NIODeadline.now,
        accessLog: AccessLogBuffer?,
        logger: Logger,
        upstreamWatch: UpstreamWatch? = nil
    ) {
        eventLoop = client.eventLoop
        admission = Admission(tokens: tokens, clock: clock, uptime: uptime, logger: logger)
        upstream = Upstream(
            client: client,
            watch: upstreamWatch ?? UpstreamWatch(logger: logger),
            ledger: gatewayMetrics.ledger,
            clock: clock,
            logger: logger
        )
        redaction = LogRedaction(tokens: tokens, secret: client.upstream.secret, known: .api)
        self.metrics = metrics
        self.gatewayMetrics = gatewayMetrics
        self.clock = clock
        self.uptime = uptime
        self.accessLog = accessLog
        self.logger = logger
    }

    /// The tokens of the configuration.
    var tokens: TokenTable { admission.tokens }

    /// The upstream for a caller's calls: the only place that chooses one.
    func upstream(for caller: Caller?) -> Upstream { upstream }

    /// Uses these tokens from now on, and keeps them and this secret out of the access log.
    func adopt(_ tokens: TokenTable, secret: Secret?) {
        admission.tokens = tokens
        redaction.adopt(tokens: tokens, secret: secret)
    }

    /// Answers `/metrics` by other settings from now on.
    func adopt(_ metrics: MetricsSettings) {
        self.metrics = metrics
        let now = clock.now()
        gatewayMetrics.ledger.withLockedValue { $0.setUserLimit(metrics.userLimit, now: now) }
    }

    /// ``counters`` with those of admission and the upstream.
    var allCounters: LoopCounters {
        var all = counters
        all.authenticationFailures = admission.failures
        all.throttled = admission.throttled
        all.upstreamErrors = upstream.errors
        all.add(upstream.counters)
        return all
    }

    /// Tells the operator of a credential that came unencrypted, once a second at most.
    func reportCleartext(_ credential: CleartextCredential, from peer: SocketAddress?) {
        counters.cleartextCredentials[credential.caller?.label ?? TokenLabels.none, default: 0] += 1
        let now = clock.now()
        let address: Logger.MetadataValue = "\(peer?.ipAddress ?? "-")"
        if let caller = credential.caller {
            guard let suppressed = cleartextTokens.admit(now: now) else { return }
            logger.warning(
                "a token came over plain HTTP, where anyone on the way can read it: replace it, and have its owner ask https://",
                metadata: ["token": "\(caller.name)", "address": address, "suppressed": "\(suppressed)"]
            )
        } else if let suppressed = otherCleartext.admit(now: now) {
            logger.warning(
                "a credential that is no token of this gateway came over plain HTTP",
                metadata: ["address": address, "suppressed": "\(suppressed)"]
            )
        }
    }
}

extension LoopContext: MetricsContext {
    var tokenLabels: TokenLabels { tokens.labels }
    var linesLost: Int { accessLog?.linesLost ?? 0 }
}
