import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL

/// Makes an accepted socket a connection of the gateway: counts it, and puts the handlers in.
struct ConnectionSetup: Sendable {
    /// How long a caller may take to end its side of a connection that the gateway has closed. Most callers of kept
    /// connections do not notice until they use them again, and a drain waits for each.
    private static let closeTimeout = TimeAmount.seconds(1)

    private let limiter: ConnectionLimiter
    private let clock: WallClock
    private let logger: Logger
    private let refusals = NIOLockedValueBox(LogLimiter())

    init(limits: Limits, clock: WallClock, logger: Logger) {
        limiter = ConnectionLimiter(
            connections: limits.connections,
            connectionsPerAddress: limits.connectionsPerAddress
        )
        self.clock = clock
        self.logger = logger
    }

    /// Admits connections by other limits from now on.
    func adopt(_ limits: Limits) {
        limiter.set(connections: limits.connections, connectionsPerAddress: limits.connectionsPerAddress)
    }

    /// A connection of a TLS listener.
    func secure(_ channel: any Channel, _ worker: NIOLoopBound<Worker>) -> EventLoopFuture<Void> {
        let watch = HandshakeWatch(limiter)
        return admit(channel, watch) {
            let worker = worker.value
            let state = worker.state
            try channel.pipeline.syncOperations.addHandlers(
                OpenSSLServerHandler(
                    context: state.context,
                    handshakeTimeout: state.configuration.limits.handshakeTimeout,
                    closeTimeout: Self.closeTimeout
                ),
                watch,
                HTTP1ServerHandler(
                    resources: worker.resources,
                    registry: worker.registry,
                    timeouts: state.timeouts,
                    isSecure: true,
                    exchange: StatsExchange(api: worker.api, peer: channel.remoteAddress)
                )
            )
        }
    }

    /// A connection of the redirect listener.
    func redirecting(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        port: Int
    ) -> EventLoopFuture<Void> {
        admit(channel, nil) {
            let worker = worker.value
            try channel.pipeline.syncOperations.addHandler(
                HTTP1ServerHandler(
                    resources: worker.resources,
                    registry: worker.registry,
                    timeouts: worker.state.timeouts,
                    isSecure: false,
                    exchange: RedirectExchange(identities: worker.state.identities, port: port)
                )
            )
        }
    }

    /// Counts the connection and calls `addHandlers`; a connection over the limit is closed by the future's failure.
    ///
    /// - Parameter handshake: what watches the handshake of a connection that begins with one.
    private func admit(
        _ channel: any Channel,
        _ handshake: HandshakeWatch?,
        _ addHandlers: () throws -> Void
    ) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress
        do {
            try limiter.admit(address, isHandshaking: handshake != nil)
        } catch {
            report(error, address)
            return channel.eventLoop.makeFailedFuture(error)
        }
        channel.closeFuture.assumeIsolated().whenComplete { [limiter] _ in
            handshake?.end()
            limiter.release(address)
        }
        return channel.eventLoop.makeCompletedFuture(Result { try addHandlers() })
    }

    private func report(_ refusal: ConnectionLimiter.Refusal, _ address: SocketAddress?) {
        guard let suppressed = refusals.withLockedValue({ $0.admit(now: clock.now()) }) else { return }
        let limit =
            switch refusal {
            case .tooMany(let limit): "limits.connections is \(limit)"
            case .tooManyFromAddress(let limit): "limits.connectionsPerAddress is \(limit)"
            case .tooManyHandshakes(let limit): "\(limit) handshakes are in progress"
            }
        logger.warning(
            "connection refused: \(limit)",
            metadata: ["address": "\(address?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
        )
    }
}
