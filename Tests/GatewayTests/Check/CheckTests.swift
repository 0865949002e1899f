import Glibc
import HysteriaStats
import NIOCore
import NIOOpenSSL
import Testing
import Time

@testable import Access
@testable import Gateway

@Suite("A check")
struct CheckTests {
    private typealias Fixture = ConfigurationFixture

    private static func run(_ environment: CheckEnvironment, names: [String] = []) async -> [String] {
        let check = ConfigurationCheck(path: "/etc/gw/config.yaml", names: names, environment: environment)
        return await check.run().map(\.description)
    }

    @Test("of a good configuration has a line for each thing that is good")
    func good() async throws {
        let identity = try TLSIdentity.throwaway(names: ["my.site.com", "127.0.0.1"])
        var environment = CheckEnvironment.fake("redirect: \":80\"\n" + Fixture.minimal, identity: identity)
        environment.configuration.now = { identity.leaf.notAfter - 29 * 86_400 }
        #expect(
            await Self.run(environment, names: ["my.site.com"]) == [
                "ok       /etc/gw/config.yaml: every key is known and every value is valid",
                "warning  /etc/gw/fullchain.pem: is self-signed: callers must be configured to trust it (curl --cacert)",
                "ok       /etc/gw/fullchain.pem: matches its key, is for my.site.com, 127.0.0.1, "
                    + "and valid for 29 more days",
                "ok       name my.site.com: covered by the certificate",
                "ok       listen :443: can be listened on",
                "ok       redirect :80: can be listened on",
                "ok       Hysteria's stats API at 127.0.0.1:9999 answers",
            ]
        )
    }

    @Test("goes on after a mistake and looks at all that can be looked at")
    func partial() async throws {
        let identity = try TLSIdentity.throwaway(names: ["my.site.com"])
        let text = "listen: [\"127.0.0.1:8443\"]\nthreads: 0\n" + Fixture.certificates + Fixture.upstream
        var environment = CheckEnvironment.fake(text, identity: identity)
        environment.configuration.now = { identity.leaf.notAfter - 20 * 86_400 }
        environment.bind = { _ in EADDRNOTAVAIL }
        environment.ask = { .failure(StatsError(.secretRefused, address: $0.address)) }
        #expect(
            await Self.run(environment, names: ["other.site.com"])
                == [
                    "failure  /etc/gw/config.yaml:2: threads: found '0'; expected a whole number from 1 to 1024",
                    "failure  /etc/gw/config.yaml: tokens: missing; expected at least one token; "
                        + "'hysteria-gateway token NAME' makes one",
                    "warning  /etc/gw/fullchain.pem: is self-signed: callers must be configured to trust it (curl --cacert)",
                    "ok       /etc/gw/fullchain.pem: matches its key, is for my.site.com, and valid for 20 more days",
                    "failure  name other.site.com: no certificate covers it; covered are: my.site.com",
                    "failure  listen 127.0.0.1:8443: this machine does not have the address "
                        + "(ip address lists those it has)",
                    "failure  Hysteria's stats API at 127.0.0.1:9999 refused the secret; "
                        + "compare it with trafficStats.secret in Hysteria's configuration, and restart Hysteria if that "
                        + "was changed: it is read at its start alone",
                ]
        )
    }

    @Test("tells how long certificates and tokens still last")
    func time() async throws {
        let identity = try TLSIdentity.throwaway(names: ["my.site.com"])
        let leaf = identity.leaf
        func validity(at now: Int64) -> [String] {
            IdentityCheck(identity, file: "f", now: now).results.map(\.description)
                .filter { !$0.contains("is self-signed") }
        }
        #expect(
            validity(at: leaf.notAfter + 1) == [
                "failure  f: expired at \(CivilTime(leaf.notAfter).internetText): renew it"
            ]
        )
        #expect(
            validity(at: leaf.notBefore - 1) == [
                "failure  f: valid only from \(CivilTime(leaf.notBefore).internetText) on: is the clock right?"
            ]
        )
        #expect(
            validity(at: leaf.notAfter - 86_400).first
                == "warning  f: expires soon, at \(CivilTime(leaf.notAfter).internetText): is its renewal running?"
        )
        // Of its 30 days: with a quarter left, as the log has it.
        let due = leaf.notAfter - (leaf.notAfter - leaf.notBefore) / 4
        #expect(
            validity(at: due).first
                == "warning  f: is due for renewal, and expires at \(CivilTime(leaf.notAfter).internetText)"
        )
        #expect(validity(at: due - 1).count == 1)
        #expect(validity(at: leaf.notBefore).count == 1)

        func token(_ expires: Int64?) -> [String] {
            let entry = TokenEntry(
                digest: TokenDigest(),
                grant: TokenGrant(name: "t", scopes: [.kick], expires: expires)
            )
            return TokenCheck(entry, now: 1_798_761_600 - 86_400).results.map(\.description)
        }
        #expect(token(1_798_761_600) == ["warning  token 't' expires soon, at 2027-01-01T00:00:00Z"])
        #expect(token(nil) == [])
        #expect(token(1_798_761_600 + 30 * 86_400) == [])
    }

    @Test("names a key that does not match, by its file")
    func mismatch() async throws {
        let one = try TLSIdentity.throwaway(names: ["one"])
        let other = try TLSIdentity.throwaway(names: ["other"])
        let (chain, key) = (try one.certificateChainPEM, try other.privateKeyPEM)
        var environment = CheckEnvironment.fake(identity: one)
        environment.identity = { _ throws(TLSError) in
            try TLSIdentity(certificateChainPEM: chain, privateKeyPEM: key)
        }
        let lines = await Self.run(environment, names: ["one"])
        #expect(lines.count { $0.hasPrefix("failure  ") && $0.contains("is not the private key of") } == 1)
        #expect(!lines.contains { $0.contains("name one") })
    }

    @Test("names a certificate that is never presented for a name")
    func taken() async throws {
        let identity = try TLSIdentity.throwaway(names: ["my.site.com"])
        let pair = "{certificate: fullchain.pem, key: privkey.pem}"
        let text = Fixture.upstream + "certificates: [\(pair), \(pair)]\n" + Fixture.tokens
        let lines = await Self.run(CheckEnvironment.fake(text, identity: identity))
        #expect(
            lines.filter { $0.contains("is never presented") } == [
                "warning  the throwaway certificate: is never presented for my.site.com, which the throwaway "
                    + "certificate is for already, with a key of the same algorithm (EC); remove one of them"
            ]
        )
    }
}
