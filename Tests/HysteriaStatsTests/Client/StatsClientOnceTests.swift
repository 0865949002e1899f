import HysteriaSimulator
import HysteriaStats
import NIOCore
import Testing

/// What is read may be asked again; what changes something is sent once, whatever happens.
@Suite struct StatsClientOnceTests {
    /// A server that closes each kept connection when its second request comes, as if it had timed out just then.
    private static let stale: RawServer.Script = { _, request, text in
        guard request == 0 else { return .close }
        return .segments([text.hasPrefix("POST") ? Responses.kicked : Responses.json("{}")])
    }

    @Test("a read on a stale connection is repeated once and silently")
    func aReadOnAStaleConnectionIsRepeatedOnceAndSilently() async throws {
        try await RawServer.with(script: Self.stale) { server, client in
            #expect(await client.ask(.traffic).text == "{}")
            #expect(await client.ask(.traffic).text == "{}")
            #expect(server.requests.count == 3)
            #expect(server.connections == 2)
            let counters = await client.counters
            #expect(counters.retries == 1)
            #expect(counters.errors == 0)
        }
    }

    @Test("a read is not repeated twice")
    func aReadIsNotRepeatedTwice() async throws {
        try await RawServer.with(
            script: { connection, request, _ in
                connection == 0 && request == 0 ? .segments([Responses.json("{}")]) : .close
            }
        ) { server, client in
            #expect(await client.ask(.traffic).text == "{}")
            #expect(await client.ask(.traffic).errorKind == .connectionLost)
            #expect(server.requests.count == 3)
        }
    }

    @Test("a read on a new connection is not repeated")
    func aReadOnANewConnectionIsNotRepeated() async throws {
        try await RawServer.with(always: .close) { server, client in
            #expect(await client.ask(.traffic).errorKind == .connectionLost)
            #expect(server.requests.count == 1)
        }
    }

    @Test("a read whose answer has begun is not repeated")
    func aReadWhoseAnswerHasBegunIsNotRepeated() async throws {
        try await RawServer.with(
            script: { _, request, _ in request == 0 ? .segments([Responses.json("{}")]) : .andClose("HTTP/1.1 2") }
        ) { server, client in
            #expect(await client.ask(.traffic).text == "{}")
            #expect(await client.ask(.traffic).errorKind == .connectionLost)
            #expect(server.requests.count == 2)
        }
    }

    @Test("a change never goes out on a used connection", arguments: [StatsCall.trafficClearing, .kick(["wang"])])
    func aChangeNeverGoesOutOnAUsedConnection(call: StatsCall) async throws {
        try await RawServer.with(script: Self.stale) { server, client in
            for round in 1...5 {
                #expect(await client.ask(.traffic).error == nil)
                #expect(await client.ask(call).error == nil)
                #expect(server.requests.filter { $0.contains("clear=1") || $0.hasPrefix("POST") }.count == round)
            }
        }
    }

    @Test(
        "a change is sent once and its lost answer is told",
        arguments: [
            RawServer.Reply.close, .andClose("HTTP/1.1 200 OK\r\n"), .andClose("garbage\r\n"),
            .andClose("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"),
            .segments([Responses.status("500 Internal Server Error")]),
            .segments(["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"]),
        ]
    )
    func aChangeIsSentOnceAndItsLostAnswerIsTold(reply: RawServer.Reply) async throws {
        try await RawServer.with(always: reply) { server, client in
            for (index, call) in [StatsCall.trafficClearing, .kick(["a"])].enumerated() {
                let error = await client.ask(call).error
                #expect(error?.answerMayBeLost == true)
                #expect(error?.description.contains("its answer is lost") == true)
                #expect(server.requests.count == index + 1)
            }
            #expect(await client.counters.retries == 0)
        }
    }

    @Test("a refused change has no lost answer", arguments: ["401 Unauthorized", "404 Not Found", "400 Bad Request"])
    func aRefusedChangeHasNoLostAnswer(status: String) async throws {
        try await RawServer.with(always: .segments([Responses.status(status)])) { _, client in
            #expect(await client.ask(.trafficClearing).error?.answerMayBeLost == false)
            #expect(await client.ask(.kick(["a"])).error?.answerMayBeLost == false)
        }
    }

    @Test("changes are never shared")
    func changesAreNeverShared() async throws {
        let simulator = try await HysteriaSimulator.start(
            .init(users: [SimulatedUser(name: "wang", tx: 5, rx: 6)], now: { 0 })
        )
        let client = try await ClientHarness(simulator.address)
        let answers = await client.ask(Array(repeating: .trafficClearing, count: 20))
        #expect(answers.allSatisfy { $0.error == nil })
        #expect(answers.filter { $0.text == #"{"wang":{"tx":5,"rx":6}}"# }.count == 1)
        #expect(answers.filter { $0.text == "{}" }.count == 19)
        #expect(await simulator.requests.count == 20)
        let kicks = await client.ask([.kick(["a"]), .kick(["a"]), .kick(["b"])])
        #expect(kicks.allSatisfy { $0.error == nil })
        #expect(await simulator.requests.filter { $0 == "POST /kick" }.count == 3)
        #expect(await client.counters.coalesced == 0)
        await client.shutDown()
        await simulator.shutDown()
    }
}
