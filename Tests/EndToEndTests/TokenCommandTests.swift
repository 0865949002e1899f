import HysteriaSimulator
import HysteriaStats
import Testing

/// What `token` prints can be used as it is.
@Suite(.startsPrograms)
struct TokenCommandTests {
    @Test("the lines go into the configuration and the token opens the gateway")
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

    @Test("each token is another")
    func eachTokenIsAnother() async throws {
        let outputs = [try await BuiltProgram.run("token", "a"), try await BuiltProgram.run("token", "a")]
        let tokens = outputs.compactMap { $0.outputText.firstMatch(of: /hg_[A-Za-z0-9_-]{43}/)?.output }
        #expect(Set(tokens).count == 2)
    }

    @Test("a token that the configuration would refuse is not made")
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

    @Test("A script gets the token alone, and the lines for the configuration beside it")
    func quietIsForScripts() async throws {
        let script = "TOKEN=$(\"$0\" token phone --quiet) && printf '[%s]' \"$TOKEN\""
        let end = try await ChildProcess("/bin/sh", ["-c", script, BuiltProgram.path]).end()
        #expect(end.ending == .exit(0))
        #expect(end.outputText.wholeMatch(of: /\[hg_[A-Za-z0-9_-]{43}\]/) != nil, "\(end)")
        #expect(
            end.errorText.contains(
                #/^  - name: phone\n    hash: sha256:[0-9a-f]{64}\n    scopes: \[traffic, online\]\n$/#
            ),
            "\(end)"
        )
    }

    @Test(
        "The call that is suggested is one that the token may make",
        arguments: [
            ("traffic,online", " https://my.site.com/traffic\n"), ("online", " https://my.site.com/online\n"),
            ("metrics", " https://my.site.com/metrics\n"), ("streams", " https://my.site.com/dump/streams\n"),
            ("kick", " -d '[\"some-user\"]' https://my.site.com/kick\n"),
            ("traffic,clear", " https://my.site.com/traffic\n"),
        ]
    )
    func theSuggestionIsAllowed(scopes: String, end words: String) async throws {
        let end = try await BuiltProgram.run("token", "phone", "--scopes", scopes)
        #expect(end.ending == .exit(0))
        #expect(end.outputText.hasSuffix(words), "\(end)")
        #expect(end.outputText.matches(of: /TOKEN=hg_/).count == 1)
    }
}
