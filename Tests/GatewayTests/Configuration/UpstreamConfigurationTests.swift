import HysteriaStats
import Testing

@testable import Gateway

@Suite("The upstream of a configuration")
struct UpstreamConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    private static let secretExpected = "the secret of Hysteria's stats API (trafficStats.secret)"

    @Test(
        "says what is wrong with it",
        arguments: [
            (
                "{secret: s}",
                "upstream.address: missing; expected the address of Hysteria's stats API, such as 127.0.0.1:9999"
            ),
            (
                "{address: \":9999\", secret: s}",
                "upstream.address: found ':9999'; expected \"127.0.0.1:9999\""
            ),
            (
                "{address: 127.0.0.1:0, secret: s}",
                "upstream.address: found '127.0.0.1:0'; "
                    + "expected the address of Hysteria's stats API, such as 127.0.0.1:9999"
            ),
            (
                "{address: http://127.0.0.1:9999, secret: s}",
                "upstream.address: found 'http://127.0.0.1:9999'; expected \"127.0.0.1:9999\", without "
                    + "'http://'"
            ),
            (
                "{address: 127.0.0.1:9999/traffic, secret: s}",
                "upstream.address: found '127.0.0.1:9999/traffic'; expected \"127.0.0.1:9999\", "
                    + "without '/traffic'"
            ),
            (
                "{address: 9999, secret: s}",
                "upstream.address: found '9999'; expected \"127.0.0.1:9999\""
            ),
            (
                "{address: 127.0.0.1:9999, secret: s, secretFile: f}",
                "upstream.secretFile: found secret and secretFile; expected one of them"
            ),
            (
                "{address: 127.0.0.1:9999, secretFile: f}",
                "upstream.secretFile: there is no such file in /etc/gw; expected the path of a file "
                    + "with the secret; the secret itself belongs behind 'secret:'"
            ),
            (
                "{address: 127.0.0.1:9999, secret: \"\"}",
                "upstream.secret: the secret is empty; expected \(secretExpected)"
            ),
            (
                "{address: 127.0.0.1:9999, secret: \"some\\nsecret\"}",
                "upstream.secret: the secret contains a control character, which an HTTP header cannot carry; "
                    + "expected \(secretExpected)"
            ),
            (
                "{address: 127.0.0.1:9999, secret: }",
                "upstream.secret: found nothing; expected the secret of Hysteria's stats API; write "
                    + "it in quotes if it begins with '#'"
            ),
            (
                "{address: 127.0.0.1:9999, secret: s, timeout: 6m}",
                "upstream.timeout: found '6m'; expected a duration from 100ms to 5m"
            ),
            (
                "{address: 127.0.0.1:9999, sekret: s}",
                "upstream.sekret: unknown key; did you mean 'secret'?"
            ),
            (
                "127.0.0.1:9999",
                "upstream: found a single value; expected the keys address, secret, secretFile, timeout"
            ),
        ]
    )
    func problems(upstream: String, expected: String) {
        let text = "upstream: \(upstream)\n" + Fixture.certificates + Fixture.tokens
        #expect(Fixture.problems(text) == ["config.yaml:1: " + expected])
    }

    @Test(
        "may be anywhere",
        arguments: [
            ("127.0.0.1:9999", "127.0.0.1", 9999), ("\"[::1]:1\"", "::1", 1), ("hysteria:65535", "hysteria", 65535),
        ]
    )
    func addresses(text: String, host: String, port: Int) throws {
        let upstream = "upstream: {address: \(text), secret: s}\n"
        let configuration = try Fixture.load(upstream + Fixture.certificates + Fixture.tokens)
        #expect(configuration.upstream.address == StatsAddress(host: host, port: port))
    }

    @Test(
        "has a secret in a file without the newline at its end",
        arguments: [
            ("some secret", "some secret"), ("some secret\n", "some secret"), ("some secret\r\n", "some secret"),
        ]
    )
    func secretFile(content: String, secret: String) throws {
        let text = "upstream: {address: 127.0.0.1:9999, secretFile: ../secrets/s}\n"
        let configuration = try Fixture.load(text + Fixture.certificates + Fixture.tokens) {
            $0.file("/etc/secrets/s", content)
        }
        #expect(try configuration.upstream.secret == Secret(secret))
    }

    @Test("is worth a warning without a secret, or with one that others can read")
    func warnings() {
        let rest = Fixture.certificates + Fixture.tokens
        #expect(
            Fixture.warnings("threads: 1\nupstream:\n  address: 127.0.0.1:9999\n" + rest) == [
                "config.yaml:2: upstream.secret: Hysteria's stats API has no secret: every user of this machine, and "
                    + "of the proxy, can call it; set trafficStats.secret in Hysteria's configuration"
            ]
        )
        let open = Fixture.upstream + rest
        #expect(
            Fixture.warnings(open) { $0.file("/etc/gw/config.yaml", open, mode: 0o644) } == [
                "config.yaml:1: upstream.secret: /etc/gw/config.yaml holds a secret and every user of this machine "
                    + "can read it (-rw-r--r-- gateway:gateway); run: chmod o-rwx /etc/gw/config.yaml"
            ]
        )
    }
}
