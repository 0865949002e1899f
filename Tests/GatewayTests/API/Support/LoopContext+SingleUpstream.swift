import HysteriaStats
import Logging
import NIOCore
import Time

@testable import Access
@testable import Gateway
@testable import GatewayConfiguration

extension LoopContext {
    /// One that asks the upstream of a client, and no other.
    convenience init(
        tokens: TokenTable,
        client: StatsClient,
        metrics: MetricsSettings = MetricsSettings(),
        gatewayMetrics: GatewayMetrics = GatewayMetrics(),
        offLoop: OffLoop = .none,
        clock: WallClock,
        uptime: @escaping () -> NIODeadline = NIODeadline.now,
        accessLog: AccessLogBuffer?,
        logger: Logger
    ) {
        self.init(
            eventLoop: client.eventLoop,
            tokens: tokens,
            upstreams: UpstreamSet(
                [NamedUpstream(name: "hysteria", settings: client.upstream)],
                on: client.eventLoop,
                shared: SharedUpstreams(metrics, offLoop: offLoop, logger: logger),
                clock: clock
            ),
            metrics: metrics,
            gatewayMetrics: gatewayMetrics,
            offLoop: offLoop,
            clock: clock,
            uptime: uptime,
            accessLog: accessLog,
            logger: logger
        )
    }
}
