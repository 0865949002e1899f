import Foundation
import NIOOpenSSL
import NIOPosix
import Testing

/// What a running gateway takes anew, and what it keeps.
@Suite(.startsPrograms)
struct ReloadTests {
    private static let request = """
        GET /traffic HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer \(Tokens.reader.text)\r
        \r

        """

    @Test("reloads under load fail no request")
    func reloadsUnderLoadFailNoRequest() async throws {
        var setting = Scene.Setting()
        setting.further = "accessLog: none"
        try await Scene.play(setting) { scene in
            let identities = [try Scene.identity.get(), try TLSIdentity.throwaway(names: ["second", "localhost"])]
            let configuration = try String(contentsOfFile: scene.folder.path(of: "config.yaml"), encoding: .utf8)
            let finished = Observed(0)
            let reloads = try await withThrowingTaskGroup(of: Int.self) { tasks in
                tasks.addTask {
                    var reloads = 0
                    while finished.value < 4 {
                        reloads += 1
                        let identity = identities[reloads % 2]
                        try scene.folder.write(identity.privateKeyPEM, to: "key.pem")
                        try scene.folder.write(identity.certificateChainPEM, to: "certificate.pem")
                        // Another upstream as well: whoever waits for an answer of the old one gets it.
                        let text = configuration.replacing("timeout: 20s", with: "timeout: \(20 + reloads % 2)s")
                        try scene.folder.write(text, to: "config.yaml")
                        try await scene.gateway.reload()
                    }
                    return reloads
                }
                for _ in 0..<4 {
                    tasks.addTask {
                        defer { finished.update { $0 += 1 } }
                        try await Self.ask(2_500, scene.gateway.port, identities)
                        return 0
                    }
                }
                return try await tasks.reduce(0, +)
            }
            #expect(reloads > 2)
            // A pair that is seen half written is told and tried again; nothing else may have gone wrong.
            let halves = scene.gateway.count("error", "is not the private key of")
            #expect(scene.gateway.count("error") == halves, "\(scene.gateway.process.state)")
        }
    }

    /// Asks so many times, on connections for 50 requests each, seven at a time behind the first.
    private static func ask(_ count: Int, _ port: Int, _ identities: [TLSIdentity]) async throws {
        for _ in 0..<(count / 50) {
            let client = try await SocketClient.tls(to: port, trusting: identities)
            #expect(try await client.answer(to: request).status == 200)
            // Every answer is like the first one: counting bytes is quicker than taking all of them apart each time.
            let length = client.received.bytes.count
            for answered in stride(from: 8, through: 50, by: 7) {
                try await client.send(String(repeating: request, count: 7))
                _ = try await client.first("\(answered) answers") { received in
                    received.bytes.count >= answered * length || received.isClosed ? true : nil
                }
            }
            #expect(try await client.answers(50).allSatisfy { $0.status == 200 })
            try await client.close()
        }
    }

    @Test("a broken certificate keeps the old one and a whole one is taken at once")
    func aBrokenCertificateKeepsTheOldOneAndAWholeOneIsTakenAtOnce() async throws {
        try await Scene.play { scene in
            try scene.folder.write("-----BEGIN CERTIFICATE-----\nAAAA\n", to: "certificate.pem")
            try await scene.gateway.log("the configuration is rejected", "certificate.pem cannot be read")
            try await SocketClient.tls(to: scene.gateway.port).close()

            let new = try TLSIdentity.throwaway(names: ["localhost"])
            for (bytes, name) in [(try new.privateKeyPEM, "key.pem"), (try new.certificateChainPEM, "certificate.pem")]
            {
                try scene.folder.write(bytes, to: name + ".new")
                rename(scene.folder.path(of: name + ".new"), scene.folder.path(of: name))
            }
            try await scene.gateway.log("reloaded", "changed=certificates")
            try await SocketClient.tls(to: scene.gateway.port, trusting: [new]).close()
        }
    }

