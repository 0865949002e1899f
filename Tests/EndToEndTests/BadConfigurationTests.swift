import Foundation
import HysteriaStats
import NIOOpenSSL
import Testing

/// A wrong configuration never starts half a gateway.
@Suite(.startsPrograms)
struct BadConfigurationTests {
    private static let upstream = StatsAddress(host: "127.0.0.1", port: 9)

    /// Writes a good configuration, lets `change` spoil it, and returns what `serve` makes of it.
    private static func serve(
        _ setting: Scene.Setting = Scene.Setting(),
        _ change: (TemporaryFolder, inout String) throws -> Void
    ) async throws -> ChildProcess.State {
        let folder = try TemporaryFolder()
        let path = try Scene.write(setting, upstream: upstream, to: folder)
        var text = try String(contentsOfFile: path, encoding: .utf8)
        try change(folder, &text)
        try folder.write(text, to: "config.yaml")
        return try await BuiltProgram.run("serve", "--config", path)
    }

    @Test("all mistakes are told at once each with its place")
    func allMistakesAreToldAtOnceEachWithItsPlace() async throws {
        let end = try await Self.serve { _, text in
            text = text.replacing("timeout: 20s", with: "timeout: soon")
            text = text.replacing("threads: 2", with: "thread: 2")
            text.replace(/limits: .*/, with: "limits: {conections: 5, idleTimeout: 60}")
            text += """
                accessLog: xml
                logLevel: loud

                """
        }
        #expect(end.ending == .exit(78))
        #expect(end.output.isEmpty)
        let lines = end.errorText.split(separator: "\n")
        #expect(lines.count == 6, "\(end)")
        #expect(lines.contains { $0.contains("config.yaml:3: thread: unknown key; did you mean 'threads'?") }, "\(end)")
        #expect(lines.contains { $0.contains("upstream.timeout") && $0.contains("soon") }, "\(end)")
        #expect(lines.contains { $0.contains("limits.conections: unknown key; did you mean 'connections'?") }, "\(end)")
        #expect(lines.contains { $0.contains("limits.idleTimeout") }, "\(end)")
        #expect(lines.contains { $0.contains("accessLog") && $0.contains("xml") }, "\(end)")
        #expect(lines.contains { $0.contains("logLevel") && $0.contains("loud") }, "\(end)")
        #expect(lines.allSatisfy { $0.contains(#/config\.yaml:\d+: /#) }, "\(end)")
        #expect(!end.errorText.contains("listening"))
    }

