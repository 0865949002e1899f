import Testing

/// Pages of other sites, as their browsers ask.
@Suite(.startsPrograms)
struct CrossOriginTests {
    private static let panel = "https://panel.example"
    private static let origin = "Origin: \(panel)"

    private static var setting: Scene.Setting {
        var setting = Scene.Setting()
        setting.further = "cors: [\(panel)]"
        return setting
    }

    @Test("named ones may read answers and errors", arguments: ["--http1.1", "--http2"])
    func namedOnesMayReadAnswersAndErrors(version: String) async throws {
        try await Scene.play(Self.setting) { scene in
            for (token, status) in [(Tokens.all.text, 200), ("wrong", 401)] {
                let answer = try await scene.curl.get("/traffic", token: token, version, "--header", Self.origin)
                #expect(answer.status == status)
                #expect(answer["access-control-allow-origin"] == Self.panel)
                #expect(answer["vary"] == "Origin")
                #expect(answer["access-control-allow-credentials"] == nil)
                let evil = Self.origin + ".evil"
                let other = try await scene.curl.get("/traffic", token: token, version, "--header", evil)
                #expect(other.status == status)
                #expect(other["access-control-allow-origin"] == nil)
                #expect(other["vary"] == "Origin")
            }
            let file = try scene.folder.write(String(repeating: " ", count: 70_000), to: "large")
            let body = ["--header", "Transfer-Encoding: chunked", "--data-binary", "@\(file)", "--header", Self.origin]
            let large = try await scene.curl.run("/kick", token: Tokens.all.text, [version] + body).answer
            #expect(large?.status == 413)
            #expect(large?["access-control-allow-origin"] == Self.panel)
        }
    }

    @Test("named ones may ask beforehand without a token", arguments: ["--http1.1", "--http2"])
    func namedOnesMayAskBeforehandWithoutAToken(version: String) async throws {
        try await Scene.play(Self.setting) { scene in
            let asked = [
                version, "--request", "OPTIONS", "--header", "Access-Control-Request-Method: POST",
                "--header", "Access-Control-Request-Headers: authorization,content-type", "--header",
            ]
            let answer = try await scene.curl.run("/kick", asked + [Self.origin]).answer
            #expect(answer?.status == 204)
            #expect(answer?["access-control-allow-origin"] == Self.panel)
            #expect(answer?["access-control-allow-methods"] == "OPTIONS, POST")
            let allowed = "Authorization, Content-Type, Idempotency-Key, If-None-Match"
            #expect(answer?["access-control-allow-headers"] == allowed)
            #expect(answer?["access-control-max-age"] == "7200")
            let other = try await scene.curl.run("/kick", asked + ["Origin: null"]).answer
            #expect(other?.status == 204)
            #expect(other?["allow"] == "OPTIONS, POST")
            #expect(other?.fields.contains { $0.name.hasPrefix("access-control-") } == false)
        }
    }

    @Test("changes are taken without a restart")
    func changesAreTakenWithoutARestart() async throws {
        try await Scene.play { scene in
            let before = try await scene.curl.get("/healthz", "--header", Self.origin)
            #expect(before["access-control-allow-origin"] == nil)
            #expect(before["vary"] == nil)
            _ = try Scene.write(Self.setting, upstream: scene.hysteria.address, to: scene.folder)
            try await scene.gateway.log("reloaded", "cors")
            let after = try await scene.curl.get("/healthz", "--header", Self.origin)
            #expect(after["access-control-allow-origin"] == Self.panel)
        }
    }
}
