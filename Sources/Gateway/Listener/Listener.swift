import GatewayConfiguration
import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Time

/// One bound address: a listening socket on each event loop, among which the kernel spreads the connections.
///
/// A connection is accepted, decrypted and answered on one thread, without changing threads.
struct Listener: Sendable {
    /// Sets up a connection that was accepted on this event loop's worker.
    typealias Setup = @Sendable (any Channel, NIOLoopBound<Worker>) -> EventLoopFuture<Void>

    /// For how long TCP handshakes that have begun may be completed when the listener stops: one round trip.
    private static let handshakeTime = Duration.milliseconds(300)
    /// How often, and how many times at most, a queue is checked that should be empty by then.
    private static let look = (interval: Duration.milliseconds(2), count: 500)

    private static let reusePort = ChannelOptions.socketOption(.init(rawValue: SO_REUSEPORT))

    /// One on each event loop; as many as there were, where they were inherited.
    let sockets: [ListeningSocket]

    /// Where it listens, with the port that the system chose where 0 was asked for.
    var localAddress: SocketAddress? { sockets.first?.localAddress }

    /// ``localAddress`` for a log line.
    var name: String {
        guard let localAddress, let host = localAddress.ipAddress, let port = localAddress.port else { return "-" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Binds the address on each worker's event loop. Callers wait in the kernel's queue until ``start()``.
    static func bind(
        _ address: ListenAddress,
        on workers: [NIOLoopBound<Worker>],
        setup: @escaping Setup
    ) async throws(ListenerError) -> Listener {
        do {
            return try await bindAll(address, on: workers, setup: setup)
        } catch {
            throw ListenerError(address, error)
        }
    }

    private static func bindAll(
        _ address: ListenAddress,
        on workers: [NIOLoopBound<Worker>],
        setup: @escaping Setup
    ) async throws -> Listener {
        let errors = NIOLockedValueBox(LogLimiter())
        let first = try await firstBound(address, on: workers[0], errors, setup: setup)
        var channels = [first]
        var sockets: [ListeningSocket] = []
        do {
            // SO_REUSEPORT lets any process of the same user share the port silently. The first socket is bound without
            // it, which fails where another one listens, and invites the others once the address and its port are
            // taken.
            if workers.count > 1, let target = first.localAddress {
                try await first.setOption(reusePort, value: 1).get()
                for worker in workers.dropFirst() {
                    let bootstrap = bootstrap(address, target, on: worker, errors, setup: setup)
                        .serverChannelOption(reusePort, value: 1)
                    channels.append(try await bootstrap.bind(to: target).get())
                }
            }
            for (channel, worker) in zip(channels, workers) {
                let open = open(on: worker, children: worker.eventLoop, errors) { setup($0, worker) }
                sockets.append(try await .keep(channel, open: open))
            }
        } catch {
            for socket in sockets { await socket.close() }
            for channel in channels { try? await channel.close() }
            throw error
        }
        return Listener(sockets: sockets)
    }

    /// Listens on sockets that another process has opened, from ``start()`` on.
    ///
    /// No other process may accept from them by then. Each is accepted from on one event loop. If there are fewer
    /// sockets than event loops, connections are handed on, so that all have some.
    static func adopt(
        _ inherited: [InheritedSocket],
        for address: ListenAddress,
        on workers: WorkerPool,
        setup: @escaping Setup
    ) async throws(ListenerError) -> Listener {
        let bound = workers.boundWorkers
        let errors = NIOLockedValueBox(LogLimiter())
        var sockets: [ListeningSocket] = []
        do {
            for (index, socket) in inherited.enumerated() {
                let worker = bound[index % bound.count]
                let children: any EventLoopGroup = inherited.count < bound.count ? workers.group : worker.eventLoop
                let open = open(on: worker, children: children, errors) { channel in
                    guard let worker = bound.first(where: { $0.eventLoop === channel.eventLoop }) else {
                        return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
                    }
                    return setup(channel, worker)
                }
                let channel = try await open(socket.descriptor).get()
                do {
                    sockets.append(try await .keep(channel, open: open))
                } catch {
                    try? await channel.close()
                    throw error
                }
                // SwiftNIO has made it a short one.
                sockets.last?.withDescriptor { _ = Glibc.listen($0, ListeningSocket.backlog) }
            }
        } catch {
            for socket in sockets { await socket.close() }
            throw ListenerError(address, error)
        }
        return Listener(sockets: sockets)
    }

    /// How a channel is made from a socket that listens already.
    private static func open(
        on worker: NIOLoopBound<Worker>,
        children: any EventLoopGroup,
        _ errors: NIOLockedValueBox<LogLimiter>,
        setup: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> ListeningSocket.Open {
        { descriptor in
            ServerBootstrap(group: worker.eventLoop, childGroup: children)
                .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .serverChannelOption(.maxMessagesPerRead, value: 1)
                .serverChannelOption(.autoRead, value: false)
                .serverChannelInitializer { rest($0, on: worker, errors) }
                .childChannelInitializer(setup)
                .withBoundSocket(descriptor)
        }
    }

    /// Binds to the address; for "all addresses" on a machine without IPv6, to all of IPv4.
    private static func firstBound(
        _ address: ListenAddress,
        on worker: NIOLoopBound<Worker>,
        _ errors: NIOLockedValueBox<LogLimiter>,
        setup: @escaping Setup
    ) async throws -> any Channel {
        // The wildcard of both families is IPv6's with IPv4 mapped into it.
        let target = try SocketAddress(ipAddress: address.host ?? "::", port: address.port)
        do {
            return try await bootstrap(address, target, on: worker, errors, setup: setup).bind(to: target).get()
        } catch let error as IOError where address.host == nil && error.isAddressFamilyUnsupported {
            let fallback = try SocketAddress(ipAddress: "0.0.0.0", port: address.port)
            return try await bootstrap(address, fallback, on: worker, errors, setup: setup).bind(to: fallback).get()
        }
    }

    private static func bootstrap(
        _ address: ListenAddress,
        _ target: SocketAddress,
        on worker: NIOLoopBound<Worker>,
        _ errors: NIOLockedValueBox<LogLimiter>,
        setup: @escaping Setup
    ) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: worker.eventLoop)
            .serverChannelOption(.backlog, value: ListeningSocket.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Connections inherit it from their listening socket, which saves setting it on each.
            .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Otherwise every connection costs an attempt to accept another one. If there is one, epoll says so again.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { rest($0, on: worker, errors) }
            .childChannelInitializer { setup($0, worker) }
        guard case .v6 = target else { return bootstrap }
        // Explicit: the system's default (net.ipv6.bindv6only) may be either.
        let option = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
        return bootstrap.serverChannelOption(option, value: address.host == nil ? 0 : 1)
    }

    /// Pauses a listening socket when it cannot accept; the sockets of a listener share `errors`.
    private static func rest(
        _ channel: any Channel,
        on worker: NIOLoopBound<Worker>,
        _ errors: NIOLockedValueBox<LogLimiter>
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let handler = AcceptErrorHandler(worker: worker.value, limiter: errors)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    // MARK: Accepting

    /// Accepts connections from now on.
    func start() async {
        for socket in sockets { await socket.accepts(true) }
    }

    /// Another descriptor of each socket, to be closed by the caller.
    func duplicates() -> [CInt] {
        sockets.compactMap { $0.duplicate() }.filter { $0 >= 0 }
    }

    // MARK: Stopping

    /// Stops accepting, and leaves queued connections to other processes with the same sockets.
    ///
    /// - Parameter eventLoops: All that connections may have been handed to.
    func stop(_ eventLoops: [any EventLoop]) async {
        for socket in sockets { await socket.accepts(false) }
        // A connection that was accepted goes to its event loop, and back to the listening one's, before it is safe there.
        for _ in 0..<2 {
            for eventLoop in eventLoops { try? await eventLoop.submit {}.get() }
        }
        await close()
    }

    /// Stops accepting, after all connections in the queue have been accepted.
    ///
    /// - Parameter eventLoops: All that connections may have been handed to.
    func drain(_ eventLoops: [any EventLoop]) async {
        for socket in sockets { socket.withDescriptor { AcceptQueue.close($0) } }
        try? await Task.sleep(for: Self.handshakeTime)
        for socket in sockets {
            for _ in 0..<Self.look.count where socket.withDescriptor({ AcceptQueue.isEmpty($0) }) == false {
                try? await Task.sleep(for: Self.look.interval)
            }
        }
        await stop(eventLoops)
    }

    /// Stops accepting at once. Connections that were accepted go on.
    func close() async {
        for socket in sockets { await socket.close() }
    }
}

extension IOError {
    /// Whether the system has no such addresses, as with IPv6 switched off.
    fileprivate var isAddressFamilyUnsupported: Bool {
        errnoCode == EAFNOSUPPORT || errnoCode == EADDRNOTAVAIL
    }
}
