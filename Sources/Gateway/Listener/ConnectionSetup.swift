import GatewayConfiguration
import HTTPServer
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import Time

/// Makes an accepted socket a connection of the gateway: counts it, and adds the handlers.
///
/// A class, so that per-connection closures capture one reference.
final class ConnectionSetup: StateReceiver {
    /// How long a caller may take to end its side of a connection that the gateway has closed. Most callers with
    /// keep-alive connections do not notice until they use them again, and a drain waits for each.
    private static let closeTimeout = TimeAmount.seconds(1)

    /// Each plain connection keeps its buffer. Most requests fit a small one; what is larger takes a few more reads.
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
    /// Those among whom room for a connection can be made.
    private let workers: [NIOLoopBound<Worker>]

    /// - Parameters:
    ///   - workers: those of all event loops.
    ///   - room: the connections that the descriptors of the process suffice for; no more are admitted.
    ///   - handshakes: how many handshakes may be in progress on each event loop.
    init(
        workers: [NIOLoopBound<Worker>],
        limits: Limits,
        room: Int = .max,
        handshakes: Int,
        clock: WallClock,
        logger: Logger
    ) {
        self.workers = workers
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
    func adopt(_ state: ServingState) {
        let limits = state.limits
        limiter.set(connections: min(limits.connections, room), connectionsPerAddress: limits.connectionsPerAddress)
    }

    /// What a connection is for.
    private enum Purpose {
        /// HTTPS at one of the listeners of the serving state.
        case serving(listener: Int)
        /// The redirect to HTTPS at this port.
        case redirecting(port: Int)
    }

    /// A connection of a TLS listener.
    ///
    /// - Parameter listener: Which of the listeners of the serving state.
    func secure(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        listener: Int
    ) -> EventLoopFuture<Void> {
        admit(channel, worker, .serving(listener: listener))
    }

    /// A connection of the redirect listener. Until it has sent a request, it can be replaced like a handshake in
    /// progress.
    func redirecting(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        port: Int
    ) -> EventLoopFuture<Void> {
        admit(channel, worker, .redirecting(port: port))
    }

    /// Counts the connection and adds the handlers; a connection over the limit is closed by the future's failure.
    private func admit(
        _ channel: any Channel,
        _ worker: NIOLoopBound<Worker>,
        _ purpose: Purpose
    ) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress
        do {
            try limiter.admit(address)
        } catch {
            guard case .tooMany = error else { return refuse(channel, worker.value, error) }
            return makeRoom(error, channel.eventLoop, asking: [worker] + workers).flatMap { [self] isMade in
                isMade ? admit(channel, worker, purpose) : refuse(channel, worker.value, error)
            }
        }
        channel.closeFuture.assumeIsolated().whenComplete { [limiter] _ in
            limiter.release(address)
        }
        do {
            // A caller that has half-closed may still read the answers that are ready.
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
            switch purpose {
            case .serving(let listener): try addTLS(to: channel, worker.value, listener: listener)
            case .redirecting(let port): try addRedirect(to: channel, worker.value, port: port)
            }
            return channel.eventLoop.makeSucceededVoidFuture()
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func addTLS(to channel: any Channel, _ worker: Worker, listener: Int) throws {
        let state = worker.state
        let handshake = HandshakingConnection(channel, worker)
        try channel.pipeline.syncOperations.addHandler(
            OpenSSLServerHandler(
                context: state.listeners[listener].context,
                handshakeTimeout: state.limits.handshakeTimeout,
                closeTimeout: Self.closeTimeout,
                observer: handshake
            )
        )
        begin(handshake, worker)
    }

    private func addRedirect(to channel: any Channel, _ worker: Worker, port: Int) throws {
        let silent = HandshakeQueue.Entry(channel)
        try channel.syncOptions?.setOption(.recvAllocator, value: Self.receiveAllocator)
        try channel.pipeline.syncOperations.addHandler(
            HTTPServerHandlers.http1(
                resources: worker.resources,
                registry: worker.registry,
                timeouts: worker.state.timeouts,
                isSecure: false,
                lingers: true,
                exchange: RedirectExchange(
                    api: worker.api,
                    identities: worker.state.identities,
                    challenges: worker.state.challenges,
                    port: port,
                    peer: channel.remoteAddress,
                    whenAsked: { worker.handshakes.remove(silent) }
                )
            )
        )
        channel.closeFuture.assumeIsolated().whenComplete { _ in worker.handshakes.remove(silent) }
        begin(silent, worker)
    }

    private func refuse(
        _ channel: any Channel,
        _ worker: Worker,
        _ refusal: ConnectionLimiter.LimitError
    ) -> EventLoopFuture<Void> {
        worker.count(refusal.limit)
        report(refusal, channel.remoteAddress)
        return channel.eventLoop.makeFailedFuture(refusal)
    }

    /// Closes the oldest handshake on the first of these event loops that has any. With a low connection limit, silent
    /// connections would otherwise keep callers out until their timeout.
    ///
    /// - Returns: Whether one did, when its connection is closed and counted out.
    private func makeRoom(
        _ refusal: ConnectionLimiter.LimitError,
        _ eventLoop: any EventLoop,
        asking workers: [NIOLoopBound<Worker>]
    ) -> EventLoopFuture<Bool> {
        guard let worker = workers.first else { return eventLoop.makeSucceededFuture(false) }
        let made = worker.eventLoop.flatSubmit { [self] in
            guard let displaced = displace(worker.value, because: "\(words(for: refusal)), and a newer one has come")
            else {
                return worker.eventLoop.makeSucceededFuture(false)
            }
            return displaced.map { true }
        }
        return made.hop(to: eventLoop).flatMap { [self] isMade in
            isMade
                ? eventLoop.makeSucceededFuture(true)
                : makeRoom(refusal, eventLoop, asking: Array(workers.dropFirst()))
        }
    }

    /// Counts a handshake. Beyond the limit the oldest is closed: a flood of silent connections shortens the time for a
    /// handshake, but keeps no caller out.
    private func begin(_ handshake: HandshakeQueue.Entry, _ worker: Worker) {
        worker.handshakes.append(handshake)
        guard worker.handshakes.count > handshakes else { return }
        displace(worker, because: "\(handshakes) newer ones are in progress")
    }

    @discardableResult
    private func displace(_ worker: Worker, because reason: String) -> EventLoopFuture<Void>? {
        guard let (address, closed) = worker.displaceOldestHandshake() else { return nil }
        if let suppressed = displacements.withLockedValue({ $0.admit(now: clock.now()) }) {
            logger.warning(
                "connection closed before its handshake was complete: \(reason)",
                metadata: ["address": "\(address?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
            )
        }
        return closed
    }

    private func report(_ refusal: ConnectionLimiter.LimitError, _ address: SocketAddress?) {
        guard let suppressed = refusals.withLockedValue({ $0.admit(now: clock.now()) }) else { return }
        logger.warning(
            "connection refused: \(words(for: refusal))",
            metadata: ["address": "\(address?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
        )
    }

    private func words(for refusal: ConnectionLimiter.LimitError) -> String {
        switch refusal {
        case .tooMany(room): "the descriptors of the process suffice for \(room)"
        case .tooMany(let limit): "limits.connections is \(limit)"
        case .tooManyFromAddress(let limit): "limits.connectionsPerAddress is \(limit)"
        }
    }
}
