import HysteriaStats
import NIOCore
import Testing

/// A client whose place another one has taken.
@Suite struct StatsClientRetirementTests {
    @Test("what is under way is finished and no connection is kept")
    func whatIsUnderWayIsFinishedAndNoConnectionIsKept() async throws {
        let (arrived, release, count) = (Signal(), Signal(), Counter())
        try await RawServer.with(
            configure: { $0.connections = 1 },
            script: { _, _, _ in
                if count.next() == 1 { arrived.set() }
                return .afterwards(release, Responses.json("{}"))
            }
        ) { server, client in
            async let answers = client.ask([.traffic, .trafficClearing, .online])
            await arrived.wait()
            await client.run { $0.retire() }
            release.set()
            #expect(await answers.allSatisfy { $0.text == "{}" })
            #expect(server.requests.count == 3)
            // One that is asked all the same connects for each call.
            let before = server.connections
            for _ in 0..<2 { #expect(await client.ask(.traffic).text == "{}") }
            #expect(server.connections == before + 2)
            #expect(await client.counters.errors == 0)
        }
    }

    @Test("the client ends with its last answer")
    func theClientEndsWithItsLastAnswer() async throws {
        let release = Signal()
        try await RawServer.with(always: .afterwards(release, Responses.json("{}"))) { server, client in
            let ended = Signal()
            let upstream = StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: server.port))
            let eventLoop = client.eventLoop
            async let answer = withCheckedContinuation { continuation in
                eventLoop.execute {
                    let old = StatsClient(eventLoop: eventLoop, upstream: upstream)
                    let receiver = WatchedReceiver(
                        onAnswer: { continuation.resume(returning: true) },
                        onDeinit: { ended.set() }
                    )
                    old.perform(.traffic, for: receiver, ticket: 0)
                    old.retire()
                }
            }
            release.set()
            #expect(await answer)
            await ended.wait()
        }
    }
}
