import HysteriaStats
import Logging
import NIOCore

/// One event loop's share of the gateway: everything that its connections have in common.
///
/// Not `Sendable`: it is made and used on its event loop only.
final class Worker {
    let resources: HTTPLoopResources
    let registry = ConnectionRegistry()
    let api: StatsAPI
    /// The connections that are not secure yet.
    var handshakes = HandshakeQueue()
    /// How often the system gave no connection where one was waiting, by ``AcceptFailure``.
    var acceptFailures: [String: UInt64] = [:]
    /// The connections that were one too many, by ``ConnectionRefusal``.
    private var refusals: [String: UInt64] = [:]

    /// What clients of Hysteria did whose places others have taken.
    private var retiredCounters = LoopCounters()

    /// What new connections are served from.
    private(set) var state: ServingState

    init(
        eventLoop: any EventLoop,
        state: ServingState,
        clock: WallClock,
        accessLog: AccessLog?,
        gatewayMetrics: GatewayMetrics = GatewayMetrics(),
        logger: Logger
    ) {
        self.state = state
        resources = HTTPLoopResources(eventLoop: eventLoop, clock: clock, logger: logger)
        api = StatsAPI(
            tokens: state.tokens,
            client: StatsClient(eventLoop: eventLoop, upstream: state.upstream),
            metrics: state.configuration.metrics,
            gatewayMetrics: gatewayMetrics,
            clock: clock,
            accessLog: accessLog.map { AccessLogBuffer(log: $0, eventLoop: eventLoop) },
            logger: logger
        )
        api.certificates = state.identities.identities.map(\.leaf)
        api.origins = state.configuration.origins
    }

    /// Serves new connections, and new requests of those that are open, from another state.
    func adopt(_ new: ServingState) {
        let old = state
        state = new
        api.tokens = new.tokens
        api.certificates = new.identities.identities.map(\.leaf)
        api.adopt(new.configuration.metrics)
        api.origins = new.configuration.origins
        guard old.configuration.upstream != new.configuration.upstream else { return }
        // Whoever waits for an answer gets it from the client that was asked.
        let client = api.client
        retiredCounters.add(client.counters)
        api.client = StatsClient(eventLoop: client.eventLoop, upstream: new.upstream)
        client.retire()
    }

    /// Counts a connection that was one too many.
    func count(_ refusal: ConnectionRefusal) {
        refusals[refusal.rawValue, default: 0] += 1
    }

    /// What this event loop has done.
    var counters: LoopCounters {
        var counters = api.counters
        counters.add(retiredCounters)
        counters.add(api.client.counters)
        counters.abuses = resources.abusesByKind
        counters.acceptFailures = acceptFailures
        counters.refusals = refusals
        counters.connections = UInt64(registry.count)
        return counters
    }

    /// Ends what does not end by itself when the last connection is gone.
    func shutDown() {
        api.client.shutDown()
        api.accessLog?.flush()
    }
}
