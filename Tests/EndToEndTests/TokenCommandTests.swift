import HysteriaStats
import Testing

/// What `token` prints can be used as it is.
@Suite(.startsPrograms)
struct TokenCommandTests {
    @Test
    func theLinesGoIntoTheConfigurationAndTheTokenOpensTheGateway() async throws {
        let hysteria = try await HysteriaSimulator.start(
            .init(
                secret: try Secret(Scene.secret),
                users: [SimulatedUser(name: "anna", tx: 3, rx: 4), SimulatedUser(name: "wang, jun", tx: 1, rx: 2)]
            )
        )
        let end = try await BuiltProgram.run(
            "token",
            "phone",
            "--scopes",
            "traffic,online",
            "--users",
            "anna",
            "--expires",
            "2100-01-01"
        )
        #expect(end.ending == .exit(0))
        #expect(end.errors.isEmpty)
        let token = try #require(end.outputText.firstMatch(of: /hg_[A-Za-z0-9_-]{43}/)).output
        let lines = try #require(end.outputText.firstMatch(of: /(  - name: phone\n(?:    .*\n)+)/)).1
        #expect(!lines.contains(token))

        let folder = try TemporaryFolder()
        let path = try Scene.write(Scene.Setting(), upstream: hysteria.address, to: folder)
        var text = try String(contentsOfFile: path, encoding: .utf8)
        text = text.replacing(Tokens.configuration, with: "tokens:\n\(lines)")
        try folder.write(text, to: "config.yaml")
        let gateway = try await GatewayProcess.start(configuration: path)
        let curl = Curl(certificate: folder.path(of: "certificate.pem"), port: gateway.port)
        let answer = try await curl.get("/traffic", token: String(token))
        #expect(answer.text == #"{"anna":{"tx":3,"rx":4}}"#)
        #expect(try await curl.get("/dump/streams", token: String(token)).status == 403)
        let stopped = try await gateway.stop()
        #expect(stopped.ending == .exit(0))
        #expect(!stopped.errorText.contains("warning"), "\(stopped)")
        await hysteria.shutDown()
    }

    @Test
    func eachTokenIsAnother() async throws {
        let outputs = [try await BuiltProgram.run("token", "a"), try await BuiltProgram.run("token", "a")]
        let tokens = outputs.compactMap { $0.outputText.firstMatch(of: /hg_[A-Za-z0-9_-]{43}/)?.output }
        #expect(Set(tokens).count == 2)
    }

    @Test
    func aTokenThatTheConfigurationWouldRefuseIsNotMade() async throws {
        for arguments in [
            ["a b"], [""], ["phone", "--scopes", "trafic"], ["phone", "--scopes", ""],
            ["phone", "--expires", "tomorrow"],
            ["phone", "--scopes", "clear"], ["phone", "--scopes", "traffic,clear", "--users", "wang"],
            ["phone", "--expires", "2020-01-01"], [],
        ] {
            let end = try await ChildProcess(BuiltProgram.path, ["token"] + arguments).end()
            #expect(end.ending == .exit(64), "\(arguments): \(end)")
            #expect(end.output.isEmpty, "\(arguments): \(end)")
            #expect(!end.errors.isEmpty)
        }
    }
}
