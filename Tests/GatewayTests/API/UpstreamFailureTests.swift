import HysteriaSimulator
import HysteriaStats
import OwnHosts
import Testing

@testable import Gateway

@Suite("What goes wrong with Hysteria is told to caller and operator", .timeLimit(.minutes(5)))
struct UpstreamFailureTests {
    @Test(
        "what Hysteria does wrong is 502, and tells the operator what",
        arguments: [
            (SimulatorFault.dropBeforeAnswer, "closed the connection"), (.dropInBody, "closed the connection"),
            (.status(401), "refused the secret"), (.status(404), "status 404"), (.status(500), "status 500"),
            (.garbage, "cannot be used"), (.notJSON, "cannot be used"), (.large(bytes: 2 << 20), "larger than"),
        ]
    )
    func upstreamFails(fault: SimulatorFault, message: String) async throws {
        try await APIBench.with { bench in
            await bench.hysteria.set(fault: fault)
            let answer = await bench.ask("GET /traffic")
            #expect(answer.status == 502)
            #expect(answer.body.contains("upstream-failed"))
            #expect(!answer.body.contains(bench.hysteria.address.host))
            let line = try #require(bench.log.lines.last)
            #expect(line.contains(message), "\(line)")
            #expect(!line.contains(APIBench.secret))
            await bench.hysteria.set(fault: nil)
            #expect(await bench.ask("GET /traffic").status == 200)
        }
    }

    @Test(
        "an answer that is no JSON is 502 in every form, for every token",
        arguments: [
            #"{"wang":{"tx":NaN,"rx":1}}"#, #"{"wang":{"tx":1,"rx":1},}"#, #"{"wang":{"tx":01,"rx":1}}"#,
            #"{"wang":{"tx":1 "rx":1}}"#, "{'wang':{'tx':1}}", "{\"wa\nng\":{\"tx\":1,\"rx\":1}}",
        ].map { Array($0.utf8) } + [Array(#"{"w"#.utf8) + [0xff] + Array(#"":{"tx":1,"rx":1}}"#.utf8)]
    )
    func notJSON(body: [UInt8]) async throws {
        try await APIBench.with { bench in
            await bench.hysteria.set(fault: .body(body))
            for target in ["/traffic", "/traffic?format=text", "/", "/?format=json", "/online", "/dump/streams"] {
                for token in [APIBench.token, APIBench.limited] {
                    let answer = await bench.ask("GET \(target)", token: token)
                    #expect(answer.status == 502, "\(target)")
                    #expect(answer.body.contains("upstream-failed") || answer.contentType?.hasPrefix("text") == true)
                }
            }
            #expect(await bench.ask("GET /metrics", token: APIBench.monitor).body.contains("hysteria_up 0"))
            let answer = await bench.ask("GET /traffic?clear=1")
            #expect(answer.status == 502)
            #expect(answer.body.contains("answer-lost"))
            #expect(bench.log.lines.contains { $0.contains("the counters were cleared") })
        }
    }

    @Test("an answer after failures is told once, as the failure was")
    func recovery() async throws {
        try await APIBench.with { bench in
            #expect(await bench.ask("GET /traffic").status == 200)
            #expect(bench.log.lines.isEmpty)
            await bench.hysteria.set(fault: .status(500))
            _ = await bench.ask("GET /traffic")
            await bench.hysteria.set(fault: nil)
            for _ in 0..<3 { #expect(await bench.ask("GET /online").status == 200) }
            #expect(bench.log.lines.count == 2)
            #expect(bench.log.lines.last == "notice: Hysteria's stats API at \(bench.hysteria.address) answers again")
        }
    }

    @Test("a Hysteria that is not there is 502, one that says nothing is 504")
    func upstreamAbsent() async throws {
        try await APIBench.with { bench in
            await bench.hysteria.vanish()
            let answer = await bench.ask("GET /traffic")
            #expect(answer.status == 502)
            #expect(answer.body.contains("upstream-unreachable"))
        }
        try await APIBench.with(timeout: .milliseconds(20)) { bench in
            await bench.hysteria.set(fault: .stall)
            let answer = await bench.ask("GET /traffic")
            #expect(answer.status == 504)
            #expect(answer.body.contains("upstream-timeout"))
        }
    }

    @Test("a clear that Hysteria may have obeyed is told, logged, and not repeated")
    func clearMayBeLost() async throws {
        try await APIBench.with { bench in
            await bench.hysteria.set(fault: .dropInBody)
            let answer = await bench.ask("GET /traffic?clear=1")
            #expect(answer.status == 502)
            #expect(answer.body.contains("answer-lost"))
            let line = try #require(bench.log.lines.last)
            #expect(line.contains("call=traffic clearing lost=true"))
            #expect(await bench.hysteria.requests == ["GET /traffic?clear=1"])
        }
    }

    @Test("errors of the upstream are told to the operator once a second at most, those of a clear always")
    func limitedReports() async throws {
        try await APIBench.with { bench in
            await bench.hysteria.set(fault: .dropBeforeAnswer)
            for _ in 0..<5 { _ = await bench.ask("GET /traffic") }
            #expect(bench.log.lines.count == 1)
            for _ in 0..<3 { _ = await bench.ask("GET /traffic?clear=1") }
            #expect(bench.log.lines.count == 4)
        }
    }
}
