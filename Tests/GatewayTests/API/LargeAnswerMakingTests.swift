import HysteriaSimulator
import HysteriaStats
import NIOConcurrencyHelpers
import NIOPosix
import Testing

@testable import Gateway

@Suite("Large answers are made away from the event loop", .timeLimit(.minutes(5)))
struct LargeAnswerMakingTests {
    /// Their traffic and their connections are more than ``OffLoop/smallest``.
    private static let users =
        (0..<4000).map {
            SimulatedUser(name: "user-\($0)", devices: 1, tx: UInt64($0), rx: 1)
        } + APIBench.standardUsers

    /// Counts what is done elsewhere.
    private final class Counter: Sendable {
        private let value = NIOLockedValueBox(0)

        var offLoop: OffLoop {
            OffLoop { [value] work in
                value.withLockedValue { $0 += 1 }
                NIOThreadPool.singleton.submit { _ in work() }
            }
        }

        /// How many works there were since the last time.
        func take() -> Int {
            value.withLockedValue { count in
                defer { count = 0 }
                return count
            }
        }
    }

    @Test("whatever has to be made of what Hysteria says, in one piece of work each, and the tag in another")
    func calls() async throws {
        let counter = Counter()
        try await APIBench.with(users: Self.users, offLoop: counter.offLoop) { bench in
            for (request, token, works) in [
                // Relayed: the tag alone.
                ("GET /traffic", APIBench.token, 1), ("GET /online", APIBench.token, 1),
                ("GET /traffic?format=text", APIBench.token, 2), ("GET /traffic?format=csv", APIBench.token, 2),
                // What is about few users in the end is tagged at once.
                ("GET /traffic", APIBench.limited, 1), ("GET /traffic?format=text", APIBench.limited, 1),
                ("GET /online?format=text", APIBench.token, 2), ("GET /online?format=csv", APIBench.token, 2),
                ("GET /online", APIBench.limited, 1), ("GET /?format=text", APIBench.token, 1),
                ("GET /?format=json", APIBench.token, 1),
                // Traffic and connections are read, and the answer is written.
                ("GET /metrics", APIBench.monitor, 3), ("GET /metrics", APIBench.customer, 3),
            ] {
                let answer = await bench.ask(request, token: token)
                #expect(answer.status == 200, "\(request)")
                #expect(counter.take() == works, "\(request)")
            }
            // The figures that a clear took are counted elsewhere as well.
            #expect(await bench.ask("GET /traffic?clear=1").status == 200)
            #expect(counter.take() == 1)
        }
    }

    @Test("few users are not worth the way")
    func few() async throws {
        let counter = Counter()
        try await APIBench.with(offLoop: counter.offLoop) { bench in
            for request in ["GET /traffic?format=text", "GET /online?format=csv", "GET /"] {
                #expect(await bench.ask(request).status == 200)
            }
            #expect(await bench.ask("GET /metrics", token: APIBench.monitor).status == 200)
            #expect(counter.take() == 0)
        }
    }

    @Test("what is asked at once is made once, and nobody gets the answer to another")
    func shared() async throws {
        let counter = Counter()
        try await APIBench.with(users: Self.users, offLoop: counter.offLoop) { bench in
            let texts = try await bench.askAtOnce(20, "GET /traffic?format=text")
            // The answer, and its tag.
            #expect(counter.take() == 2)
            #expect(Set(texts.map(\.body)).count == 1 && texts[0].body.contains("user-3999"))
            let limited = try await bench.askAtOnce(20, "GET /traffic?format=text", token: APIBench.limited)
            #expect(limited.allSatisfy { !$0.body.contains("user-") && $0.body.contains("wang") })
            #expect(counter.take() == 1)
        }
    }

    @Test("an answer that cannot be read is found out there, and told as ever")
    func malformed() async throws {
        let counter = Counter()
        try await APIBench.with(users: Self.users, offLoop: counter.offLoop) { bench in
            await bench.hysteria.set(fault: .notJSON)
            #expect(await bench.ask("GET /traffic?format=text").status == 502)
        }
    }

    @Test("more than can be made gets 503, and is told when to ask again")
    func refused() async throws {
        let works = HeldWorks()
        let offLoop = works.offLoop
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        for number in 0..<FairQueue<Int>.countLimit {
            _ = offLoop.submit(WorkMaterial(bytes: 1), for: "\(number)", on: loop) {}
        }
        try await APIBench.with(users: Self.users, offLoop: offLoop) { bench in
            for (request, token) in [
                ("GET /traffic?format=csv", APIBench.token), ("GET /metrics", APIBench.monitor),
            ] {
                let answer = await bench.ask(request, token: token)
                #expect(answer.status == 503, "\(request)")
                #expect(answer.fields["Retry-After"] == "1")
            }
            #expect(await bench.ask("GET /traffic").status == 200)
        }
        works.release()
    }
}
