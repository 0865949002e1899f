import Foundation
import HysteriaSimulator
import HysteriaStats
import NIOOpenSSL
import OwnHosts
import Testing

/// What `check` says of a configuration and the machine around it.
@Suite(.startsPrograms)
struct CheckCommandTests {
    /// Writes a good configuration for a Hysteria that runs, lets `change` spoil it, and returns what `check` says.
    private static func check(
        _ setting: Scene.Setting = Scene.Setting(),
        _ further: [String] = [],
        _ change: (TemporaryFolder, inout String) async throws -> Void = { _, _ in }
    ) async throws -> ChildProcess.State {
        let hysteria = try await HysteriaSimulator.start(.init(secret: try Secret(Scene.secret)))
        let folder = try TemporaryFolder()
        let path = try Scene.write(setting, upstream: hysteria.address, to: folder)
        var text = try String(contentsOfFile: path, encoding: .utf8)
        try await change(folder, &text)
        try folder.write(text, to: "config.yaml")
        let end = try await ChildProcess(BuiltProgram.path, ["check", "--config", path] + further).end()
        await hysteria.shutDown()
        for secret in Tokens.texts + [Scene.secret] {
            #expect(!end.outputText.contains(secret))
            #expect(!end.errorText.contains(secret))
        }
        return end
    }

    /// The lines with this verdict.
    private static func lines(_ verdict: String, in end: ChildProcess.State) -> [Substring] {
        end.outputText.split(separator: "\n").filter { $0.hasPrefix(verdict) }
    }

    @Test("a good configuration is good")
    func aGoodConfigurationIsGood() async throws {
        let end = try await Self.check(Scene.Setting(), ["--name", "gateway.example"])
        #expect(end.ending == .exit(0), "\(end)")
        #expect(Self.lines("failure", in: end).isEmpty, "\(end)")
        let good = Self.lines("ok", in: end)
        for words in ["config.yaml", "certificate.pem", "gateway.example", "listen 127.0.0.1", "Hysteria"] {
            #expect(good.contains { $0.contains(words) }, "\(words) in \(end)")
        }
        #expect(end.errors.isEmpty)
    }

    @Test("each thing that fails is one line")
    func eachThingThatFailsIsOneLine() async throws {
        let end = try await Self.check(Scene.Setting(), ["--name", "other.example"]) { folder, text in
            text = text.replacing("threads: 2", with: "thread: 2")
            try folder.write(try TLSIdentity.throwaway(names: ["a"]).privateKeyPEM, to: "key.pem")
            try folder.write("wrong-\(Scene.secret.reversed())", to: "secret")
        }
        #expect(end.ending == .exit(1))
        let failures = Self.lines("failure", in: end)
        for words in ["did you mean 'threads'?", "key.pem", "secret"] {
            #expect(failures.contains { $0.contains(words) }, "\(words) in \(end)")
        }
        let lines = end.outputText.split(separator: "\n")
        #expect(lines.dropLast().allSatisfy { $0.contains(#/^(ok|warning|failure) /#) }, "\(end)")
        let last = try #require(lines.last?.wholeMatch(of: #/(\d+) failures?, (no|\d+) warnings?, (\d+) ok/#))
        #expect(Int(last.1) == failures.count, "\(end)")
        #expect(Int(last.2) ?? 0 == Self.lines("warning", in: end).count, "\(end)")
        #expect(Int(last.3) == Self.lines("ok ", in: end).count, "\(end)")
    }

    @Test("a name that is not covered fails")
    func aNameThatIsNotCoveredFails() async throws {
        let end = try await Self.check(Scene.Setting(), ["--name", "localhost", "--name", "other.example"])
        #expect(end.ending == .exit(1))
        let failures = Self.lines("failure", in: end)
        #expect(failures.count == 1)
        #expect(failures.first?.contains("other.example") == true)
    }

