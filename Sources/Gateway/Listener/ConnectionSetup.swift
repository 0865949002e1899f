import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL

/// Makes an accepted socket a connection of the gateway: counts it, and puts the handlers in.
struct ConnectionSetup: Sendable {
    /// How long a caller may take to end its side of a connection that the gateway has closed. Most callers of kept
    /// connections do not notice until they use them again, and a drain waits for each.
    private static let closeTimeout = TimeAmount.seconds(1)

    /// Each connection keeps its buffer. A request fits a small one, and a large body takes a few more reads.
    private static let receiveAllocator = FixedSizeRecvByteBufferAllocator(capacity: 2048)

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
        admit(channel, worker, isHandshaking: true) { connection, worker in
            let state = worker.state
            return OpenSSLServerHandler(
                context: state.context,
                handshakeTimeout: state.configuration.limits.handshakeTimeout,
                closeTimeout: Self.closeTimeout,
                observer: connection
            )
        }
    }

    /// A connection of the redirect listener.
    func redirecting(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        port: Int
    ) -> EventLoopFuture<Void> {
        admit(channel, worker, isHandshaking: false) { _, worker in
            HTTP1ServerHandler(
                resources: worker.resources,
                registry: worker.registry,
                timeouts: worker.state.timeouts,
                isSecure: false,
                exchange: RedirectExchange(identities: worker.state.identities, port: port)
            )
        }
    }

    /// Counts the connection and adds the handler that `makeHandler` gives; a connection over the limit is closed by the
    /// future's failure.
    ///
    /// - Parameter isHandshaking: whether it begins with a handshake.
    private func admit(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        isHandshaking: Bool,
        _ makeHandler: (AdmittedConnection, Worker) -> some ChannelHandler
    ) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress
        do {
            try limiter.admit(address, isHandshaking: isHandshaking)
        } catch {
            report(error, address)
            return channel.eventLoop.makeFailedFuture(error)
        }
        let worker = worker.value
        let connection = AdmittedConnection(
            limiter,
            address: address,
            worker: worker,
            handshaking: isHandshaking ? channel : nil
        )
        channel.closeFuture.assumeIsolated().whenComplete { _ in connection.ended() }
        return channel.eventLoop.makeCompletedFuture(
            Result {
                try channel.syncOptions?.setOption(.recvAllocator, value: Self.receiveAllocator)
                try channel.pipeline.syncOperations.addHandler(makeHandler(connection, worker))
            }
        )
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
