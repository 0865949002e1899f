import GatewayConfiguration
import Logging
import NIOCore

/// All the addresses of a gateway.
struct ListenerSet: Sendable {
    private struct Member: Sendable {
        let listener: Listener
        let isInherited: Bool
    }

    private let members: [Member]
    private let loops: [any EventLoop]
    /// Whether inherited sockets stay open elsewhere when this process ends.
    private let areInheritedKept: Bool

    /// Where it listens, in the order of the configuration, the redirecting one last.
    var addresses: [SocketAddress] { members.compactMap(\.listener.localAddress) }
    /// The same, for people.
    var names: [String] { members.map(\.listener.name) }
    /// Those of the sockets that were inherited.
    var inheritedNames: [String] { members.filter(\.isInherited).map(\.listener.name) }

    /// Listens on all addresses of a configuration, or on none: on inherited sockets where there are some, and on new ones
    /// where there are not. Nobody is accepted before ``start()``: what answers callers may not be there yet.
    static func bind(
        _ configuration: Configuration,
        on workers: WorkerPool,
        _ setup: ConnectionSetup,
        inheriting sockets: inout InheritedSockets
    ) async throws(ListenerError) -> ListenerSet {
        var members: [Member] = []
        do throws(ListenerError) {
            for (index, entry) in configuration.listen.enumerated() {
                members.append(
                    try await member(entry.address, workers, &sockets) { setup.secure($0, $1, listener: index) }
                )
            }
            if let redirect = configuration.redirect {
                let port = members.first?.listener.localAddress?.port ?? 443
                members.append(
                    try await member(redirect, workers, &sockets) { setup.redirecting($0, $1, port: port) }
                )
            }
        } catch {
            for member in members { await member.listener.close() }
            throw error
        }
        return ListenerSet(members: members, loops: workers.eventLoops, areInheritedKept: sockets.areKept)
    }

    private static func member(
        _ address: ListenAddress,
        _ workers: WorkerPool,
        _ sockets: inout InheritedSockets,
        setup: @escaping Listener.Setup
    ) async throws(ListenerError) -> Member {
        let inherited = sockets.take(for: address)
        if inherited.isEmpty {
            let listener = try await Listener.bind(address, on: workers.boundWorkers, setup: setup)
            return Member(listener: listener, isInherited: false)
        }
        let listener = try await Listener.adopt(inherited, for: address, on: workers, setup: setup)
        return Member(listener: listener, isInherited: true)
    }

    /// Accepts connections from now on.
    func start() async {
        for member in members { await member.listener.start() }
    }

    /// Stops accepting.
    ///
    /// - Parameter others: The names of the addresses at which another process accepts from the same sockets: whoever is
    ///   in the queue there is left to it.
    /// - Parameter whenLeft: Called when no connection is accepted there any more.
    func drain(leaving others: Set<String>, whenLeft: () -> Void) async {
        let left = members.filter { others.contains($0.listener.name) || ($0.isInherited && areInheritedKept) }
        for member in left { await member.listener.stop(loops) }
        whenLeft()
        await withTaskGroup(of: Void.self) { tasks in
            for member in members where !left.contains(where: { $0.listener.name == member.listener.name }) {
                tasks.addTask { await member.listener.drain(loops) }
            }
        }
    }

    /// Stops accepting at once.
    func close() async {
        for member in members { await member.listener.close() }
    }

    /// Another descriptor of each socket, with its address.
    func duplicates() -> [(address: String, descriptor: CInt)] {
        var duplicates: [(String, CInt)] = []
        for member in members {
            for descriptor in member.listener.duplicates() {
                duplicates.append((member.listener.name, descriptor))
            }
        }
        return duplicates
    }
}
