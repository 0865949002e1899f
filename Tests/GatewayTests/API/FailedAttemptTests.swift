import Testing

@testable import Gateway

@Suite("Failed attempts", .timeLimit(.minutes(5)))
struct FailedAttemptTests {
    private static let wrong = "hg_wrong-0123456789abcdef"

    @Test("get 401, and soon 429 with the time to wait")
    func throttled() async throws {
        let lines = try await APIBench.with { bench in
            for _ in 0..<10 { #expect(await bench.ask("GET /traffic", token: Self.wrong).status == 401) }
            let answer = await bench.ask("GET /traffic", token: Self.wrong)
            #expect(answer.status == 429)
            #expect(answer.contentType == "application/problem+json")
            #expect(answer.body.contains(#""type":"urn:problem-type:hysteria-gateway:throttled""#))
            #expect(answer.body.contains(#""status":429"#))
            let seconds = try #require(answer.fields["Retry-After"].flatMap { Int($0) })
            #expect((1...6).contains(seconds))
            let text = await bench.ask("GET /traffic?format=text", token: Self.wrong)
            #expect(text.status == 429)
            #expect(text.body == "429 Too Many Requests: Too many attempts without a valid token from this address.\n")
            #expect(await bench.hysteria.requests.isEmpty)
            #expect(bench.log.lines == ["warning: failed attempts are throttled address=192.0.2.7 suppressed=0"])
        }
        #expect(lines.count { $0.contains(" 401 ") } == 10)
        #expect(lines.count { $0.contains(" 429 ") } == 2)
    }

    @Test("never stand in the way of a valid token")
    func success() async throws {
        try await APIBench.with { bench in
            for _ in 0..<20 { _ = await bench.ask("GET /traffic", token: Self.wrong) }
            for _ in 0..<20 { #expect(await bench.ask("GET /traffic").status == 200) }
            #expect(await bench.ask("GET /traffic?clear=1", token: "hg_traffic-0123456789abcdef").status == 403)
            #expect(await bench.ask("GET /traffic", token: Self.wrong).status == 429)
            #expect(await bench.ask("GET /healthz", token: Self.wrong).status == 200)
        }
    }

    @Test("are those that present something: who presents nothing is asked for it, always")
    func nothing() async throws {
        try await APIBench.with { bench in
            for _ in 0..<20 { #expect(await bench.ask("GET /traffic", token: nil).status == 401) }
            #expect(await bench.ask("GET /traffic", token: Self.wrong).status == 401)
            for _ in 0..<20 { _ = await bench.ask("GET /traffic", token: Self.wrong) }
            let answer = await bench.ask("GET /traffic", token: nil)
            #expect(answer.status == 401)
            #expect(answer.fields["WWW-Authenticate"] != nil)
        }
    }

    @Test("count whatever is wrong with them, but for what a token may not do")
    func reasons() async throws {
        try await APIBench.with { bench in
            for _ in 0..<20 {
                #expect(await bench.ask("GET /online", token: "hg_traffic-0123456789abcdef").status == 403)
            }
            let credentials = [
                "Basic !!!", "Negotiate x", "Bearer hg_expired-0123456789abcdef", "Bearer \(APIBench.nearby)",
            ]
            for index in 0..<10 {
                let field = "Authorization: \(credentials[index % credentials.count])"
                #expect(await bench.ask("GET /traffic", token: nil, fields: [field]).status == 401)
            }
            for credential in credentials {
                let answer = await bench.ask("GET /traffic", token: nil, fields: ["Authorization: \(credential)"])
                #expect(answer.status == 429, "\(credential)")
            }
        }
    }

    @Test("are held against their address alone, in IPv6 against the network of 64 bits")
    func addresses() async throws {
        try await APIBench.with { bench in
            for number in 0..<20 {
                _ = await bench.ask("GET /traffic", token: Self.wrong, from: "2001:db8::\(number + 1)")
                _ = await bench.ask("GET /traffic", token: Self.wrong, from: "::ffff:192.0.2.1")
            }
            for (address, status) in [
                ("2001:db8::ffff", 429), ("2001:db8:0:1::1", 401), ("192.0.2.1", 429), ("192.0.2.2", 401),
            ] {
                #expect(
                    await bench.ask("GET /traffic", token: Self.wrong, from: address).status == status,
                    "\(address)"
                )
            }
        }
    }

    @Test("include a token that is used from elsewhere, which looks like any other")
    func elsewhere() async throws {
        try await APIBench.with { bench in
            let token = APIBench.nearby
            #expect(await bench.ask("GET /traffic", token: token, from: "198.51.100.9").status == 200)
            #expect(await bench.ask("GET /traffic", token: token, from: "::ffff:198.51.100.9").status == 200)
            let answer = await bench.ask("GET /traffic", token: token, from: "198.51.101.9")
            let unknown = await bench.ask("GET /traffic", token: Self.wrong, from: "198.51.101.9")
            #expect(answer.status == 401)
            #expect(answer.body == unknown.body)
        }
    }
}
