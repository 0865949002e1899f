import NIOCore
import NIOOpenSSL
import NIOPosix
import Time

@testable import Gateway
@testable import GatewayConfiguration

/// Event loops and listeners on them.
struct ListenerBench: Sendable {
    let pool: WorkerPool
    let log: CapturedLog
    private let setup: ConnectionSetup

    static func with(
        threads: Int = 2,
        limits: Limits = Limits(),
        handshakes: Int = 100,
        _ body: (ListenerBench) async throws -> Void
    ) async throws {
        let log = CapturedLog()
        let logger = log.logger
        let clock = WallClock { 1_000 }
        let state = try ServingState(
            configuration: try ConfigurationFixture.load(ConfigurationFixture.minimal),
            identities: TLSIdentitySet([TLSIdentity.throwaway(names: ["localhost"])])
        )
        let pool = try await WorkerPool(threads: threads) { eventLoop in
            Worker(
                eventLoop: eventLoop,
                state: state,
                clock: clock,
                accessLog: nil,
                logger: logger
            )
        }
        let bench = ListenerBench(
            pool: pool,
            log: log,
            setup: ConnectionSetup(
                workers: pool.boundWorkers,
                limits: limits,
                handshakes: handshakes,
                clock: clock,
                logger: logger
            )
        )
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(bench))
        } catch {
            result = .failure(error)
        }
        await pool.shutDown()
        try result.get()
    }

    /// What the event loops have done.
    func counters() async throws -> LoopCounters {
        var sum = LoopCounters()
        for worker in pool.boundWorkers { sum.add(try await worker.eventLoop.submit { worker.value.counters }.get()) }
        return sum
    }

    /// Listens for HTTPS.
    func bindSecure() async throws(ListenerError) -> Listener {
        let listener = try await Listener.bind(ListenAddress(host: "127.0.0.1", port: 0), on: pool.boundWorkers) {
            [setup] channel, worker in setup.secure(channel, worker, listener: 0)
        }
        await listener.start()
        return listener
    }

    /// Listens for plain HTTP.
    func bind(_ address: ListenAddress = ListenAddress(host: "127.0.0.1", port: 0)) async throws(ListenerError)
        -> Listener
    {
        let listener = try await bindWithoutStart(address)
        await listener.start()
        return listener
    }

    /// The same, before anybody is accepted.
    func bindWithoutStart(_ address: ListenAddress) async throws(ListenerError) -> Listener {
        try await Listener.bind(address, on: pool.boundWorkers) { [setup] channel, worker in
            setup.redirecting(channel, worker, port: 443)
        }
    }
}

extension Listener {
    var port: Int { localAddress?.port ?? 0 }
}