    @Test("mistakes never quote a token or a secret")
    func mistakesNeverQuoteATokenOrASecret() async throws {
        let end = try await Self.serve { _, text in
            text = text.replacing("token: \(Tokens.all.text)", with: "hash: \(Tokens.all.text)")
            text = text.replacing("secretFile: secret", with: "secret: [\(Scene.secret)]")
        }
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains("tokens[0].hash"))
        #expect(end.errorText.contains("upstream.secret"))
        #expect(!end.errorText.contains(Tokens.all.text))
        #expect(!end.errorText.contains(Scene.secret))
    }

    @Test("what is no configuration is refused")
    func whatIsNoConfigurationIsRefused() async throws {
        let folder = try TemporaryFolder()
        for text in [
            "", "[]", "listen", "- a\n- b\n", "\u{FEFF}", "listen: \":443\"\nlisten: \":444\"\n", "a: &a [*a]\n",
            "{{{{",
            "listen: \u{1}\n", "%YAML 9.9\n---\n", "--- a\n--- b\n",
        ] {
            let path = try folder.write(text, to: "config.yaml")
            let end = try await BuiltProgram.run("serve", "--config", path)
            #expect(end.ending == .exit(78), "\(text)")
            #expect(end.errorText.contains("config.yaml"), "\(text)")
        }
    }

    @Test("bytes that are no text are refused")
    func bytesThatAreNoTextAreRefused() async throws {
        let folder = try TemporaryFolder()
        for bytes: [UInt8] in [[0xFF, 0xFE, 0x00], [0x80], [0x00], Array("listen: \"".utf8) + [0xC3, 0x28]] {
            let path = try folder.write(bytes, to: "config.yaml")
            let end = try await BuiltProgram.run("serve", "--config", path)
            #expect(end.ending == .exit(78))
            #expect(end.errorText.contains("config.yaml"))
        }
    }

    @Test("a missing file is named")
    func aMissingFileIsNamed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "nowhere.yaml")
        let end = try await BuiltProgram.run("serve", "--config", path)
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains(path))
    }

    @Test("a directory is no configuration")
    func aDirectoryIsNoConfiguration() async throws {
        let folder = try TemporaryFolder()
        let end = try await BuiltProgram.run("serve", "--config", folder.path)
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains(folder.path))
    }

    @Test("a file without permission is named", .enabled(if: geteuid() != 0, "root may read everything"))
    func aFileWithoutPermissionIsNamed() async throws {
        for name in ["config.yaml", "key.pem", "secret"] {
            let folder = try TemporaryFolder()
            let path = try Scene.write(Scene.Setting(), upstream: Self.upstream, to: folder)
            chmod(folder.path(of: name), 0)
            let end = try await BuiltProgram.run("serve", "--config", path)
            #expect(end.ending == .exit(78))
            #expect(end.errorText.contains(folder.path(of: name)))
        }
    }

    @Test("a missing file that the configuration names is named")
    func aMissingFileThatTheConfigurationNamesIsNamed() async throws {
        let end = try await Self.serve { folder, _ in
            try FileManager.default.removeItem(atPath: folder.path(of: "secret"))
        }
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains("secret"))
        #expect(end.errorText.contains(/config\.yaml:\d+/))
    }

    @Test(
        "a pair that is not whole yet is awaited with a placeholder, as in the middle of a renewal, and is an error of check",
        arguments: [
            "certificate.pem is missing", "key.pem is missing", "key.pem is another one", "certificate.pem is empty",
        ]
    )
    func aPairThatIsNotWholeYet(what: String) async throws {
        let folder = try TemporaryFolder()
        let path = try Scene.write(Scene.Setting(), upstream: Self.upstream, to: folder)
        let file = String(what.prefix { $0 != " " })
        switch what.split(separator: " ").last {
        case "missing": try FileManager.default.removeItem(atPath: folder.path(of: file))
        case "empty": try folder.write("", to: file)
        default: try folder.write(TLSIdentity.throwaway(names: ["localhost"]).privateKeyPEM, to: file)
        }
        let check = try await BuiltProgram.run("check", "--config", path)
        #expect(check.ending == .exit(1))
        #expect(check.outputText.contains(folder.path(of: file)))

        let gateway = try ChildProcess(BuiltProgram.path, ["serve", "--config", path])
        _ = try await gateway.first("a listener") { $0.errorText.contains("listening") ? true : nil }
        gateway.send(SIGTERM)
        let end = try await gateway.end()
        #expect(end.ending == .exit(0))
        #expect(end.errorText.contains("a certificate is not there yet"))
        #expect(end.errorText.contains(folder.path(of: "certificate.pem")))
    }

    @Test(
        "a certificate that is none is refused",
        arguments: ["not PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    )
    func aCertificateThatIsNoneIsRefused(text: String) async throws {
        let end = try await Self.serve { folder, _ in try folder.write(text, to: "certificate.pem") }
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains("certificate.pem"))
        #expect(!end.errorText.contains("listening"))
    }

    @Test("a key in place of the certificate is refused and not quoted")
    func aKeyInPlaceOfTheCertificateIsRefusedAndNotQuoted() async throws {
        let key = try Scene.identity.get().privateKeyPEM
        let end = try await Self.serve { folder, _ in try folder.write(key, to: "certificate.pem") }
        #expect(end.ending == .exit(78))
        let lines = String(decoding: key, as: UTF8.self).split(separator: "\n").dropFirst().dropLast()
        #expect(lines.allSatisfy { !end.errorText.contains($0) })
    }

    @Test("a port that is taken is named", arguments: [1, 2])
    func aPortThatIsTakenIsNamed(threads: Int) async throws {
        try await Scene.play { scene in
            var setting = Scene.Setting()
            setting.threads = threads
            let end = try await Self.serve(setting) { _, text in
                text = text.replacing("127.0.0.1:0", with: "127.0.0.1:\(scene.gateway.port)")
            }
            #expect(end.ending == .exit(69))
            #expect(end.errorText.contains("cannot listen on 127.0.0.1:\(scene.gateway.port)"))
            let answer = try await scene.curl.get("/healthz")
            #expect(answer.status == 200)
        }
    }

    @Test("an address of another machine is named")
    func anAddressOfAnotherMachineIsNamed() async throws {
        let end = try await Self.serve { _, text in text = text.replacing("127.0.0.1:0", with: "192.0.2.1:0") }
        #expect(end.ending == .exit(69))
        #expect(end.errorText.contains("192.0.2.1"))
    }

    @Test("what others can read is warned of with the command that mends it")
    func whatOthersCanReadIsWarnedOfWithTheCommandThatMendsIt() async throws {
        let folder = try TemporaryFolder()
        let path = try Scene.write(Scene.Setting(), upstream: Self.upstream, to: folder)
        chmod(folder.path, 0o755)
        for name in ["config.yaml", "key.pem", "secret"] { chmod(folder.path(of: name), 0o644) }
        let gateway = try await GatewayProcess.start(configuration: path)
        let end = try await gateway.stop()
        #expect(end.ending == .exit(0))
        for name in ["config.yaml", "key.pem", "secret"] {
            let lines = end.errorText.split(separator: "\n").filter {
                $0.contains("chmod o-rwx ") && $0.hasSuffix("/\(name)")
            }
            #expect(lines.count == 1, "\(name) in \(end)")
            #expect(lines.allSatisfy { $0.contains(" warning ") })
        }
    }
}