    @Test("a certificate that has expired fails and one that will soon is warned of")
    func aCertificateThatHasExpiredFailsAndOneThatWillSoonIsWarnedOf() async throws {
        let expired = try await Self.check { folder, _ in
            let identity = try TLSIdentity.throwaway(names: ["localhost"], days: 0)
            try folder.write(identity.certificateChainPEM, to: "certificate.pem")
            try folder.write(identity.privateKeyPEM, to: "key.pem")
            // Valid until the second in which it was made.
            while Int64(time(nil)) <= identity.leaf.notAfter { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(expired.ending == .exit(1))
        #expect(
            Self.lines("failure", in: expired).contains { $0.contains("certificate.pem: expired at") },
            "\(expired)"
        )
    }

    @Test("a port that is taken fails and its holder is named")
    func aPortThatIsTakenFailsAndItsHolderIsNamed() async throws {
        let folder = try TemporaryFolder()
        let certificate = try folder.write(Scene.identity.get().certificateChainPEM, to: "certificate.pem")
        let key = try folder.write(Scene.identity.get().privateKeyPEM, to: "key.pem")
        let holder = try ChildProcess(
            "/usr/bin/env",
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key]
        )
        let address = try await holder.first("a listener") { state in
            state.outputText.firstMatch(of: /ACCEPT (\S+)/).map { String($0.1) }
        }
        let end = try await Self.check { _, text in text = text.replacing("127.0.0.1:0", with: address) }
        holder.send(SIGKILL)
        #expect(end.ending == .exit(1))
        let failures = Self.lines("failure", in: end)
        #expect(failures.count == 1, "\(end)")
        #expect(failures.first?.contains("listen \(address): taken by openssl (process ") == true, "\(end)")
    }

    @Test("a gateway that runs already is no failure")
    func aGatewayThatRunsAlreadyIsNoFailure() async throws {
        try await Scene.play { scene in
            let end = try await Self.check { _, text in
                text = text.replacing("127.0.0.1:0", with: "127.0.0.1:\(scene.gateway.port)")
            }
            #expect(end.ending == .exit(0), "\(end)")
            let warnings = Self.lines("warning", in: end)
            #expect(
                warnings.contains {
                    $0.contains(
                        "127.0.0.1:\(scene.gateway.port): a gateway is running already: hysteria-gateway (process "
                    )
                },
                "\(end)"
            )
        }
    }

    @Test("an upstream that is absent fails")
    func anUpstreamThatIsAbsentFails() async throws {
        let gone = try await HysteriaSimulator.start(.init(host: OwnHost.next()))
        await gone.vanish()
        let end = try await Self.check { _, text in
            text = text.replacing(/address: .*/, with: "address: \(gone.address)")
        }
        #expect(end.ending == .exit(1))
        let failures = Self.lines("failure", in: end)
        #expect(failures.count == 1, "\(end)")
        #expect(failures.first?.contains("\(gone.address) cannot be reached") == true, "\(end)")
    }

    @Test("a secret that is refused fails")
    func aSecretThatIsRefusedFails() async throws {
        var setting = Scene.Setting()
        setting.secret = "some-other-secret"
        let end = try await Self.check(setting)
        #expect(end.ending == .exit(1))
        let failures = Self.lines("failure", in: end)
        #expect(failures.count == 1, "\(end)")
        #expect(failures.first?.contains("refused the secret") == true, "\(end)")
        #expect(!end.outputText.contains("some-other-secret"))
    }

    @Test("a missing configuration fails")
    func aMissingConfigurationFails() async throws {
        let end = try await BuiltProgram.run("check", "--config", "/nonexistent/config.yaml")
        #expect(end.ending == .exit(1))
        #expect(end.outputText.contains("/nonexistent"))
    }

    @Test("check --json is one object, with the same results and the same exit code")
    func theResultsAreThereForPrograms() async throws {
        let end = try await Self.check(Scene.Setting(), ["--json", "--name", "other.example"])
        #expect(end.ending == .exit(1))
        #expect(end.errors.isEmpty)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(end.output)) as? [String: Any])
        let results = try #require(object["results"] as? [[String: String]])
        for (name, verdict) in [("ok", "ok"), ("warnings", "warning"), ("failures", "failure")] {
            #expect(object[name] as? Int == results.count { $0["verdict"] == verdict }, "\(name)")
        }
        let failures = results.filter { $0["verdict"] == "failure" }
        #expect(failures.count == 1)
        #expect(failures.first?["message"]?.contains("other.example") == true)
        #expect((object["configuration"] as? String)?.hasSuffix("config.yaml") == true)
    }

    @Test("What is not a terminal gets no colours")
    func aPipeGetsNoColours() async throws {
        let end = try await BuiltProgram.run("check", "--config", "/nonexistent/config.yaml")
        #expect(!end.outputText.contains("\u{1B}"))
    }
}
