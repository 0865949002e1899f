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

    init(
        eventLoop: any EventLoop,
        configuration: Configuration,
        tokens: TokenTable,
        clock: WallClock,
        accessLog: AccessLog?,
        logger: Logger
    ) {
        resources = HTTPLoopResources(clock: clock)
        api = StatsAPI(
            tokens: tokens,
            client: StatsClient(
                eventLoop: eventLoop,
                upstream: StatsUpstream(
                    address: configuration.upstream.address,
                    secret: configuration.upstream.secret,
                    timeout: configuration.upstream.timeout
                )
            ),
            clock: clock,
            accessLog: accessLog.map { AccessLogBuffer(log: $0, eventLoop: eventLoop) },
            logger: logger
        )
    }

    /// Ends what does not end by itself when the last connection is gone.
    func shutDown() {
        api.client.shutDown()
        api.accessLog?.flush()
    }
}
