import Foundation
import OwnHosts
import Testing

/// `check --serving`: the health check of a container, against gateways that serve and against what does not.
@Suite("Whether a gateway serves", .startsPrograms)
struct ServingCheckTests {
    private static func check(_ listen: String, in folder: TemporaryFolder, further: String = "") async throws
        -> ChildProcess.State
    {
        let path = try folder.write("listen: \(listen)\n\(further)", to: "serving.yaml")
        return try await BuiltProgram.run("check", "--serving", "--config", path)
    }

    @Test("is known from a configuration of which only the addresses are read")
    func serves() async throws {
        try await Scene.play { scene in
            let listen = "127.0.0.1:\(scene.gateway.port)"
            let end = try await Self.check(listen, in: scene.folder, further: "nothingKnown: 1\n")
            #expect(end.ending == .exit(0), "\(end)")
            #expect(end.outputText == "ok       listen \(listen): serves\nno failures, no warnings, 1 ok\n")
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("is known where it listens on all addresses")
    func all() async throws {
        let folder = try TemporaryFolder()
        let path = try Scene.write(Scene.Setting(), upstream: .init(host: "127.0.0.1", port: 9), to: folder)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try folder.write(text.replacing("127.0.0.1:0", with: ":0"), to: "config.yaml")
        let gateway = try await GatewayProcess.start(configuration: path)
        for host in ["", "0.0.0.0"] {
            let end = try await Self.check("\"\(host):\(gateway.port)\"", in: folder)
            #expect(end.ending == .exit(0), "\(end)")
        }
        #expect(try await gateway.stop().ending == .exit(0))
    }

    @Test("is known where callers have to show a certificate, in either version of TLS", arguments: ["1.2", "1.3"])
    func clientCertificates(version: String) async throws {
        let phone = try await CallerIdentity.make("phone")
        let rules = "clientCertificates: {authority: \(phone.certificate)}\ntls: {minimumVersion: \(version)}\n"
        try await Scene.play(Scene.Setting(further: rules)) { scene in
            let end = try await Self.check("127.0.0.1:\(scene.gateway.port)", in: scene.folder, further: rules)
            #expect(end.ending == .exit(0), "\(end)")
            #expect(end.outputText.contains(": serves, and asks callers for a certificate\n"))
        }
    }

    @Test("is denied where nothing listens, and where it is not a gateway that does")
    func doesNotServe() async throws {
        var setting = Scene.Setting()
        setting.redirects = true
        try await Scene.play(setting) { scene in
            let plain = try await Self.check("127.0.0.1:\(scene.gateway.ports[1])", in: scene.folder)
            #expect(plain.ending == .exit(1), "\(plain)")
            #expect(plain.outputText.contains(": TLS fails: "), "\(plain)")
            let host = OwnHost.next()
            let nobody = try await Self.check("\(host):\(scene.gateway.port)", in: scene.folder)
            #expect(nobody.ending == .exit(1), "\(nobody)")
            #expect(
                nobody.outputText
                    == "failure  listen \(host):\(scene.gateway.port): cannot be reached: connection refused\n"
                    + "1 failure, no warnings, 0 ok\n"
            )
        }
    }

    @Test("is denied, within seconds, where the gateway is stuck")
    func stuck() async throws {
        try await Scene.play { scene in
            scene.gateway.process.send(SIGSTOP)
            let end = try await Self.check("127.0.0.1:\(scene.gateway.port)", in: scene.folder)
            scene.gateway.process.send(SIGCONT)
            #expect(end.ending == .exit(1), "\(end)")
        }
    }

    @Test("cannot be asked together with a certificate's names")
    func names() async throws {
        let end = try await BuiltProgram.run("check", "--serving", "--name", "my.site.com")
        #expect(end.ending == .exit(64), "\(end)")
    }
}
