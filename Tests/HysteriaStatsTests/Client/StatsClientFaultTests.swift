import HysteriaSimulator
import HysteriaStats
import NIOCore
import OwnHosts
import Testing

/// The client against upstreams that fail, each in its own way.
@Suite struct StatsClientFaultTests {
    @Test("nobody listens")
    func nobodyListens() async throws {
        let simulator = try await HysteriaSimulator.start(.init(host: OwnHost.next()))
        await simulator.vanish()
        let client = try await ClientHarness(simulator.address)
        for call in [.traffic, .trafficClearing, .kick(["a"])] as [StatsCall] {
            let error = await client.ask(call).error
            #expect(error?.kind == .unreachable(reason: "connection refused"))
            #expect(error?.answerMayBeLost == false)
            #expect(error?.description.contains("\(simulator.address)") == true)
        }
        await client.shutDown()
    }

    @Test("the host name does not exist")
    func theHostNameDoesNotExist() async throws {
        let client = try await ClientHarness(StatsAddress(host: "nowhere.invalid", port: 9))
        guard case .unreachable(let reason) = await client.ask(.traffic).errorKind else {
            Issue.record("expected that the upstream is unreachable")
            return
        }
        #expect(reason.contains("nowhere.invalid"))
        await client.shutDown()
    }

    @Test("the upstream comes back")
    func theUpstreamComesBack() async throws {
        let simulator = try await HysteriaSimulator.start(.init(host: OwnHost.next()))
        let address = simulator.address
        let client = try await ClientHarness(address)
        #expect(await client.ask(.traffic).text == "{}")
        await simulator.vanish()
        #expect(await client.ask(.traffic).errorKind == .unreachable(reason: "connection refused"))
        let again = try await HysteriaSimulator.start(.init(host: address.host, port: address.port))
        #expect(await client.ask(.traffic).text == "{}")
        await client.shutDown()
        await again.shutDown()
    }

    static let faults: [(SimulatorFault, StatsError.Kind?)] = [
        (.dropBeforeAnswer, .connectionLost), (.dropInHead, .connectionLost), (.dropInBody, .connectionLost),
        (.status(401), .secretRefused), (.status(404), .unexpectedStatus(404)), (.status(500), .unexpectedStatus(500)),
        (.status(302), .unexpectedStatus(302)), (.status(503), .unexpectedStatus(503)), (.garbage, nil),
        (.notJSON, nil),
        (.lengthTooSmall(by: 1), nil), (.large(bytes: 2_000_000), .answerTooLarge(limit: 1_000_000)),
        (.endless, .answerTooLarge(limit: 1_000_000)),
    ]

    @Test("a fault is told and the next call works", arguments: Self.faults.indices)
    func aFaultIsToldAndTheNextCallWorks(index: Int) async throws {
        let (fault, expected) = Self.faults[index]
        let users = [SimulatedUser(name: "wang", tx: 1, rx: 2)]
        let simulator = try await HysteriaSimulator.start(.init(users: users, now: { 0 }))
        let client = try await ClientHarness(simulator.address) { $0.answerLimit = 1_000_000 }
        for call in [.traffic, .online, .traffic] as [StatsCall] {
            await simulator.set(fault: fault)
            let error = await client.ask(call).error
            if let expected {
                #expect(error?.kind == expected)
            } else {
                #expect(error?.kind.isMalformed == true)
            }
            #expect(error?.answerMayBeLost == false)
            await simulator.set(fault: nil)
            #expect(await client.ask(call).error == nil)
        }
        await client.shutDown()
        await simulator.shutDown()
    }

    @Test("an answer that does not come times out", arguments: [SimulatorFault.stall, .lengthTooLarge(by: 1)])
    func anAnswerThatDoesNotComeTimesOut(fault: SimulatorFault) async throws {
        let simulator = try await HysteriaSimulator.start()
        let client = try await ClientHarness(simulator.address) { $0.timeout = .milliseconds(50) }
        await simulator.set(fault: fault)
        for _ in 0..<2 {
            let error = await client.ask(.traffic).error
            #expect(error?.kind == .timedOut(limit: .milliseconds(50)))
            #expect(error?.answerMayBeLost == false)
        }
        await client.shutDown()
        await simulator.shutDown()
    }

    @Test("a head without end is refused")
    func aHeadWithoutEndIsRefused() async throws {
        let chunk = String(repeating: "X: y\r\n", count: 500)
        try await RawServer.with(always: .endless(head: "HTTP/1.1 200 OK\r\n", chunk: chunk)) { _, client in
            #expect(await client.ask(.traffic).errorKind?.isMalformed == true)
        }
    }

    @Test(
        "an answer that does not add up is refused",
        arguments: [
            "Content-Length: 2\r\nContent-Length: 2", "Content-Length: -2", "Content-Length: 9223372036854775807",
            "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked\r\nContent-Length: 2",
            "Transfer-Encoding: chunked",
        ]
    )
    func anAnswerThatDoesNotAddUpIsRefused(header: String) async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\(header)\r\n\r\n{}\r\n"
        try await RawServer.with(always: .segments([head])) { _, client in
            #expect(await client.ask(.traffic).errorKind?.isMalformed == true)
        }
    }

    @Test("an answer larger than the limit is refused from its head alone")
    func anAnswerLargerThanTheLimitIsRefusedFromItsHeadAlone() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 68719476736\r\n\r\n"
        try await RawServer.with(always: .segments([head])) { _, client in
            #expect(await client.ask(.traffic).errorKind == .answerTooLarge(limit: 64 << 20))
        }
    }

    @Test("a server that speaks without being asked is not asked again")
    func aServerThatSpeaksWithoutBeingAskedIsNotAskedAgain() async throws {
        // In one segment: what comes later can come behind the next request, and is then its answer to all appearances.
        try await RawServer.with(always: .segments([Responses.json("{}") + Responses.json(#"{"stale":1}"#)])) {
            server,
            client in
            for _ in 0..<20 { #expect(await client.ask(.traffic).text == "{}") }
            #expect(server.connections >= 1)
        }
    }

    @Test("no error shows the secret")
    func noErrorShowsTheSecret() async throws {
        let secret = try Secret("hush-hush")
        try await RawServer.with(
            configure: { $0.secret = secret },
            script: { _, _, text in .segments([Responses.status("401 Unauthorized", body: text)]) }
        ) { server, client in
            let error = try #require(await client.ask(.traffic).error)
            #expect(error.kind == .secretRefused)
            #expect(!"\(error) \(String(reflecting: error))".contains("hush"))
            #expect(server.requests.first?.contains("hush-hush") == true)
        }
    }
}
