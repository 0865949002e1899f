import HysteriaSimulator
import HysteriaStats
import NIOCore
import Synchronization
import Testing

/// Who shares a request with whom, how many go out at once, and what happens in the middle of it all.
@Suite struct StatsClientSharingTests {
    /// Answers each request with its number, so that an answer tells how old it is.
    private static func numbered() -> RawServer.Script {
        let count = Counter()
        return { _, _, _ in .segments([Responses.json("{\"n\":\(count.next())}")]) }
    }

    @Test("reads of one turn share one request")
    func readsOfOneTurnShareOneRequest() async throws {
        try await RawServer.with(script: Self.numbered()) { server, client in
            let answers = await client.ask(Array(repeating: .traffic, count: 500))
            #expect(answers.allSatisfy { $0.text == "{\"n\":1}" })
            #expect(server.requests.count == 1)
            #expect(await client.counters.coalesced == 499)
        }
    }

    @Test("reads of different kinds do not share")
    func readsOfDifferentKindsDoNotShare() async throws {
        try await RawServer.with(script: Self.numbered()) { server, client in
            _ = await client.ask([.traffic, .online, .streams, .traffic, .online, .streams])
            #expect(Set(server.requests.map { $0.prefix { $0 != "\r\n" } }).count == 3)
            #expect(server.requests.count == 3)
        }
    }

    /// The request is at the server when the second call is made, so its answer is too old for that call.
    @Test("a call during a fetch waits for the next one")
    func aCallDuringAFetchWaitsForTheNextOne() async throws {
        let arrived = Signal()
        let release = Signal()
        let count = Counter()
        try await RawServer.with(
            script: { _, _, _ in
                let number = count.next()
                guard number == 1 else { return .segments([Responses.json("{\"n\":\(number)}")]) }
                arrived.set()
                return .afterwards(release, Responses.json("{\"n\":1}"))
            }
        ) { server, client in
            async let first = client.ask(.traffic)
            await arrived.wait()
            async let others = client.ask([.traffic, .traffic, .traffic])
            // The calls are made in order on the client's loop: when this runs, they have been.
            while await client.counters.coalesced < 3 { await Task.yield() }
            #expect(server.requests.count == 1)
            release.set()
            #expect(await first.text == "{\"n\":1}")
            #expect(await others.map(\.text) == Array(repeating: "{\"n\":2}", count: 3))
            #expect(server.requests.count == 2)
        }
    }

    @Test("an error reaches everybody who shares")
    func anErrorReachesEverybodyWhoShares() async throws {
        try await RawServer.with(always: .close) { server, client in
            let answers = await client.ask(Array(repeating: .traffic, count: 10))
            #expect(answers.count == 10)
            #expect(answers.allSatisfy { $0.errorKind == .connectionLost })
            #expect(server.requests.count == 1)
        }
    }

    @Test("a receiver may call again from within")
    func aReceiverMayCallAgainFromWithin() async throws {
        try await RawServer.with(script: Self.numbered()) { server, client in
            let texts = await withCheckedContinuation { continuation in
                client.eventLoop.execute {
                    let chain = client.clientOnItsLoop
                    let receiver = ChainReceiver(client: chain, rounds: 50) { continuation.resume(returning: $0) }
                    chain.perform(.traffic, for: receiver, ticket: 0)
                }
            }
            #expect(texts == (1...50).map { "{\"n\":\($0)}" })
            #expect(server.connections == 1)
        }
    }

    @Test("the receiver is kept until its answer and no longer")
    func theReceiverIsKeptUntilItsAnswerAndNoLonger() async throws {
        try await RawServer.with(script: Self.numbered()) { _, client in
            let (answered, isGone) = (Signal(), Signal())
            client.eventLoop.execute {
                let receiver = WatchedReceiver(onAnswer: { answered.set() }, onDeinit: { isGone.set() })
                client.clientOnItsLoop.perform(.traffic, for: receiver, ticket: 0)
            }
            await answered.wait()
            await isGone.wait()
        }
    }

