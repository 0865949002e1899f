import HysteriaSimulator
import HysteriaStats
import NIOCore
import NIOPosix
import OwnHosts
import Testing
import Time

@testable import Access
@testable import Gateway

/// Two simulated Hysterias, `a` and `b`, and an event loop's share of a gateway that asks both.
struct UpstreamBench: Sendable {
    let a: HysteriaSimulator
    let b: HysteriaSimulator
    let log: CapturedLog
    /// The upstreams, in their order.
    let settings: [NamedUpstream]
    private let context: NIOLoopBound<LoopContext>

    static func with(_ body: (UpstreamBench) async throws -> Void) async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let a = try await start(tx: 514, rx: 4017)
        let b = try await start(tx: 7, rx: 11)
        let settings = [
            NamedUpstream(name: "a", settings: StatsUpstream(address: a.address, timeout: .minutes(1))),
            NamedUpstream(name: "b", settings: StatsUpstream(address: b.address, timeout: .minutes(1))),
        ]
        let log = CapturedLog()
        let context = try await eventLoop.submit {
            let gatewayMetrics = GatewayMetrics(started: 1_000)
            let clock = WallClock { 2_000 }
            let context = LoopContext(
                eventLoop: eventLoop,
                tokens: TokenTable([.sample("monitor", APIBench.monitor, scopes: [.metrics])]),
                upstreams: UpstreamSet(
                    settings,
                    on: eventLoop,
                    shared: SharedUpstreams(logger: log.logger),
                    clock: clock
                ),
                gatewayMetrics: gatewayMetrics,
                clock: clock,
                accessLog: nil,
                logger: log.logger
            )
            let bound = NIOLoopBound(context, eventLoop: eventLoop)
            gatewayMetrics.setSources([{ eventLoop.submit { bound.value.allCounters } }])
            return bound
        }.get()
        let bench = UpstreamBench(a: a, b: b, log: log, settings: settings, context: context)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(bench))
        } catch {
            result = .failure(error)
        }
        try await bench.run {
            $0.upstreams.shutDown()
            $0.gatewayMetrics.setSources([])
        }
        await a.shutDown()
        await b.shutDown()
        try result.get()
    }

    private static func start(tx: UInt64, rx: UInt64) async throws -> HysteriaSimulator {
        let users = [SimulatedUser(name: "wang", devices: 2, tx: tx, rx: rx)]
        return try await HysteriaSimulator.start(
            .init(secret: nil, users: users, now: { 1_000_000_000 }, host: OwnHost.next())
        )
    }

    /// Runs on the event loop.
    func run(_ body: @escaping @Sendable (LoopContext) throws -> Void) async throws {
        try await context.eventLoop.submit { [context] in try body(context.value) }.get()
    }

    /// What `/metrics` answers.
    ///
    /// - Parameter patience: as long as no machine is too busy, unless that is what is tested.
    func metrics(patience: TimeAmount = .minutes(1)) async throws -> String {
        try await context.eventLoop.flatSubmit { [context] in
            let context = context.value
            let promise = context.eventLoop.makePromise(of: String.self)
            guard let caller = context.tokens.caller(for: TokenHasher().digest(of: APIBench.monitor)) else {
                promise.fail(ChannelError.operationUnsupported)
                return promise.futureResult
            }
            MetricsScrape(of: context, context.upstreams.measured(for: caller), caller: caller, patience: patience) {
                promise.succeed(String(buffer: $0?.body ?? ByteBuffer()))
            }.start()
            return promise.futureResult
        }.get()
    }

    /// Empties the counters of an upstream, and returns when that is done.
    func clear(_ index: Int) async throws {
        try await context.eventLoop.flatSubmit { [context] in
            let upstream = context.value.upstreams.all[index]
            let promise = context.eventLoop.makePromise(of: Void.self)
            upstream.clear(for: ClearReceiver(upstream, promise), caller: nil)
            return promise.futureResult
        }.get()
    }

    /// The samples, without HELP and TYPE.
    static func samples(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    private final class ClearReceiver: StatsAnswerReceiver {
        private let upstream: Upstream
        private let promise: EventLoopPromise<Void>

        init(_ upstream: Upstream, _ promise: EventLoopPromise<Void>) {
            self.upstream = upstream
            self.promise = promise
        }

        func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
            upstream.clearEnded(result, caller: nil)
            promise.succeed(())
        }
    }
}
