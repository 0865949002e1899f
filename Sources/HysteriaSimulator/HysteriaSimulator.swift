import HysteriaStats
import NIOCore
import NIOPosix

/// A server that behaves as Hysteria's stats API does, for tests and for trying the gateway out.
///
/// Its users' figures move, and are the same in every run with the same seed and clock.
package final class HysteriaSimulator: Sendable {
    /// What a simulator is like.
    package struct Configuration: Sendable {
        /// The secret it asks for, if any.
        package var secret: Secret?
        /// Its users.
        package var users: [SimulatedUser]
        /// What its randomness starts from.
        package var seed: UInt64
        /// The time, in nanoseconds since 1970.
        package var now: @Sendable () -> Int64
        /// The address it listens on.
        package var host: String
        /// The port it listens on; 0 takes a free one.
        package var port: Int

        /// Describes a simulator. The default clock is the machine's.
        package init(
            secret: Secret? = nil,
            users: [SimulatedUser] = [],
            seed: UInt64 = 1,
            now: @escaping @Sendable () -> Int64 = SystemClock.nanosecondsSince1970,
            host: String = "127.0.0.1",
            port: Int = 0
        ) {
            self.secret = secret
            self.users = users
            self.seed = seed
            self.now = now
            self.host = host
            self.port = port
        }
    }

    /// Where it listens.
    package let address: StatsAddress

    private let listener: any Channel
    private let core: NIOLoopBound<SimulatorCore>

    private init(listener: any Channel, core: NIOLoopBound<SimulatorCore>, address: StatsAddress) {
        self.listener = listener
        self.core = core
        self.address = address
    }

    /// Starts a simulator; all of it runs on the given event loop.
    package static func start(
        _ configuration: Configuration = Configuration(),
        on eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    ) async throws -> HysteriaSimulator {
        let core = try await eventLoop.submit {
            NIOLoopBound(SimulatorCore(configuration), eventLoop: eventLoop)
        }.get()
        let listener = try await ServerBootstrap(group: eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(SimulatorConnection(core: core.value))
                }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
        let address = StatsAddress(host: configuration.host, port: listener.localAddress?.port ?? configuration.port)
        return HysteriaSimulator(listener: listener, core: core, address: address)
    }

    /// Stops listening and closes every connection.
    package func shutDown() async {
        try? await listener.close()
        await closeConnections()
    }

    /// Closes every connection, as a restart of Hysteria does.
    package func closeConnections() async {
        let channels = await run { Array($0.connections.values) }
        for channel in channels { try? await channel.close() }
    }

    /// Switches a fault on, or with `nil` all of them off. It holds for the requests that are answered from now on.
    package func set(fault: SimulatorFault?) async {
        await run { $0.fault = fault }
    }

    /// Every request so far whose head was read, as `METHOD target`.
    package var requests: [String] {
        get async { await run { $0.requests } }
    }

    /// How many connections are open.
    package var openConnections: Int {
        get async { await run { $0.connections.count } }
    }

    /// Lets a user's bytes pass. Returns false, and counts nothing, if that user was marked by a kick.
    @discardableResult
    package func logTraffic(user: String, tx: UInt64, rx: UInt64) async -> Bool {
        await run { $0.hysteria.logTraffic(user: user, tx: tx, rx: rx) }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable (SimulatorCore) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let core = self.core
            listener.eventLoop.execute { continuation.resume(returning: body(core.value)) }
        }
    }
}