    @Test("connections are limited and calls wait their turn")
    func connectionsAreLimitedAndCallsWaitTheirTurn() async throws {
        let (arrived, release, count) = (Signal(), Signal(), Counter())
        try await RawServer.with(
            configure: { $0.connections = 2 },
            script: { _, _, _ in
                if count.next() == 2 { arrived.set() }
                return .afterwards(release, Responses.kicked)
            }
        ) { server, client in
            async let answers = client.ask((0..<40).map { .kick(["\($0)"]) })
            await arrived.wait()
            #expect(await client.counters.requestsSent == 2)
            #expect(server.connections == 2)
            release.set()
            #expect(await answers.allSatisfy { $0.error == nil })
            #expect(server.requests.count == 40)
            #expect(await client.counters.connectionsOpened == 40)
        }
    }

    @Test("too many waiting calls are refused")
    func tooManyWaitingCallsAreRefused() async throws {
        try await RawServer.with(
            configure: {
                $0.connections = 1
                $0.waitingCalls = 3
            },
            script: { _, _, _ in .segments([Responses.kicked]) }
        ) { server, client in
            let answers = await client.ask(Array(repeating: .kick(["a"]), count: 10))
            #expect(answers.filter { $0.error == nil }.count == 4)
            #expect(answers.filter { $0.errorKind == .tooManyCalls(limit: 3) }.count == 6)
            #expect(server.requests.count == 4)
        }
    }

    @Test("shut down answers everybody once and now")
    func shutDownAnswersEverybodyOnceAndNow() async throws {
        let arrived = Signal()
        try await RawServer.with(
            configure: { $0.connections = 2 },
            script: { _, _, _ in
                arrived.set()
                return .silence
            }
        ) { _, client in
            async let answers = client.ask([
                .traffic, .traffic, .trafficClearing, .kick(["a"]), .online, .streams, .kick(["b"]),
            ])
            await arrived.wait()
            await client.shutDown()
            let kinds = await answers.map(\.errorKind)
            #expect(kinds == Array(repeating: .shutDown, count: 7))
            #expect(await client.ask(.traffic).errorKind == .shutDown)
            #expect(await client.ask(.kick([])).errorKind == .shutDown)
            await client.shutDown()
        }
    }

    @Test("shut down in the turn of the call sends nothing")
    func shutDownInTheTurnOfTheCallSendsNothing() async throws {
        try await RawServer.with(always: .silence) { server, client in
            let answers = await withCheckedContinuation { continuation in
                client.eventLoop.execute {
                    let receiver = ManyAnswers(count: 2) { continuation.resume(returning: $0) }
                    client.clientOnItsLoop.perform(.trafficClearing, for: receiver, ticket: 0)
                    client.clientOnItsLoop.perform(.traffic, for: receiver, ticket: 1)
                    client.clientOnItsLoop.shutDown()
                }
            }
            #expect(answers.allSatisfy { $0.errorKind == .shutDown && $0.error?.answerMayBeLost == false })
            #expect(server.requests.isEmpty)
        }
    }

    @Test(
        "a receiver may shut the client down",
        arguments: [RawServer.Reply.segments([Responses.json("{}")]), .close, .segments(["garbage\r\n"])]
    )
    func aReceiverMayShutTheClientDown(reply: RawServer.Reply) async throws {
        try await RawServer.with(always: reply) { _, client in
            let count = await withCheckedContinuation { continuation in
                client.eventLoop.execute {
                    let chain = client.clientOnItsLoop
                    let receiver = EndingReceiver(client: chain, count: 5) { continuation.resume(returning: $0) }
                    for ticket in 0..<3 { chain.perform(.traffic, for: receiver, ticket: UInt64(ticket)) }
                    chain.perform(.online, for: receiver, ticket: 3)
                    chain.perform(.trafficClearing, for: receiver, ticket: 4)
                }
            }
            #expect(count == 5)
        }
    }

    @Test("shut down closes the connections")
    func shutDownClosesTheConnections() async throws {
        let simulator = try await HysteriaSimulator.start()
        let client = try await ClientHarness(simulator.address)
        _ = await client.ask([.traffic, .online, .streams, .kick([])])
        #expect(await simulator.openConnections == 4)
        await client.shutDown()
        while await simulator.openConnections > 0 { await Task.yield() }
        await simulator.shutDown()
    }
}
