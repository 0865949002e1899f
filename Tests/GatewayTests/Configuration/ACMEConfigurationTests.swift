import ACME
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("The key acme of a configuration")
struct ACMEConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    private static let others = Fixture.upstream + Fixture.tokens

    private static func load(_ acme: String) throws -> Configuration {
        try Fixture.load("acme: \(acme)\n" + others, inStateDirectory)
    }

    private static func problems(_ acme: String) -> [String] {
        Fixture.problems("acme: \(acme)\n" + others, inStateDirectory)
    }

    private static func inStateDirectory(_ files: inout FakeFiles) {
        files.directory(StateDirectory.usual, owner: "gateway")
    }

    @Test("a name is all that has to be said")
    func oneName() throws {
        let configuration = try Self.load("My.Site.com")
        let acme = try #require(configuration.acme)
        #expect(acme.certificates == [[.name("my.site.com")]])
        #expect(acme.authorities.map(\.directory) == ["https://acme-v02.api.letsencrypt.org/directory"])
        #expect(acme.proofKinds == [.tls, .http])
        #expect(acme.folder == "/var/lib/hysteria-gateway/acme")
        #expect(
            configuration.certificates.map(\.certificate) == [
                "/var/lib/hysteria-gateway/acme/acme-v02.api.letsencrypt.org-directory/my.site.com/current/fullchain.pem"
            ]
        )
    }

    @Test("addresses share one certificate, which stands first, and each name has its own")
    func several() throws {
        let acme = try #require(try Self.load("[my.site.com, 192.0.2.1, www.site.com, \"2001:DB8:0::1\"]").acme)
        #expect(
            acme.certificates == [
                [.address("192.0.2.1"), .address("2001:db8::1")], [.name("my.site.com")], [.name("www.site.com")],
            ]
        )
    }

    @Test("certificates of files come before those of acme, and those before Hysteria's")
    func precedence() throws {
        let both = try Fixture.load("acme: my.site.com\n" + Fixture.minimal, Self.inStateDirectory)
        #expect(both.certificates.count == 2)
        #expect(both.certificates.first?.certificate == "/etc/gw/fullchain.pem")
    }

    @Test("all that can be said")
    func everything() throws {
        let acme = try #require(
            try Self.load(
                """

                  names: ["*.site.com", my.site.com]
                  authority: [letsencrypt-staging, {url: "https://ca.internal:9000/acme/directory"}]
                  email: me@site.com
                  profile: tlsserver
                  proofs: [http-01, dns-01]
                  dns: {command: /etc/gw/config.yaml, wait: 30s}
                  folder: certs
                  group: hysteria
                """
            ).acme
        )
        #expect(acme.certificates == [[.name("*.site.com")], [.name("my.site.com")]])
        #expect(acme.authorities.map(\.name) == ["letsencrypt-staging", "ca.internal:9000"])
        #expect(acme.email == "me@site.com")
        #expect(acme.profile == .named("tlsserver"))
        #expect(acme.proofKinds == [.http, .dns])
        #expect(acme.dns == DNSSettings(command: "/etc/gw/config.yaml", wait: 30))
        #expect(acme.folder == "/etc/gw/certs")
        #expect(acme.group == "hysteria")
    }

    @Test(
        "what no public authority certifies is refused before anybody is asked",
        arguments: [
            "localhost", "gateway", "my.site.local", "10.1.2.3", "127.0.0.1", "192.168.0.1", "172.31.0.1", "100.64.0.1",
            "169.254.1.1", "\"::1\"", "\"fe80::1\"", "\"fd00::1\"", "\"::ffff:10.0.0.1\"",
        ]
    )
    func notPublic(name: String) {
        let problems = Self.problems(name)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("no public authority gives a certificate for it") == true, "\(problems)")
    }

    @Test("an authority of one's own may certify them")
    func privateAuthority() throws {
        let text = "{names: [localhost, 127.0.0.1], authority: {url: \"https://127.0.0.1:14000/dir\"}}"
        #expect(try Self.load(text).acme?.certificates.count == 2)
    }

    @Test(
        "what cannot work is refused, with what to write instead",
        arguments: [
            ("\"*.site.com\"", "'dns' with a command: a wildcard is proved by dns-01 alone"),
            ("{names: 192.0.2.1, proofs: [dns-01]}", "tls-alpn-01 or http-01 in proofs"),
            ("[my.site.com, MY.site.com.]", "each name once"), ("https://my.site.com", "a name such as my.site.com"),
            ("my.site.com:443", "a name such as my.site.com"), ("bücher.example", "A-labels"),
            ("{names: my.site.com, authority: letsencrpt}", "did you mean 'letsencrypt'"),
            ("{names: my.site.com, authority: \"http://ca.internal/dir\"}", "https://"),
            ("{names: my.site.com, authority: zerossl}", "externalAccount"),
            ("{names: my.site.com, email: me}", "me@site.com"), ("{authority: letsencrypt}", "missing"),
            ("{names: my.site.com, proofs: [tls-alpn]}", "did you mean 'tls-alpn-01'"),
            ("{names: my.site.com, dns: {wait: 1s}}", "missing"), ("[]", "empty list"),
        ]
    )
    func mistakes(text: String, words: String) {
        let problems = Self.problems(text)
        #expect(problems.count == 1 && problems[0].contains(words), "\(problems)")
    }

    @Test("without a state directory the folder has to be said")
    func noStateDirectory() {
        let problems = Fixture.problems("acme: my.site.com\n" + Self.others)
        #expect(problems.count == 1 && problems[0].contains("acme.folder: missing"), "\(problems)")
    }
}
