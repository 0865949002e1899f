import NIOOpenSSL
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("An entry of listen with client certificates of its own")
struct ListenerClientCertificateTests {
    private typealias Fixture = ConfigurationFixture

    private static let authority = Result { try TLSIdentity.throwaway(names: ["authority"]).certificateChainPEM }

    private static func load(_ text: String) throws -> Configuration {
        let bytes = try authority.get()
        return try Fixture.load(text + Fixture.minimal) {
            $0.file("/etc/gw/ca.pem", bytes: bytes)
            $0.file("/etc/gw/other.pem", bytes: bytes)
        }
    }

    @Test("stands beside addresses alone, and is taken whole")
    func mixed() throws {
        let configuration = try Self.load(
            """
            listen:
              - ":443"
              - address: 127.0.0.1:8443
                clientCertificates:
                  authority: other.pem
                  required: false
              - {address: "[::1]:8443", clientCertificates: none}
              - address: "127.0.0.1:9443"
            clientCertificates: {authority: ca.pem}

            """
        )
        let own = ClientCertificateFiles(authority: "/etc/gw/other.pem", isRequired: false)
        #expect(
            configuration.listen.map(\.address.description) == [
                ":443", "127.0.0.1:8443", "[::1]:8443", "127.0.0.1:9443",
            ]
        )
        #expect(configuration.listen.map(\.key) == ["listen[0]", "listen[1]", "listen[2]", "listen[3]"])
        #expect(configuration.listen.map(\.clientCertificates) == [.inherited, .own(own), .notAsked, .inherited])
        #expect(configuration.clientCertificates == ClientCertificateFiles(authority: "/etc/gw/ca.pem"))
        #expect(configuration.warnings.isEmpty)
        // Reloads look at them.
        #expect(configuration.files.isSuperset(of: ["/etc/gw/ca.pem", "/etc/gw/other.pem"]))
    }

    @Test("may be the only one, without a list")
    func single() throws {
        let entry = try Self.load("listen: {address: \":8443\", clientCertificates: {authority: ca.pem}}\n").listen
        let files = ClientCertificateFiles(authority: "/etc/gw/ca.pem")
        #expect(
            entry == [ListenSettings(address: ListenAddress(host: nil, port: 8443), clientCertificates: .own(files))]
        )
    }

    @Test(
        "is refused with what is wrong, and where",
        arguments: [
            ("{}", ".authority: missing; expected the path of a PEM file"),
            ("", ": found nothing; expected the keys authority, required, revocationList, or none"),
            ("off", ": found a single value; expected the keys authority, required, revocationList, or none"),
            ("[none]", ": found a list; expected the keys authority, required, revocationList, or none"),
            ("{authority: ca.pem, require: true}", ".require: unknown key; did you mean 'required'?"),
            ("{authority: ca.pem, required: yes}", ".required: 'yes' is no truth value"),
            ("{authority: nowhere.pem}", ".authority: /etc/gw/nowhere.pem does not exist"),
            ("{authority: fullchain.pem}", ".authority: /etc/gw/fullchain.pem holds no certificate in PEM form"),
            (
                "{authority: ca.pem, revocationList: ca.pem}",
                ".revocationList: /etc/gw/ca.pem holds no certificate revocation list in PEM form"
            ),
        ]
    )
    func problems(value: String, expected: String) throws {
        let bytes = try Self.authority.get()
        func problem(_ listen: String, _ key: String) -> Bool {
            let problems = Fixture.problems(listen + Fixture.minimal) { $0.file("/etc/gw/ca.pem", bytes: bytes) }
            return problems.count == 1 && problems[0].hasPrefix("config.yaml:1: \(key).clientCertificates\(expected)")
        }
        let entry = "{address: \":8443\", clientCertificates: \(value)}"
        #expect(problem("listen: [\":443\", \(entry)]\n", "listen[1]"))
        #expect(problem("listen: \(entry)\n", "listen"))
    }

    @Test("leaves the addresses to be checked where it cannot be used itself")
    func check() async throws {
        let identity = try TLSIdentity.throwaway(names: ["my.site.com"])
        let text = "listen: [{address: \":8443\", clientCertificates: {authority: nowhere.pem}}]\n" + Fixture.minimal
        let environment = CheckEnvironment.fake(text, identity: identity)
        let results = await ConfigurationCheck(path: "/etc/gw/config.yaml", environment: environment).run()
            .map(\.description)
        #expect(
            results.first == "failure  /etc/gw/config.yaml:1: listen[0].clientCertificates.authority: "
                + "/etc/gw/nowhere.pem does not exist"
        )
        #expect(results.contains("ok       listen :8443: can be listened on"))
    }

    @Test("warns of the gateway's where every entry has its own")
    func unused() throws {
        let text = "listen: [{address: \":443\", clientCertificates: none}]\nclientCertificates: {authority: ca.pem}\n"
        #expect(
            try Self.load(text).warnings.map(\.description) == [
                "config.yaml:2: clientCertificates: has no effect: every entry of 'listen' has its own"
            ]
        )
    }
}
