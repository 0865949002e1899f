import HysteriaStats
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import Time

/// The calls that the gateway offers, on one event loop: what exchanges need to answer them.
///
/// Not `Sendable`: it is used on its event loop only.
final class StatsAPI {
    private(set) var tokens: TokenTable
    /// What is kept out of the access log.
    let redaction: LogRedaction
    let authenticator = Authenticator()
    private(set) var throttle = FailureThrottle()
    let upstream: UpstreamSwitch
    private let upstreamWatch: UpstreamWatch
    private(set) var metrics: MetricsSettings
    /// The sites whose pages may read answers.
    var origins = AllowedOrigins.none
    /// What all event loops have in common for `/metrics`.
    let gatewayMetrics: GatewayMetrics
    /// What this event loop has done.
    var counters = LoopCounters(routes: Route.allCases.map(\.path.description))
    /// The certificates that the gateway proves itself with.
    var certificates: [TLSCertificate] = []
    let clock: WallClock
    /// What failed attempts are forgiven by.
    private let uptime: () -> NIODeadline
    let accessLog: AccessLogBuffer?
    let logger: Logger
    private var upstreamErrors = LogLimiter()
    private var throttlings = LogLimiter()
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
        let upstreamWatch = upstreamWatch ?? UpstreamWatch(logger: logger)
        self.tokens = tokens
        redaction = LogRedaction(tokens: tokens, secret: client.upstream.secret, known: .api)
        self.upstreamWatch = upstreamWatch
        upstream = UpstreamSwitch(client, watch: upstreamWatch)
        self.metrics = metrics
        self.gatewayMetrics = gatewayMetrics
        self.clock = clock
        self.uptime = uptime
        self.accessLog = accessLog
        self.logger = logger
    }

    /// The client of Hysteria as it is configured now.
    var client: StatsClient { upstream.current }

    /// The traffic that was seen.
    var ledger: NIOLockedValueBox<TrafficLedger> { gatewayMetrics.ledger }

    /// Knows callers by these tokens from now on, and asks with this secret.
    func adopt(_ tokens: TokenTable, secret: Secret?) {
        self.tokens = tokens
        redaction.adopt(tokens: tokens, secret: secret)
    }

    /// Answers `/metrics` by other settings from now on.
    func adopt(_ metrics: MetricsSettings) {
        self.metrics = metrics
        let now = clock.now()
        ledger.withLockedValue { $0.setUserLimit(metrics.userLimit, now: now) }
    }

    /// Tells the operator of an upstream that did not answer, once a second at most: pollers are many.
    func report(_ error: StatsError, of call: StatsCall) {
        counters.upstreamErrors[error.kind.label, default: 0] += 1
        if error.answerMayBeLost {
            upstreamWatch.failed()
            // Not limited: each is figures that nobody has seen.
            logger.error("\(error)", metadata: ["call": "\(call.name)", "lost": "true"])
            return
        }
        guard let suppressed = upstreamErrors.admit(now: clock.now()) else { return }
        if error.kind != .shutDown { upstreamWatch.failed() }
        var metadata: Logger.Metadata = ["call": "\(call.name)"]
        if suppressed > 0 { metadata["suppressed"] = "\(suppressed)" }
        logger.error("\(error)", metadata: metadata)
    }

    /// Hysteria gave an answer that can be used.
    func upstreamAnswered() {
        upstreamWatch.answered(client.upstream.address)
    }

    /// The answer to a credential that opens nothing.
    func refuse(_ peer: SocketAddress?) -> Problem {
        counters.authenticationFailures += 1
        guard let seconds = throttle.fail(peer.flatMap(AddressBlock.init), now: uptime()) else {
            return .unauthorized
        }
        counters.throttled += 1
        if let suppressed = throttlings.admit(now: clock.now()) {
            logger.warning(
                "failed attempts are throttled",
                metadata: ["address": "\(peer?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
            )
        }
        return .throttled(seconds: seconds)
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

    /// Figures that were cleared go on counting in the totals of `/metrics`. What came of an answer that cannot be used
    /// is in the log, for a person to read.
    func clearEnded(_ result: Result<StatsAnswer, StatsError>, caller: String?) {
        if case .failure(let error) = result {
            // Until the answer comes, nobody knows whether Hysteria's counters began anew.
            if error.answerIsAwaited { return }
            if let remains = error.remains { reportLoss(of: remains, caller: caller) }
        }
        let isUsed = ledger.withLockedValue(\.isUsed)
        let answer = isUsed ? try? TrafficAnswer(parsing: result.get().body) : nil
        let now = clock.now()
        ledger.withLockedValue { $0.clearEnded(answer, now: now) }
    }

    /// Takes the answer to a `clear` whose caller was told that there is none in time.
    func clearEnded(late result: Result<StatsAnswer, StatsError>, caller: String?) {
        clearEnded(result, caller: caller)
        switch result {
        case .success(let answer): reportLoss(of: answer.body, caller: caller)
        case .failure(let error): logger.error("\(error)", metadata: ["call": "traffic clearing", "lost": "true"])
        }
    }

    /// Writes down the answer to a `clear` that the caller did not get: Hysteria has forgotten these figures.
    func reportLoss(of figures: ByteBuffer, caller: String?) {
        // Between the tokens of JSON a line break is worth a space, and within them there is none.
        let text = String(buffer: figures).map {
            $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0
        }
        logger.error(
            "the counters were cleared, but the caller did not get the figures; here they are: \(String(text))",
            metadata: ["token": "\(caller ?? "-")"]
        )
    }
}

extension StatsAPI: MetricsContext {
    var eventLoop: any EventLoop { client.eventLoop }
    var tokenLabels: TokenLabels { tokens.labels }
    var linesLost: Int { accessLog?.linesLost ?? 0 }
    var upstreamAddress: StatsAddress { client.upstream.address }

    func ask(_ call: StatsCall, for receiver: any StatsAnswerReceiver, ticket: UInt64) {
        upstream.perform(call, for: receiver, ticket: ticket)
    }
}

extension StatsCall {
    /// The call in a log line: never whom it names.
    var name: StaticString {
        switch self {
        case .traffic: "traffic"
        case .trafficClearing: "traffic clearing"
        case .online: "online"
        case .streams: "streams"
        case .kick: "kick"
        }
    }
}
