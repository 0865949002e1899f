import HysteriaSimulator
import HysteriaStats
import NIOCore
import NIOPosix
import OwnHosts
import Testing
import Time

@testable import Gateway

@Suite("Event loops share the fetches of an upstream", .timeLimit(.minutes(5)))
struct RemoteFetchesTests {
    /// A simulated Hysteria, and two event loops that ask it: the first one fetches.
    private struct Bench {
        let hysteria: HysteriaSimulator
        let loops: [NIOLoopBound<UpstreamSet>]

        static func with(_ body: (Bench) async throws -> Void) async throws {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
            let users = [SimulatedUser(name: "wang", devices: 2, tx: 0, rx: 0)]
            let hysteria = try await HysteriaSimulator.start(
                .init(secret: nil, users: users, now: { 1_000_000_000 }, host: OwnHost.next())
            )
            let upstream = StatsUpstream(address: hysteria.address, timeout: .minutes(1))
            let shared = SharedUpstreams(logger: CapturedLog().logger)
            var loops: [NIOLoopBound<UpstreamSet>] = []
            for eventLoop in [group.next(), group.next()] {
                loops.append(
                    try await eventLoop.submit {
                        let set = UpstreamSet(
                            [NamedUpstream(name: "a", settings: upstream)],
                            on: eventLoop,
                            shared: shared,
                            clock: WallClock { 1_000 }
                        )
                        return NIOLoopBound(set, eventLoop: eventLoop)
                    }.get()
                )
            }
            let bench = Bench(hysteria: hysteria, loops: loops)
            let result: Result<Void, any Error>
            do { result = .success(try await body(bench)) } catch { result = .failure(error) }
            for index in loops.indices { try await bench.shutDown(index) }
            for loop in loops { try await loop.eventLoop.submit {}.get() }
            await hysteria.shutDown()
            try await group.shutdownGracefully()
            try result.get()
        }

        /// Asks so many times in one turn of an event loop.
        func ask(_ index: Int, _ call: StatsCall = .traffic, times: Int = 1) async throws -> [String] {
            let answers = try await begin(index, call, times: times).get()
            return try answers.map { String(buffer: try $0.get().body) }
        }

        func begin(
            _ index: Int,
            _ call: StatsCall = .traffic,
            times: Int = 1
        ) -> EventLoopFuture<[Result<StatsAnswer, StatsError>]> {
            let loop = loops[index]
            return loop.eventLoop.flatSubmit {
                let receivers = (0..<times).map { _ in Receiver(on: loop.eventLoop) }
                for receiver in receivers { loop.value.all[0].perform(call, for: receiver, ticket: 7) }
                return EventLoopFuture.whenAllSucceed(receivers.map(\.answer.futureResult), on: loop.eventLoop)
            }
        }

        func counters(_ index: Int) async throws -> UpstreamCounters {
            let loop = loops[index]
            return try await loop.eventLoop.submit { loop.value.all[0].counters }.get()
        }

        func shutDown(_ index: Int) async throws {
            let loop = loops[index]
            try await loop.eventLoop.submit { loop.value.shutDown() }.get()
        }

        /// Waits until Hysteria has got so many requests.
        func requests(_ count: Int) async throws {
            while await hysteria.requests.count < count { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    private final class Receiver: StatsAnswerReceiver {
        let answer: EventLoopPromise<Result<StatsAnswer, StatsError>>

        init(on eventLoop: any EventLoop) {
            answer = eventLoop.makePromise()
        }

        func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
            #expect(ticket == 7)
            answer.succeed(result)
        }
    }

    @Test("those of the second loop are fetched by the first, once for all who ask in a turn")
    func shares() async throws {
        try await Bench.with { bench in
            await bench.hysteria.logTraffic(user: "wang", tx: 3, rx: 4)
            let answers = try await bench.ask(1, times: 5)
            #expect(answers == Array(repeating: #"{"wang":{"tx":3,"rx":4}}"#, count: 5))
            #expect(await bench.hysteria.requests.count == 1)
            let (first, second) = (try await bench.counters(0), try await bench.counters(1))
            #expect(first.requests == 1 && second.requests == 0 && second.coalesced == 4)
        }
    }

    @Test("callers of both share a fetch that has not begun")
    func both() async throws {
        try await Bench.with { bench in
            // What is under way serves nobody who asks later.
            await bench.hysteria.set(fault: .stall)
            let stalled = bench.begin(0)
            try await bench.requests(1)
            let later = [bench.begin(0, times: 3), bench.begin(1, times: 3)]
            // The second loop's have reached the first one by then.
            for loop in [1, 0] { _ = try await bench.counters(loop) }
            await bench.hysteria.set(fault: nil)
            await bench.hysteria.closeConnections()
            _ = try await stalled.get()
            for answers in later {
                for answer in try await answers.get() { #expect((try? answer.get()) != nil) }
            }
            #expect(await bench.hysteria.requests.count <= 3)
        }
    }

    @Test("no answer is older than its question, on either loop", arguments: [0, 1])
    func isFresh(asking index: Int) async throws {
        try await Bench.with { bench in
            for count in 1...100 {
                let others = bench.begin(1 - index, times: 2)
                #expect(await bench.hysteria.logTraffic(user: "wang", tx: 1, rx: 0))
                #expect(try await bench.ask(index) == [#"{"wang":{"tx":\#(count),"rx":0}}"#])
                _ = try await others.get()
            }
        }
    }

    @Test("a call that goes out once goes out from its own loop")
    func clear() async throws {
        try await Bench.with { bench in
            _ = try await bench.ask(1, .trafficClearing)
            #expect(try await bench.counters(1).requests == 1)
            #expect(await bench.hysteria.requests.count == 1)
        }
    }

    @Test("whoever waits when one of the loops ends gets an error, and so does whoever asks then", arguments: [0, 1])
    func ends(first: Int) async throws {
        try await Bench.with { bench in
            await bench.hysteria.set(fault: .stall)
            let waiting = bench.begin(1)
            try await bench.requests(1)
            try await bench.shutDown(first)
            for answer in try await waiting.get() + bench.begin(1).get() {
                #expect(throws: StatsError.self) { try answer.get() }
            }
        }
    }
}
