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
        logger: Logger,
        upstreamWatch: UpstreamWatch? = nil
    ) {
        self.state = state
        handshakeReports = HandshakeReports(clock: clock, logger: logger)
        resources = HTTPLoopResources(eventLoop: eventLoop, clock: clock, logger: logger)
        api = LoopContext(
            tokens: state.tokens,
            client: StatsClient(eventLoop: eventLoop, upstream: state.upstream),
            metrics: state.configuration.metrics,
            gatewayMetrics: gatewayMetrics,
            clock: clock,
            accessLog: accessLog.map { AccessLogBuffer(log: $0, eventLoop: eventLoop) },
            logger: logger,
            upstreamWatch: upstreamWatch
        )
        share(state)
    }

    /// Serves new connections, and new requests of those that are open, from another state.
    func adopt(_ new: ServingState) {
        let old = state
        state = new
        share(new)
        guard old.upstream != new.upstream else { return }
        api.upstream.adopt(new.upstream)
    }

    /// Hands calls what they need of a state, but for Hysteria: all of it, at the start and at each reload.
    private func share(_ state: ServingState) {
        api.adopt(state.tokens, secret: state.upstream.secret)
        api.adopt(state.configuration.metrics)
        api.certificates = state.identities.identities.map(\.leaf)
        api.origins = state.configuration.origins
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

    /// Stops what does not stop by itself when the last connection is closed.
    func shutDown() {
        api.upstream.shutDown()
        api.accessLog?.flush()
    }
}