    @Test("two hundred swaps of a link serve one or the other and the last in the end")
    func twoHundredSwapsOfALinkServeOneOrTheOtherAndTheLastInTheEnd() async throws {
        try await Scene.play { scene in
            let identities = [
                try TLSIdentity.throwaway(names: ["first", "localhost"]),
                try TLSIdentity.throwaway(names: ["second", "localhost"]),
            ]
            for (number, identity) in identities.enumerated() {
                try scene.folder.write(identity.privateKeyPEM, to: "archive/\(number)/key.pem")
                try scene.folder.write(identity.certificateChainPEM, to: "archive/\(number)/certificate.pem")
            }
            try FileManager.default.createDirectory(
                atPath: scene.folder.path(of: "live"),
                withIntermediateDirectories: false
            )
            let link: @Sendable (Int) -> Void = { number in
                symlink("../archive/\(number % 2)", scene.folder.path(of: "live/new"))
                rename(scene.folder.path(of: "live/new"), scene.folder.path(of: "live/site"))
            }
            link(0)
            let configuration = try String(contentsOfFile: scene.folder.path(of: "config.yaml"), encoding: .utf8)
            try scene.folder.write(
                configuration.replacing(": certificate.pem", with: ": live/site/certificate.pem")
                    .replacing(": key.pem", with: ": live/site/key.pem"),
                to: "config.yaml"
            )
            try await scene.gateway.log("reloaded", "changed=certificates")
            for swap in 1...200 {
                link(swap)
                if swap % 7 == 0 {
                    try await SocketClient.tls(to: scene.gateway.port, trusting: identities).close()
                }
            }
            // The first identity again, which is taken without a word from anybody, and then the other one.
            for number in [0, 1] {
                link(number)
                try await Deadline.within("the last identity") {
                    while try await !Self.isServed(identities[number], scene.gateway.port) {}
                }
            }
            #expect(scene.gateway.count("the configuration is rejected") == 0, "\(scene.gateway.process.state)")
        }
    }

    private static func isServed(_ identity: TLSIdentity, _ port: Int) async throws -> Bool {
        let folder = try TemporaryFolder()
        let file = try folder.write(identity.certificateChainPEM, to: "certificate.pem")
        return try await Curl.run("https://localhost:\(port)/healthz", ["--cacert", file]).exitCode == 0
    }

    @Test("tokens are taken on open connections and what does not hold changes nothing")
    func tokensAreTakenOnOpenConnectionsAndWhatDoesNotHoldChangesNothing() async throws {
        try await Scene.play { scene in
            let path = scene.folder.path(of: "config.yaml")
            let configuration = try String(contentsOfFile: path, encoding: .utf8)
            let client = try await SocketClient.tls(to: scene.gateway.port)
            #expect(try await client.answer(to: Self.request).status == 200)

            let without = configuration.replacing(Tokens.reader.digest.text, with: Tokens.stranger.digest.text)
            try scene.folder.write(without.replacing("limits: {", with: "limits: {conections: 1, "), to: "config.yaml")
            try await scene.gateway.log("the configuration is rejected", "unknown key; did you mean 'connections'?")
            try await client.send(Self.request)
            #expect(try await client.answers(2).last?.status == 200)

            try scene.folder.write(without, to: "config.yaml")
            try await scene.gateway.log("reloaded", "changed=tokens")
            try await client.send(Self.request)
            #expect(try await client.answers(3).last?.status == 401)
            #expect(try await scene.curl.get("/traffic", token: Tokens.stranger.text).status == 200)

            try scene.folder.write(without.replacing("threads: 2", with: "threads: 3"), to: "config.yaml")
            try await scene.gateway.log("need a restart", "keys=threads")
            try await client.close()
        }
    }

    @Test("a secret that is put right is taken at once")
    func aSecretThatIsPutRightIsTakenAtOnce() async throws {
        var setting = Scene.Setting()
        setting.secret = "wrong"
        try await Scene.play(setting) { scene in
            #expect(try await scene.curl.get("/traffic", token: Tokens.reader.text).status == 502)
            try scene.folder.write("\(Scene.secret)\n", to: "secret")
            try await scene.gateway.log("reloaded", "changed=upstream")
            #expect(try await scene.curl.get("/traffic", token: Tokens.reader.text).status == 200)
        }
    }

    @Test("sessions are resumed after a reload", arguments: ["-tls1_2", "-tls1_3"])
    func sessionsAreResumedAfterAReload(version: String) async throws {
        try await Scene.play { scene in
            let session = scene.folder.path(of: "session")
            let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let certificate = scene.folder.path(of: "certificate.pem")
            let port = scene.gateway.port
            let first = try await OpenSSLClient.run(
                port: port,
                request: request,
                trusting: certificate,
                version,
                "-sess_out",
                session
            )
            #expect(first.outputText.contains("New, TLS"))
            let new = try TLSIdentity.throwaway(names: ["localhost", "127.0.0.1"])
            try scene.folder.write(new.privateKeyPEM, to: "key.pem")
            try scene.folder.write(new.certificateChainPEM, to: "certificate.pem")
            try await scene.gateway.reload()
            let second = try await OpenSSLClient.run(
                port: port,
                request: request,
                trusting: certificate,
                version,
                "-sess_in",
                session
            )
            #expect(second.outputText.contains("Reused, TLS"), "\(second)")
        }
    }
}
