import Foundation
import NIOOpenSSL
import Testing

/// What `certificate` writes can be used as it is.
@Suite(.startsPrograms)
struct CertificateCommandTests {
    @Test("the files serve the names")
    func theFilesServeTheNames() async throws {
        let folder = try TemporaryFolder()
        let end = try await BuiltProgram.run("certificate", "127.0.0.1", "localhost", "--out", folder.path(of: "certs"))
        #expect(end.ending == .exit(0), "\(end)")
        let certificate = folder.path(of: "certs/fullchain.pem")
        let key = folder.path(of: "certs/privkey.pem")
        let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let identity = try TLSIdentity(certificateFile: certificate, keyFile: key)
        #expect(identity.leaf.names.sorted() == ["127.0.0.1", "localhost"])

        let lines = try #require(end.outputText.firstMatch(of: /certificates:\n(?:  .*\n?)+/)).output
        let path = try folder.write(
            """
            listen: "127.0.0.1:0"
            upstream: {address: "127.0.0.1:9", secret: \(Scene.secret)}
            tokens: [{name: a, hash: "\(Tokens.all.digest.text)", scopes: [traffic]}]
            \(lines)

            """,
            to: "config.yaml"
        )
        let gateway = try await GatewayProcess.start(configuration: path)
        let curl = Curl(certificate: certificate, port: gateway.port)
        #expect(try await curl.get("/healthz").status == 200)
        #expect(try await gateway.stop().ending == .exit(0))
    }

    @Test("files that are there are left alone unless forced")
    func filesThatAreThereAreLeftAloneUnlessForced() async throws {
        let folder = try TemporaryFolder()
        let key = try folder.write("precious", to: "privkey.pem")
        let refused = try await BuiltProgram.run("certificate", "localhost", "--out", folder.path)
        #expect(refused.ending == .exit(73))
        #expect(refused.errorText.contains(key))
        #expect(try String(contentsOfFile: key, encoding: .utf8) == "precious")
        #expect(!FileManager.default.fileExists(atPath: folder.path(of: "fullchain.pem")))
        let forced = try await BuiltProgram.run("certificate", "localhost", "--out", folder.path, "--force")
        #expect(forced.ending == .exit(0))
        #expect(try String(contentsOfFile: key, encoding: .utf8).contains("PRIVATE KEY"))
    }

    @Test("what is no name is refused")
    func whatIsNoNameIsRefused() async throws {
        let folder = try TemporaryFolder()
        for names in [["a b"], [""], ["localhost,DNS:evil.example"], ["localhost", "x\ny"], []] {
            let arguments = ["certificate"] + names + ["--out", folder.path]
            let end = try await ChildProcess(BuiltProgram.path, arguments).end()
            #expect(end.ending == .exit(64), "\(names): \(end)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a folder that cannot be made is named")
    func aFolderThatCannotBeMadeIsNamed() async throws {
        let end = try await BuiltProgram.run("certificate", "localhost", "--out", "/nonexistent/certs/deep")
        #expect(end.ending == .exit(73))
        #expect(end.errorText.contains("/nonexistent/certs/deep"))
    }
}
