import HysteriaStats
import Logging
import NIOConcurrencyHelpers
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

    /// What new connections are served from.
    private(set) var state: ServingState

    init(
        eventLoop: any EventLoop,
        state: ServingState,
        clock: WallClock,
        accessLog: AccessLog?,
        ledger: NIOLockedValueBox<TrafficLedger> = NIOLockedValueBox(TrafficLedger()),
        logger: Logger
    ) {
        self.state = state
        resources = HTTPLoopResources(eventLoop: eventLoop, clock: clock, logger: logger)
        api = StatsAPI(
            tokens: state.tokens,
            client: StatsClient(eventLoop: eventLoop, upstream: state.upstream),
            metrics: state.configuration.metrics,
            ledger: ledger,
            clock: clock,
            accessLog: accessLog.map { AccessLogBuffer(log: $0, eventLoop: eventLoop) },
            logger: logger
        )
    }

    /// Serves new connections, and new requests of those that are open, from another state.
    func adopt(_ new: ServingState) {
        let old = state
        state = new
        api.tokens = new.tokens
        api.adopt(new.configuration.metrics)
        guard old.configuration.upstream != new.configuration.upstream else { return }
        // Whoever waits for an answer gets it from the client that was asked.
        let client = api.client
        api.client = StatsClient(eventLoop: client.eventLoop, upstream: new.upstream)
        client.retire()
    }

    /// Ends what does not end by itself when the last connection is gone.
    func shutDown() {
        api.client.shutDown()
        api.accessLog?.flush()
    }
}
