import Glibc
import NIOCore
import NIOPosix

/// One bound address: a listening socket on each event loop, among which the kernel spreads the connections.
///
/// A connection is accepted, decrypted and answered on one thread, without being handed from one to another.
struct Listener: Sendable {
    /// Sets up a connection that was accepted on this event loop's worker.
    typealias Setup = @Sendable (any Channel, NIOLoopBound<Worker>) -> EventLoopFuture<Void>

    private static let backlog: CInt = 4096

    private let channels: [any Channel]

    /// Where it listens, with the port that the system chose where 0 was asked for.
    var localAddress: SocketAddress? { channels.first?.localAddress }

    /// ``localAddress`` for a log line.
    var name: String {
        guard let localAddress, let host = localAddress.ipAddress, let port = localAddress.port else { return "-" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Binds the address on each worker's event loop.
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
        var target = try socketAddress(address)
        if workers.count > 1 {
            // SO_REUSEPORT lets any process of the same user join in silently. Binding without it first finds out
            // whether there is one.
            let probe: any Channel
            (probe, target) = try await firstBound(address, target, on: workers[0], setup: setup, isShared: false)
            if address.port == 0, let port = probe.localAddress?.port { target.port = port }
            try await probe.close()
        }
        var channels: [any Channel] = []
        do {
            for worker in workers {
                let channel: any Channel
                (channel, target) =
                    try await firstBound(address, target, on: worker, setup: setup, isShared: workers.count > 1)
                channels.append(channel)
            }
        } catch {
            for channel in channels { try? await channel.close() }
            throw error
        }
        return Listener(channels: channels)
    }

    /// Binds to `target`; for "all addresses" on a machine without IPv6, to all of IPv4.
    private static func firstBound(
        _ address: ListenAddress,
        _ target: SocketAddress,
        on worker: NIOLoopBound<Worker>,
        setup: @escaping Setup,
        isShared: Bool
    ) async throws -> (any Channel, SocketAddress) {
        let bootstrap = bootstrap(on: worker, setup: setup, isShared: isShared)
        do {
            var bootstrap = bootstrap
            if case .v6 = target {
                // Said outright: the system's default (net.ipv6.bindv6only) may be either.
                let option = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
                bootstrap = bootstrap.serverChannelOption(option, value: address.host == nil ? 0 : 1)
            }
            return (try await bootstrap.bind(to: target).get(), target)
        } catch let error as IOError where address.host == nil && error.isAddressFamilyUnsupported {
            let fallback = try SocketAddress(ipAddress: "0.0.0.0", port: address.port)
            return (try await bootstrap.bind(to: fallback).get(), fallback)
        }
    }

    private static func bootstrap(
        on worker: NIOLoopBound<Worker>,
        setup: @escaping Setup,
        isShared: Bool
    ) -> ServerBootstrap {
        ServerBootstrap(group: worker.eventLoop)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: isShared ? 1 : 0)
            // Connections inherit it from their listening socket, which saves setting it on each.
            .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Otherwise every connection costs an attempt to accept another one. If there is one, epoll says so again.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { setup($0, worker) }
    }

    /// The wildcard of both families is IPv6's with IPv4 mapped into it.
    private static func socketAddress(_ address: ListenAddress) throws -> SocketAddress {
        try SocketAddress(ipAddress: address.host ?? "::", port: address.port)
    }

    /// Stops accepting. Connections that were accepted go on.
    func close() async {
        for channel in channels { try? await channel.close() }
    }
}

extension IOError {
    /// Whether the system has no such addresses, as with IPv6 switched off.
    fileprivate var isAddressFamilyUnsupported: Bool {
        errnoCode == EAFNOSUPPORT || errnoCode == EADDRNOTAVAIL
    }
}
