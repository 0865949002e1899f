import HysteriaSimulator
import HysteriaStats
import NIOCore
import Synchronization
import Testing

/// What cannot be told by one request and its answer.
@Suite struct SimulatorBehaviourTests {
    private func start(
        users: [SimulatedUser] = [],
        secret: Bool = false,
        now: @escaping @Sendable () -> Int64 = { 0 }
    ) async throws -> HysteriaSimulator {
        try await HysteriaSimulator.start(
            .init(secret: secret ? try Secret(SimulatorCase.secret) : nil, users: users, seed: 42, now: now)
        )
    }

    private func get(_ target: String, _ simulator: HysteriaSimulator, headers: [String] = []) async throws -> String {
        let request = SimulatorCase.text("GET \(target)", headers + ["Connection: close"])
        let text = try await RawClient.exchange(Array(request.utf8), port: simulator.address.port)
        return try #require(RawClient.responses(in: text).first).body
    }

    private func kick(_ body: String, _ simulator: HysteriaSimulator) async throws {
        let request = SimulatorCase.text("POST /kick", ["Connection: close"], body: body)
        let text = try await RawClient.exchange(Array(request.utf8), port: simulator.address.port)
        #expect(text.hasPrefix("HTTP/1.1 200"))
    }

    @Test("a kick cuts one connection and is gone")
    func aKickCutsOneConnectionAndIsGone() async throws {
        let simulator = try await start()
        try await kick(#"["wang", null]"#, simulator)
        #expect(await simulator.logTraffic(user: "wang", tx: 1, rx: 1) == false)
        #expect(try await get("/traffic", simulator) == "{}")
        #expect(await simulator.logTraffic(user: "wang", tx: 1, rx: 2) == true)
        #expect(await simulator.logTraffic(user: "", tx: 1, rx: 2) == false)
        #expect(try await get("/traffic", simulator) == #"{"wang":{"tx":1,"rx":2}}"#)
        await simulator.shutDown()
    }

    @Test("one wrong element marks nobody")
    func oneWrongElementMarksNobody() async throws {
        let simulator = try await start()
        let request = SimulatorCase.text("POST /kick", ["Connection: close"], body: #"["wang",1]"#)
        _ = try await RawClient.exchange(Array(request.utf8), port: simulator.address.port)
        #expect(await simulator.logTraffic(user: "wang", tx: 1, rx: 1) == true)
        await simulator.shutDown()
    }

    @Test("counters wrap")
    func countersWrap() async throws {
        let simulator = try await start(users: [SimulatedUser(name: "a", tx: .max, rx: .max - 1)])
        await simulator.logTraffic(user: "a", tx: 2, rx: 1)
        #expect(try await get("/traffic", simulator) == #"{"a":{"tx":1,"rx":18446744073709551615}}"#)
        await simulator.shutDown()
    }

    @Test("names are sorted by bytes and escaped")
    func namesAreSortedByBytesAndEscaped() async throws {
        let simulator = try await start(
            users: ["é", "z", "Z", "<", "\u{2028}", ""].map { SimulatedUser(name: $0) }
        )
        #expect(try await get("/online", simulator) == #"{"":1,"\u003c":1,"Z":1,"z":1,"é":1,"\u2028":1}"#)
        await simulator.shutDown()
    }

    @Test("names that only look alike are two users")
    func namesThatOnlyLookAlikeAreTwoUsers() async throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        let simulator = try await start(
            users: [
                SimulatedUser(name: composed, devices: 2, tx: 1, rx: 2), SimulatedUser(name: decomposed, tx: 3, rx: 4),
            ]
        )
        // Compared byte by byte: Swift takes the two for equal, whole answers included.
        func isAnswer(_ text: String, _ target: String) async throws -> Bool {
            try await get(target, simulator).utf8.elementsEqual(text.utf8)
        }
        #expect(
            try await isAnswer(
                #"{"\#(decomposed)":{"tx":3,"rx":4},"\#(composed)":{"tx":1,"rx":2}}"#,
                "/traffic"
            )
        )
        #expect(try await isAnswer(#"{"\#(decomposed)":1,"\#(composed)":2}"#, "/online"))
        try await kick(#"["\#(composed)"]"#, simulator)
        #expect(await simulator.logTraffic(user: decomposed, tx: 1, rx: 1) == true)
        #expect(await simulator.logTraffic(user: composed, tx: 1, rx: 1) == false)
        await simulator.shutDown()
    }

    @Test("figures move with the clock and not with the questions")
    func figuresMoveWithTheClockAndNotWithTheQuestions() async throws {
        let users = SimulatedUser.crowd(20, seed: 5)
        #expect(users == SimulatedUser.crowd(20, seed: 5))
        #expect(Set(users.map(\.name)).count == 20)
        func history(_ moments: [Int64]) async throws -> [String] {
            let clock = Mutex(Int64(0))
            let simulator = try await start(users: users) { clock.withLock { $0 } }
            var bodies: [String] = []
            for moment in moments {
                clock.withLock { $0 = moment * 1_000_000_000 }
                bodies = []
                for target in ["/traffic", "/online", "/dump/streams"] {
                    bodies.append(try await get(target, simulator))
                }
            }
            await simulator.shutDown()
            return bodies
        }
        let once = try await history([60])
        #expect(try await history([60]) == once)
        #expect(try await history([1, 2, 3, 17, 17, 40, 60]) == once)
        let later = try await history([61])
        #expect(later != once)
        let before = try TrafficAnswer(parsing: ByteBuffer(string: once[0]))
        let after = try TrafficAnswer(parsing: ByteBuffer(string: later[0]))
        for (old, new) in zip(before.entries, after.entries) { #expect(old.rx <= new.rx && old.tx <= new.tx) }
        let streams = try StreamsAnswer(parsing: ByteBuffer(string: once[2])).streams
        #expect(streams.count > 10)
        #expect(streams.allSatisfy { $0.initialAt.hasPrefix("1970-01-01T00:00:") && $0.initialAt.hasSuffix("Z") })
    }

    @Test("a kicked user is cut at the next byte and comes back")
    func aKickedUserIsCutAtTheNextByteAndComesBack() async throws {
        let clock = Mutex(Int64(0))
        let users = [SimulatedUser(name: "wang", devices: 1, uploadRate: 1000, downloadRate: 100_000)]
        let simulator = try await start(users: users) { clock.withLock { $0 } }
        try await kick(#"["wang"]"#, simulator)
        #expect(try await get("/online", simulator) == #"{"wang":1}"#)
        var seen: [String] = []
        for step in 0..<200 {
            clock.withLock { $0 = Int64(step) * 250_000_000 }
            let online = try await get("/online", simulator)
            if seen.last != online { seen.append(online) }
        }
        #expect(seen == [#"{"wang":1}"#, "{}", #"{"wang":1}"#])
        await simulator.shutDown()
    }

    @Test("the text table is for who asks for it")
    func theTextTableIsForWhoAsksForIt() async throws {
        let clock = Mutex(Int64(0))
        let users = [SimulatedUser(name: "wang\n", devices: 1, uploadRate: 1000, downloadRate: 100_000)]
        let simulator = try await start(users: users) { clock.withLock { $0 } }
        clock.withLock { $0 = 754_250_000_000 }
        for accept in ["text/plain", "application/json, text/plain;q=0"] {
            let table = try await get("/dump/streams", simulator, headers: ["Accept: \(accept)"])
            #expect(
                table.hasPrefix(
                    "State    Auth           Connection   Stream     TX-Bytes     RX-Bytes     Lifetime  Last-Active"
                        + " Req-Addr         Hooked-Req-Addr\n"
                )
            )
            // Names go in raw, line ends included.
            #expect(table.contains("wang\n "))
        }
        for accept in ["*/*", "TEXT/PLAIN", "text/*"] {
            #expect(try await get("/dump/streams", simulator, headers: ["Accept: \(accept)"]).hasPrefix("{"))
        }
        let two = try await get("/dump/streams", simulator, headers: ["Accept: */*", "Accept: text/plain"])
        #expect(two.hasPrefix("{"))
        await simulator.shutDown()
    }

    @Test("big answers are chunked or end with the connection")
    func bigAnswersAreChunkedOrEndWithTheConnection() async throws {
        let users = (0..<100).map { SimulatedUser(name: "user\($0)", tx: 1, rx: 1) }
        let simulator = try await start(users: users)
        let port = simulator.address.port
        let request = SimulatorCase.text("GET /traffic", ["Connection: close"])
        let modern = try await RawClient.exchange(Array(request.utf8), port: port)
        let old = try await RawClient.exchange(
            Array(SimulatorCase.text("GET /traffic", ["Connection: keep-alive"], version: "HTTP/1.0").utf8),
            port: port
        )
        let first = try #require(RawClient.responses(in: modern).first)
        let second = try #require(RawClient.responses(in: old).first)
        #expect(first.header("Transfer-Encoding") == "chunked")
        #expect(second.length == nil)
        #expect(first.body == second.body)
        #expect(try TrafficAnswer(parsing: ByteBuffer(string: first.body)).entries.count == 100)
        await simulator.shutDown()
    }

    @Test("an invited body gets a continue and pipelined requests are answered in order")
    func anInvitedBodyGetsAContinueAndPipelinedRequestsAreAnsweredInOrder() async throws {
        let simulator = try await start(secret: true)
        let bytes =
            SimulatorCase.text("POST /kick", ["Expect: 100-continue"], body: #"["a"]"#)
            + SimulatorCase.text("GET /online") + SimulatorCase.text("GET /nope")
            + SimulatorCase.text("GET /", ["Connection: close"])
        let text = try await RawClient.exchange(Array(bytes.utf8), port: simulator.address.port)
        #expect(
            RawClient.responses(in: text).map(\.status) == [
                "100 Continue", "200 OK", "200 OK", "404 Not Found", "200 OK",
            ]
        )
        #expect(await simulator.requests == ["POST /kick", "GET /online", "GET /nope", "GET /"])
        await simulator.shutDown()
    }

    @Test(
        "a client that ends its half is answered",
        arguments: [
            ("", []), ("GET /onl", ["400 Bad Request"]),
            (SimulatorCase.text("GET /online"), ["200 OK"]),
            (SimulatorCase.text("POST /kick", ["Content-Length: 100"]) + #"["a""#, ["400 Bad Request"]),
            (SimulatorCase.text("POST /kick", ["Transfer-Encoding: chunked"]) + "5\r\n[", ["400 Bad Request"]),
        ] as [(String, [String])]
    )
    func aClientThatEndsItsHalfIsAnswered(text: String, statuses: [String]) async throws {
        let simulator = try await start(secret: true)
        let port = simulator.address.port
        let answer = try await RawClient.exchange(Array(text.utf8), port: port, halfClose: true)
        #expect(RawClient.responses(in: answer).map(\.status) == statuses)
        await simulator.shutDown()
    }

    @Test("the date is the clocks")
    func theDateIsTheClocks() async throws {
        let simulator = try await start { 1_709_210_096_000_000_000 }
        let request = SimulatorCase.text("GET /", ["Connection: close"])
        let text = try await RawClient.exchange(Array(request.utf8), port: simulator.address.port)
        #expect(RawClient.responses(in: text).first?.header("Date") == "Thu, 29 Feb 2024 12:34:56 GMT")
        await simulator.shutDown()
    }
}
