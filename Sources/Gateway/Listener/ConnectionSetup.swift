import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL

/// Makes an accepted socket a connection of the gateway: counts it, and puts the handlers in.
///
/// A class, as every connection takes it along through several closures, and a reference is copied faster than all that is in it.
final class ConnectionSetup: Sendable {
    /// How long a caller may take to end its side of a connection that the gateway has closed. Most callers of kept
    /// connections do not notice until they use them again, and a drain waits for each.
    private static let closeTimeout = TimeAmount.seconds(1)

    /// Each connection keeps its buffer. Most requests fit a small one; what is larger takes a few more reads.
    private static let receiveAllocator = FixedSizeRecvByteBufferAllocator(capacity: 1024)

    private let limiter: ConnectionLimiter
    private let clock: WallClock
    private let logger: Logger
    private let refusals = NIOLockedValueBox(LogLimiter())
    private let displacements = NIOLockedValueBox(LogLimiter())
    /// The connections that the descriptors of the process suffice for.
    private let room: Int
    /// The handshakes in progress on each event loop.
    private let handshakes: Int

    /// - Parameters:
    ///   - room: the connections that the descriptors of the process suffice for; no more are admitted.
    ///   - handshakes: how many handshakes may be in progress on each event loop.
    init(limits: Limits, room: Int = .max, handshakes: Int, clock: WallClock, logger: Logger) {
        self.room = room
        self.handshakes = handshakes
        limiter = ConnectionLimiter(
            connections: min(limits.connections, room),
            connectionsPerAddress: limits.connectionsPerAddress
        )
        self.clock = clock
        self.logger = logger
    }

    /// Admits connections by other limits from now on.
    func adopt(_ limits: Limits) {
        limiter.set(connections: min(limits.connections, room), connectionsPerAddress: limits.connectionsPerAddress)
    }

    /// A connection of a TLS listener.
    ///
    /// - Parameter listener: Which of the listeners of the serving state.
    func secure(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        listener: Int
    ) -> EventLoopFuture<Void> {
        let worker = worker.value
        return admit(channel, worker) {
            let state = worker.state
            let handshake = HandshakingConnection(channel, worker)
            try channel.pipeline.syncOperations.addHandler(
                OpenSSLServerHandler(
                    context: state.listeners[listener].context,
                    handshakeTimeout: state.configuration.limits.handshakeTimeout,
                    closeTimeout: Self.closeTimeout,
                    observer: handshake
                )
            )
            begin(handshake, worker)
        }
    }

    /// A connection of the redirect listener.
    func redirecting(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        port: Int
    ) -> EventLoopFuture<Void> {
        let worker = worker.value
        return admit(channel, worker) {
            try channel.pipeline.syncOperations.addHandler(
                HTTP1ServerHandler(
                    resources: worker.resources,
                    registry: worker.registry,
                    timeouts: worker.state.timeouts,
                    isSecure: false,
                    exchange: RedirectExchange(
                        api: worker.api,
                        identities: worker.state.identities,
                        port: port,
                        peer: channel.remoteAddress
                    )
                )
            )
        }
    }

    /// Counts the connection and calls `addHandlers`; a connection over the limit is closed by the future's failure.
    private func admit(
        _ channel: any Channel,
        _ worker: Worker,
        _ addHandlers: () throws -> Void
    ) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress
        do {
            try limiter.admit(address)
        } catch {
            worker.count(error.limit)
            report(error, address)
            return channel.eventLoop.makeFailedFuture(error)
        }
        channel.closeFuture.assumeIsolated().whenComplete { [limiter] _ in
            limiter.release(address)
        }
        do {
            try channel.syncOptions?.setOption(.recvAllocator, value: Self.receiveAllocator)
            try addHandlers()
            return channel.eventLoop.makeSucceededVoidFuture()
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    /// Counts a handshake in. Where that is one too many, the oldest gives way: whoever floods the gateway with connections
    /// that say nothing keeps the time short that a caller has, and nobody out.
    private func begin(_ handshake: HandshakeQueue.Entry, _ worker: Worker) {
        worker.handshakes.append(handshake)
        guard worker.handshakes.count > handshakes, let oldest = worker.handshakes.removeOldest() else { return }
        worker.count(.handshakes)
        if let suppressed = displacements.withLockedValue({ $0.admit(now: clock.now()) }) {
            logger.warning(
                "connection closed before its handshake was complete: \(handshakes) newer ones are in progress",
                metadata: [
                    "address": "\(oldest.channel.remoteAddress?.ipAddress ?? "-")", "suppressed": "\(suppressed)",
                ]
            )
        }
        oldest.channel.close(promise: nil)
    }

    private func report(_ refusal: ConnectionLimiter.Refusal, _ address: SocketAddress?) {
        guard let suppressed = refusals.withLockedValue({ $0.admit(now: clock.now()) }) else { return }
        let limit =
            switch refusal {
            case .tooMany(room): "the descriptors of the process suffice for \(room)"
            case .tooMany(let limit): "limits.connections is \(limit)"
            case .tooManyFromAddress(let limit): "limits.connectionsPerAddress is \(limit)"
            }
        logger.warning(
            "connection refused: \(limit)",
            metadata: ["address": "\(address?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
        )
    }
}
