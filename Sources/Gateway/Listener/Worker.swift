import HTTPServer
import HysteriaStats
import Logging
import NIOCore
import Time

/// One event loop's share of the gateway: everything that its connections have in common.
///
/// Not `Sendable`: it is made and used on its event loop only.
final class Worker {
    let resources: HTTPLoopResources
    let registry = ConnectionRegistry()
    let api: LoopContext
    /// The connections that are not secure yet.
    var handshakes = HandshakeQueue()
    /// Reports about failed handshakes.
    var handshakeReports: HandshakeReports
    /// What new connections are served from.
    private(set) var state: ServingState

    init(
        eventLoop: any EventLoop,
        state: ServingState,
        clock: WallClock,
        accessLog: AccessLog?,
        gatewayMetrics: GatewayMetrics = GatewayMetrics(),
        offLoop: OffLoop = .none,
        logger: Logger,
        sharedUpstreams: SharedUpstreams? = nil
    ) {
        self.state = state
        handshakeReports = HandshakeReports(clock: clock, logger: logger)
        resources = HTTPLoopResources(eventLoop: eventLoop, clock: clock, logger: logger)
        api = LoopContext(
            eventLoop: eventLoop,
            tokens: state.tokens,
            upstreams: UpstreamSet(
                state.upstreams,
                on: eventLoop,
                shared: sharedUpstreams
                    ?? SharedUpstreams(state.configuration.metrics, offLoop: offLoop, logger: logger),
                clock: clock
            ),
            metrics: state.configuration.metrics,
            gatewayMetrics: gatewayMetrics,
            offLoop: offLoop,
            clock: clock,
            accessLog: accessLog.map { AccessLogBuffer(log: $0, eventLoop: eventLoop) },
            logger: logger
        )
        api.expectsLedger = state.configuration.ledger != nil
        share(state)
    }

    /// Serves new connections, and new requests of those that are open, from another state.
    func adopt(_ new: ServingState) {
        state = new
        share(new)
    }

    /// Hands calls what they need of a state: all of it, at the start and at each reload.
    private func share(_ state: ServingState) {
        api.adopt(state.tokens, state.upstreams)
        api.adopt(state.configuration.metrics)
        api.certificates = state.identities.identities.map(\.leaf)
        api.origins = state.configuration.origins
        api.challenges = state.challenges
    }

    /// Counts a connection beyond a limit.
    func count(_ refusal: ConnectionRefusal) {
        api.counters.refusals[refusal.rawValue, default: 0] += 1
    }

    /// Closes the connection whose handshake has been in progress for longest, so that a newer one has room.
    ///
    /// - Returns: Where it came from, and when it is closed; nil where none is handshaking.
    func displaceOldestHandshake() -> (address: SocketAddress?, closed: EventLoopFuture<Void>)? {
        guard let channel = handshakes.removeOldest()?.channel else { return nil }
        count(.handshakes)
        // A closed channel no longer knows it.
        let address = channel.remoteAddress
        channel.close(promise: nil)
        return (address, channel.closeFuture)
    }

    /// What this event loop has done.
    var counters: LoopCounters {
        var counters = api.allCounters
        counters.abuses = resources.abusesByKind
        counters.connections = UInt64(registry.count)
        return counters
    }

    /// The same for a scrape, with what is measured from one to the next.
    func takeCounters() -> LoopCounters {
        var counters = counters
        counters.turns = LoopTurns.take()
        return counters
    }

    /// Stops what does not stop by itself when the last connection is closed.
    func shutDown() {
        api.upstreams.shutDown()
        api.accessLog?.flush()
    }
}
