import Testing

/// What becomes of those who try and try.
@Suite(.startsPrograms)
struct FailedAttemptTests {
    /// One event loop, so that each address has one budget.
    private static var setting: Scene.Setting {
        var setting = Scene.Setting()
        setting.threads = 1
        return setting
    }

    /// Asks until the answer is no plain refusal: one attempt is forgiven every six seconds, however long ten of them take.
    private static func failing(
        _ ask: () async throws -> HTTPAnswer
    ) async throws -> (answer: HTTPAnswer, attempts: Int) {
        var attempts = 1
        var answer = try await ask()
        while answer.status == 401, attempts < 1_000 {
            answer = try await ask()
            attempts += 1
        }
        return (answer, attempts)
    }

    @Test("whoever keeps failing is told to wait and nobody else")
    func whoeverKeepsFailingIsToldToWaitAndNobodyElse() async throws {
        try await Scene.play(Self.setting) { scene in
            let wrong = Tokens.stranger.text
            let (answer, attempts) = try await Self.failing { try await scene.curl.get("/traffic", token: wrong) }
            #expect(attempts > 10)
            #expect(answer.status == 429)
            #expect(answer.problem == "throttled")
            #expect(answer["content-type"] == "application/problem+json")
            #expect(answer["retry-after"].flatMap { Int($0) }.map { (1...6).contains($0) } == true)
            let (text, _) = try await Self.failing {
                try await scene.curl.get("/traffic?format=text", token: wrong)
            }
            #expect(text.text.hasPrefix("429 Too Many Requests: "))
            let (old, _) = try await Self.failing {
                try await scene.curl.get("/traffic", "--user", "phone:\(Tokens.expired.text)")
            }
            #expect(old.status == 429)

            // The right token opens all the same, from there as well.
            #expect(try await scene.curl.get("/traffic", token: Tokens.all.text).status == 200)
            #expect(try await scene.curl.get("/traffic", "--user", "phone:\(Tokens.all.text)").status == 200)
            #expect(try await scene.curl.get("/dump/streams", token: Tokens.reader.text).status == 403)
            // A browser still learns what to ask for.
            let bare = try await scene.curl.get("/traffic")
            #expect(bare.status == 401)
            #expect(bare.values(of: "www-authenticate").count == 2)
            // Another address is another matter.
            #expect(try await scene.curl.get("/traffic", token: wrong, "--interface", "127.0.0.2").status == 401)

            try await scene.gateway.log("failed attempts are throttled", "address=127.0.0.1")
            _ = try await scene.gateway.process.first("429 in the access log") { state in
                state.outputText.contains("\"GET /traffic HTTP/1.1\" 429 ") ? true : nil
            }
        }
    }

    @Test("a token is good from its addresses alone")
    func aTokenIsGoodFromItsAddressesAlone() async throws {
        try await Scene.play(Self.setting) { scene in
            let here = try await scene.curl.get("/traffic", token: Tokens.nearby.text, "--interface", "127.0.0.2")
            #expect(here.status == 200)
            let elsewhere = try await scene.curl.get("/traffic", token: Tokens.nearby.text)
            #expect(elsewhere.status == 401)
            let stranger = try await scene.curl.get("/traffic", token: Tokens.stranger.text)
            #expect(elsewhere.body == stranger.body)
            let claimed = try await scene.curl.get(
                "/traffic",
                token: Tokens.nearby.text,
                "--header",
                "X-Forwarded-For: 127.0.0.2",
                "--header",
                "Forwarded: for=127.0.0.2"
            )
            #expect(claimed.status == 401)
        }
    }
}
