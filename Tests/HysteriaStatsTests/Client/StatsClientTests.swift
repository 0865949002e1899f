import HysteriaSimulator
import HysteriaStats
import NIOCore
import Testing

/// The client over real sockets, against servers that do what they should.
@Suite struct StatsClientTests {
    @Test("a read gets the body byte for byte")
    func aReadGetsTheBodyByteForByte() async throws {
        let body = #"{"wang":{"tx":514,"rx":4017}}"#
        try await RawServer.with(always: .segments([Responses.json(body)])) { server, client in
            #expect(await client.ask(.traffic).text == body)
            #expect(server.requests == ["GET /traffic HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"])
        }
    }

    @Test("every call is written anew")
    func everyCallIsWrittenAnew() async throws {
        let secret = try Secret("hush")
        try await RawServer.with(
            configure: { $0.secret = secret },
            script: { _, _, text in
                .segments([text.hasPrefix("POST") ? Responses.kicked : Responses.json("{}")])
            }
        ) { server, client in
            for call in [.traffic, .trafficClearing, .online, .streams, .kick(["a\"<\n", "ü"])] as [StatsCall] {
                #expect(await client.ask(call).error == nil)
            }
            let rest = "HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nAuthorization: hush\r\n"
            #expect(
                server.requests == [
                    "GET /traffic \(rest)\r\n", "GET /traffic?clear=1 \(rest)\r\n", "GET /online \(rest)\r\n",
                    "GET /dump/streams \(rest)\r\n",
                    "POST /kick \(rest)Content-Type: application/json\r\nContent-Length: 20\r\n\r\n"
                        + #"["a\"\u003c\n","ü"]"#,
                ]
            )
        }
    }

    @Test("the connection is kept for the next call")
    func theConnectionIsKeptForTheNextCall() async throws {
        try await RawServer.with(always: .segments([Responses.json("{}")])) { server, client in
            for _ in 0..<10 { #expect(await client.ask(.online).text == "{}") }
            #expect(server.connections == 1)
            let counters = await client.counters
            #expect(counters.requestsSent == 10)
            #expect(counters.answers == 10)
            #expect(counters.connectionsOpened == 1)
            #expect(counters.errors == 0 && counters.retries == 0 && counters.coalesced == 0)
        }
    }

    @Test("an answer in many segments is whole")
    func anAnswerInManySegmentsIsWhole() async throws {
        let text = Responses.chunked([#"{"wang":"#, #"{"tx":1,"#, #""rx":2}}"#])
        try await RawServer.with(always: .segments(text.map(String.init))) { _, client in
            #expect(await client.ask(.traffic).text == #"{"wang":{"tx":1,"rx":2}}"#)
        }
    }

    @Test("a large answer is whole")
    func aLargeAnswerIsWhole() async throws {
        let simulator = try await HysteriaSimulator.start()
        await simulator.set(fault: .large(bytes: 3_000_000))
        let client = try await ClientHarness(simulator.address)
        let answer = try await client.ask(.traffic).get()
        #expect(try TrafficAnswer(parsing: answer.body).entries.map(\.user.utf8.count) == [3_000_000])
        await client.shutDown()
        await simulator.shutDown()
    }

    @Test("a host name is looked up")
    func aHostNameIsLookedUp() async throws {
        // No IP address as it is written now, so the system's resolver is asked; and one that it knows without /etc/hosts, which a
        // bare root does not have, and without a name server: the old way to write 127.0.0.1 (inet_aton(3)).
        try await RawServer.with(
            configure: { $0.address = StatsAddress(host: "127.1", port: $0.address.port) },
            script: { _, _, _ in .segments([Responses.json("{}")]) }
        ) { server, client in
            #expect(await client.ask(.traffic).text == "{}")
            #expect(server.requests.first?.contains("Host: 127.1:\(server.port)\r\n") == true)
        }
    }

    @Test("http10 answers are taken and the connection is not kept")
    func http10AnswersAreTakenAndTheConnectionIsNotKept() async throws {
        let head = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
        try await RawServer.with(always: .andClose(head + #"{"a":{"tx":1,"rx":2}}"#)) { server, client in
            #expect(await client.ask(.traffic).text == #"{"a":{"tx":1,"rx":2}}"#)
            #expect(await client.ask(.traffic).text == #"{"a":{"tx":1,"rx":2}}"#)
            #expect(server.connections == 2)
        }
    }

    @Test("bytes behind the answer end the connection")
    func bytesBehindTheAnswerEndTheConnection() async throws {
        try await RawServer.with(always: .segments([Responses.json("{}") + "extra"])) { server, client in
            for _ in 0..<3 { #expect(await client.ask(.traffic).text == "{}") }
            #expect(server.connections == 3)
            #expect(await client.counters.retries == 0)
        }
    }

    @Test("the simulator is understood")
    func theSimulatorIsUnderstood() async throws {
        let secret = try Secret("s3cret")
        let users = [SimulatedUser(name: "wang", devices: 2, tx: 5, rx: 6), SimulatedUser(name: "a<b", tx: 7)]
        let simulator = try await HysteriaSimulator.start(.init(secret: secret, users: users, now: { 0 }))
        let client = try await ClientHarness(simulator.address) { $0.secret = secret }
        #expect(await client.ask(.traffic).text == #"{"a\u003cb":{"tx":7,"rx":0},"wang":{"tx":5,"rx":6}}"#)
        #expect(await client.ask(.online).text == #"{"a\u003cb":1,"wang":2}"#)
        #expect(await client.ask(.streams).text == "{\"streams\":[]}\n")
        #expect(await client.ask(.kick(["wang"])).text == "")
        #expect(await simulator.logTraffic(user: "wang", tx: 1, rx: 1) == false)
        #expect(await simulator.logTraffic(user: "wang", tx: 1, rx: 1) == true)
        #expect(await client.ask(.trafficClearing).text == #"{"a\u003cb":{"tx":7,"rx":0},"wang":{"tx":6,"rx":7}}"#)
        #expect(await client.ask(.traffic).text == "{}")
        await client.shutDown()
        await simulator.shutDown()
    }
}
