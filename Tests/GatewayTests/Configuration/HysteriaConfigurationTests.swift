import HysteriaStats
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("A configuration that points to Hysteria's own")
struct HysteriaConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    private static let certificates = "/var/lib/hysteria/acme/certificates/acme-v02.api.letsencrypt.org-directory"
    private static let own = "hysteria: /etc/hysteria/config.yaml\n"
    private static let stats = "trafficStats: {listen: \"127.0.0.1:9999\", secret: theirs}\n"

    private static func with(_ hysteria: String, mode: UInt16 = 0o640) -> (inout FakeFiles) -> Void {
        { files in
            files.file("/etc/hysteria/config.yaml", hysteria, mode: mode, owner: "root", group: "gateway")
        }
    }

    @Test("needs no more than a token")
    func enough() throws {
        let configuration = try Fixture.load(Self.own + Fixture.tokens) {
            Self.with("tls: {cert: /c/cert.pem, key: /c/key.pem}\n" + Self.stats)(&$0)
            $0.file("/c/cert.pem")
            $0.file("/c/key.pem")
        }
        #expect(configuration.upstream.address == StatsAddress(host: "127.0.0.1", port: 9999))
        #expect(try configuration.upstream.secret == Secret("theirs"))
        #expect(configuration.certificates == [CertificateFiles(certificate: "/c/cert.pem", key: "/c/key.pem")])
        #expect(configuration.warnings.isEmpty)
    }

    @Test("is overruled by what stands in its own file, key by key")
    func overruled() throws {
        let change: (inout FakeFiles) -> Void = {
            Self.with("tls: {cert: /gone, key: /gone}\n" + Self.stats)(&$0)
        }
        let own = try Fixture.load(Self.own + Fixture.minimal, change)
        #expect(own.upstream.address.port == 9999)
        #expect(try own.upstream.secret == Secret("some_secret"))
        #expect(own.certificates.count == 1)

        let mixed = "upstream: {address: 10.0.0.1:1, timeout: 1s}\n" + Fixture.certificates + Fixture.tokens
        let configuration = try Fixture.load(Self.own + mixed, change)
        #expect(configuration.upstream.address == StatsAddress(host: "10.0.0.1", port: 1))
        #expect(try configuration.upstream.secret == Secret("theirs"))
    }

    @Test("finds the certificate that ACME has left, for each name that has one")
    func acme() throws {
        let text = "acme: {domains: [a.example, b.example], email: x@y}\n" + Self.stats
        let configuration = try Fixture.load(Self.own + Fixture.tokens) {
            Self.with(text)(&$0)
            $0.file(Self.certificates + "/b.example/b.example.crt")
            $0.file(Self.certificates + "/b.example/b.example.key")
        }
        let folder = Self.certificates + "/b.example/b.example"
        #expect(configuration.certificates == [CertificateFiles(certificate: folder + ".crt", key: folder + ".key")])
        #expect(configuration.warnings.count == 1)
        #expect(
            configuration.warnings[0].description.hasPrefix(
                "config.yaml:1: hysteria: no certificate of Hysteria for 'a.example' can be read: "
            )
        )
    }

    @Test("lists every path tried, and the component in the way")
    func acmeWithoutPermission() {
        let text = "acme: {domains: [a.example], email: x@y, ca: letsencrypt}\n" + Self.stats
        let problems = Fixture.problems(Self.own + Fixture.tokens) {
            Self.with(text)(&$0)
            $0.directory("/var/lib/hysteria", mode: 0o700, owner: "hysteria", group: "hysteria")
            $0.file(Self.certificates + "/a.example/a.example.crt", owner: "hysteria", group: "hysteria")
        }
        #expect(problems.count == 1)
        let problem = problems.first ?? ""
        #expect(problem.hasPrefix("config.yaml:1: hysteria: no certificate of Hysteria for 'a.example' can be read: "))
        #expect(
            problem.contains(
                Self.certificates + "/a.example/a.example.crt (user 'gateway' may not enter /var/lib/hysteria "
                    + "(drwx------ hysteria:hysteria))"
            )
        )
        #expect(problem.hasSuffix("; expected files that user 'gateway' can read, or 'certificates' here"))
    }

    @Test("says what Hysteria's file lacks")
    func lacking() {
        #expect(
            Fixture.problems(Self.own + Fixture.tokens, Self.with("auth: {type: password}\n")) == [
                "config.yaml:1: hysteria: /etc/hysteria/config.yaml has no trafficStats.listen: "
                    + "Hysteria's stats API is off; expected trafficStats.listen there, or upstream.address here",
                "config.yaml:1: hysteria: /etc/hysteria/config.yaml names no certificate; "
                    + "expected 'tls' or 'acme' there, or 'certificates' here",
            ]
        )
    }

    @Test("says why Hysteria's file cannot be read")
    func unreadable() {
        let text = Self.own + Fixture.tokens
        #expect(
            Fixture.problems(text) == ["config.yaml:1: hysteria: /etc/hysteria does not exist"]
        )
        #expect(
            Fixture.problems(text) {
                $0.file("/etc/hysteria/config.yaml", mode: 0o600, owner: "root", group: "root")
            } == [
                "config.yaml:1: hysteria: user 'gateway' may not read /etc/hysteria/config.yaml (-rw------- root:root); "
                    + "run: chgrp gateway /etc/hysteria/config.yaml && chmod g+r /etc/hysteria/config.yaml"
            ]
        )
        #expect(
            Fixture.problems(text) { $0.directory("/etc/hysteria/config.yaml") } == [
                "config.yaml:1: hysteria: /etc/hysteria/config.yaml is a directory, not a file; "
                    + "name a file in it: /etc/hysteria/config.yaml/…"
            ]
        )
        #expect(
            Fixture.problems(text) {
                $0.file("/etc/hysteria/config.yaml", String(repeating: "#", count: (16 << 20) + 1))
            } == [
                "config.yaml:1: hysteria: /etc/hysteria/config.yaml: it has more than 16777216 bytes"
            ]
        )
        #expect(
            Fixture.problems(text) { $0.file("/etc/hysteria/config.yaml", bytes: [0xff]) } == [
                "config.yaml:1: hysteria: /etc/hysteria/config.yaml has bytes that are not UTF-8; "
                    + "expected Hysteria's own configuration, a text file"
            ]
        )
    }

    @Test("reports mistakes in Hysteria's file with that file's name and line, after its own")
    func mistakes() {
        let problems = Fixture.problems(
            Self.own + Fixture.tokens + "threads: 0\n",
            Self.with("\ntrafficStats:\n  listen: nonsense\n")
        )
        #expect(problems.count == 2)
        #expect(problems.first == "config.yaml:3: threads: found '0'; expected a whole number from 1 to 1024")
        #expect(problems.last?.hasPrefix("/etc/hysteria/config.yaml:3: trafficStats.listen: ") == true, "\(problems)")
    }

    @Test("warns of a secret in a file that the installer has left open")
    func open() {
        let text = "tls: {cert: /etc/gw/fullchain.pem, key: /etc/gw/privkey.pem}\n" + Self.stats
        #expect(
            Fixture.warnings(Self.own + Fixture.tokens, Self.with(text, mode: 0o644)) == [
                "config.yaml:1: hysteria: /etc/hysteria/config.yaml holds a secret and every user of this machine can "
                    + "read it (-rw-r--r-- root:gateway); give it to a group of both Hysteria and the gateway "
                    + "(chgrp GROUP /etc/hysteria/config.yaml), then run: chmod 640 /etc/hysteria/config.yaml"
            ]
        )
    }
}
