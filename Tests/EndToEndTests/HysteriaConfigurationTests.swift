import HysteriaSimulator
import HysteriaStats
import NIOOpenSSL
import Testing

/// With Hysteria's own file and one token, nothing else is needed.
@Suite(.startsPrograms)
struct HysteriaConfigurationTests {
    /// Serves by a configuration that names Hysteria's own file, and asks for the figures.
    private static func figures(
        _ folder: TemporaryFolder,
        hysteria file: String,
        _ text: String,
        certificate: String
    ) async throws -> HTTPAnswer {
        try folder.write(text, to: file)
        let configuration = try folder.write(
            """
            listen: "127.0.0.1:0"
            hysteria: \(file)
            tokens:
              - name: phone
                hash: \(Tokens.reader.digest.text)
                scopes: [traffic]

            """,
            to: "config.yaml"
        )
        let gateway = try await GatewayProcess.start(configuration: configuration)
        let curl = Curl(certificate: folder.path(of: certificate), port: gateway.port)
        let answer = try await curl.get("/traffic", token: Tokens.reader.text)
        let end = try await gateway.stop()
        #expect(end.ending == .exit(0))
        #expect(!end.errorText.contains(Scene.secret))
        return answer
    }

    private static func withHysteria(_ act: (HysteriaSimulator, TemporaryFolder) async throws -> Void) async throws {
        let hysteria = try await HysteriaSimulator.start(
            .init(secret: try Secret(Scene.secret), users: [SimulatedUser(name: "wang", tx: 1, rx: 2)])
        )
        try await act(hysteria, try TemporaryFolder())
        await hysteria.shutDown()
    }

    @Test("upstream and certificate of TLS are taken")
    func upstreamAndCertificateOfTLSAreTaken() async throws {
        try await Self.withHysteria { hysteria, folder in
            try folder.write(Scene.identity.get().certificateChainPEM, to: "hysteria/cert.pem")
            try folder.write(Scene.identity.get().privateKeyPEM, to: "hysteria/key.pem")
            let answer = try await Self.figures(
                folder,
                hysteria: "hysteria.yaml",
                """
                listen: :443
                TLS:
                  cert: \(folder.path(of: "hysteria/cert.pem"))
                  key: \(folder.path(of: "hysteria/key.pem"))
                auth: {type: password, password: p}
                trafficstats:
                  Listen: :\(hysteria.address.port)
                  secret: \(Scene.secret)
                masquerade: {type: proxy, proxy: {url: https://news.example/}}

                """,
                certificate: "hysteria/cert.pem"
            )
            #expect(answer.text == #"{"wang":{"tx":1,"rx":2}}"#)
        }
    }

    @Test(
        "certificate of ACME is found",
        arguments: ["acme-v02.api.letsencrypt.org-directory", "acme.zerossl.com-v2-dv90"]
    )
    func certificateOfACMEIsFound(issuer: String) async throws {
        try await Self.withHysteria { hysteria, folder in
            let place = "acme/certificates/\(issuer)/gateway.example/gateway.example"
            try folder.write(Scene.identity.get().certificateChainPEM, to: "\(place).crt")
            try folder.write(Scene.identity.get().privateKeyPEM, to: "\(place).key")
            let answer = try await Self.figures(
                folder,
                hysteria: "hysteria.yaml",
                """
                acme:
                  domains: [gateway.example]
                  email: a@gateway.example
                  ca: \(issuer.contains("zerossl") ? "zerossl" : "letsencrypt")
                  dir: \(folder.path(of: "acme"))
                trafficStats:
                  listen: 0.0.0.0:\(hysteria.address.port)
                  secret: \(Scene.secret)

                """,
                certificate: "\(place).crt"
            )
            #expect(answer.text == #"{"wang":{"tx":1,"rx":2}}"#)
        }
    }

    @Test("a file in JSON is read likewise")
    func aFileInJSONIsReadLikewise() async throws {
        try await Self.withHysteria { hysteria, folder in
            try folder.write(Scene.identity.get().certificateChainPEM, to: "cert.pem")
            try folder.write(Scene.identity.get().privateKeyPEM, to: "key.pem")
            let answer = try await Self.figures(
                folder,
                hysteria: "hysteria.json",
                """
                {"tls": {"cert": "\(folder.path(of: "cert.pem"))", "key": "\(folder.path(of: "key.pem"))"},
                 "trafficStats": {"listen": "127.0.0.1:\(hysteria.address.port)", "secret": "\(Scene.secret)"}}
                """,
                certificate: "cert.pem"
            )
            #expect(answer.text == #"{"wang":{"tx":1,"rx":2}}"#)
        }
    }

    @Test("an API that is off is told together with the certificate that is missing")
    func anAPIThatIsOffIsToldTogetherWithTheCertificateThatIsMissing() async throws {
        let folder = try TemporaryFolder()
        try folder.write("acme: {domains: [gateway.example], dir: acme}\n", to: "hysteria.yaml")
        let path = try folder.write(
            "hysteria: hysteria.yaml\ntokens: [{name: a, token: \(Tokens.all.text), scopes: [traffic]}]\n",
            to: "config.yaml"
        )
        let check = try await BuiltProgram.run("check", "--config", path)
        #expect(check.ending == .exit(1))
        #expect(check.outputText.contains("trafficStats.listen"))
        #expect(check.outputText.contains("gateway.example"))
        #expect(!check.outputText.contains(Tokens.all.text))
        // A certificate may come, and is awaited; the API is not.
        let end = try await BuiltProgram.run("serve", "--config", path)
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains("trafficStats.listen"))
        #expect(!end.errorText.contains(Tokens.all.text))
    }
}
