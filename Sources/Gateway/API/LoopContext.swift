import Access
import GatewayConfiguration
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
    /// Whom calls ask.
    let upstreams: UpstreamSet
    /// What is kept out of the access log.
    let redaction: LogRedaction
    private(set) var metrics: MetricsSettings
    /// What lasts; nil where there is no ledger.
    var ledger: LedgerService?
    /// Whether there is to be a ledger.
    var expectsLedger = false
    /// The sites whose pages may read answers.
    var origins = AllowedOrigins.none
    /// Who answers authorities that validate a name of this machine.
    var challenges: (any ChallengeResponder)?
    /// What all event loops have in common for `/metrics`.
    let gatewayMetrics: GatewayMetrics
    /// Where large answers are made.
    let offLoop: OffLoop
    /// Those of them that are being made.
    let shared = SharedAnswers()
    /// What is counted here; ``allCounters`` has what is counted elsewhere as well.
    var counters = LoopCounters(routes: Route.allCases.map(\.path.description))
    /// The certificates that the gateway proves itself with.
    var certificates: [TLSCertificate] = []
    /// What callers share of the contents of their answers.
    let contents: TurnContents
    let clock: WallClock
    /// What durations are measured by.
    let uptime: () -> NIODeadline
    let accessLog: AccessLogBuffer?
    let logger: Logger
    /// Two, so that nobody that sends garbage hides a token of the gateway.
    private var cleartextTokens = LogLimiter()
    private var otherCleartext = LogLimiter()

    init(
        eventLoop: any EventLoop,
        tokens: TokenTable,
        upstreams: UpstreamSet,
        metrics: MetricsSettings = MetricsSettings(),
        gatewayMetrics: GatewayMetrics = GatewayMetrics(),
        offLoop: OffLoop = .none,
        clock: WallClock,
        uptime: @escaping () -> NIODeadline = NIODeadline.now,
        accessLog: AccessLogBuffer?,
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        contents = TurnContents(offLoop, on: eventLoop)
        admission = Admission(tokens: tokens, clock: clock, uptime: uptime, logger: logger)
        self.upstreams = upstreams
        redaction = LogRedaction(tokens: tokens, secrets: upstreams.all.compactMap(\.secret), known: .api)
        self.metrics = metrics
        self.gatewayMetrics = gatewayMetrics
        self.offLoop = offLoop
        self.clock = clock
        self.uptime = uptime
        self.accessLog = accessLog
        self.logger = logger
    }

    /// The tokens of the configuration.
    var tokens: TokenTable { admission.tokens }

    /// Whether the ledger is not open yet, or could not be opened: then nothing is cleared that it would have counted.
    var isLedgerMissing: Bool { expectsLedger && ledger == nil }

    /// Uses these tokens and upstreams from now on, and keeps the tokens and the secrets out of the access log.
    func adopt(_ tokens: TokenTable, _ upstreams: [NamedUpstream]) {
        admission.tokens = tokens
        self.upstreams.adopt(upstreams)
        redaction.adopt(tokens: tokens, secrets: upstreams.compactMap(\.settings.secret))
    }

    /// Answers `/metrics` by other settings from now on.
    func adopt(_ metrics: MetricsSettings) {
        self.metrics = metrics
        upstreams.setUserLimit(metrics.userLimit)
    }

    /// ``counters`` with those of admission and the upstream.
    var allCounters: LoopCounters {
        var all = counters
        all.authenticationFailures = admission.failures
        all.throttled = admission.throttled
        all.upstreams = upstreams.counters
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
                "a token came over plain HTTP, where anyone on the way can read it: replace it, and have its owner use https://",
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
    var measuredLedger: (any MetricsLedger)? { ledger }
    var tokenLabels: TokenLabels { tokens.labels }
    var linesLost: Int { accessLog?.linesLost ?? 0 }
}
