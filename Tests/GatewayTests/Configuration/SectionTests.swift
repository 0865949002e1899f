import Foundation
import NIOOpenSSL
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Sections of the configuration")
struct SectionTests {
    private static let keys = Configuration.sections.map { $0.key }
    private static let authority = Result { try TLSIdentity.throwaway(names: ["authority"]).certificateChainPEM }

    @Test("every section has its place in the list")
    func listed() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/GatewayConfiguration/Sections").standardizedFileURL
        var declared: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let source = try String(contentsOf: file, encoding: .utf8)
            let declarations = source.matches(
                of: /(?:enum|struct) (\w+): (?:ConfigurationSection|ReloadedSection|RestartedSection)\b/
            )
            for match in declarations { declared.insert(String(match.1)) }
        }
        #expect(declared == Set(Configuration.sections.map { "\($0)" }))
        #expect(Set(Self.keys).count == Self.keys.count)
    }

    /// For each key, what is written in place of ``ConfigurationFixture/minimal``, or besides it, and what of it differs.
    private static let examples: [String: (text: String, taken: [String], waiting: [String])] = {
        typealias Fixture = ConfigurationFixture
        let hysteria = "hysteria: /etc/hysteria/config.yaml\n"
        let bob = Fixture.tokens.replacing("phone", with: "bob")
        let upstream = Fixture.upstream.replacing("some_secret", with: "another_secret")
        let certificates = Fixture.certificates.replacing("privkey.pem", with: "other.pem")
        let other = "clientCertificates: {authority: ca.pem}\n"
        return [
            "listen": ("listen: \":8443\"\n" + Fixture.minimal, [], ["listen"]),
            "redirect": ("redirect: \":80\"\n" + Fixture.minimal, [], ["redirect"]),
            "threads": ("threads: 7\n" + Fixture.minimal, [], ["threads"]),
            "hysteria": (hysteria + Fixture.minimal, [], []),
            "upstream": (upstream + Fixture.certificates + Fixture.tokens, ["upstream"], []),
            "acme": (
                "acme: {names: my.site.com, folder: /state/acme}\n" + Fixture.minimal, ["acme"], []
            ),
            // What is in these files counts, and the files of this test hold nothing.
            "certificates": (Fixture.upstream + certificates + Fixture.tokens, [], []),
            "clientCertificates": (other + Fixture.minimal, [], []),
            "tls": (
                "tls: {minimumVersion: \"1.3\", sessionTickets: false}\n" + Fixture.minimal, ["tls"],
                ["tls.sessionTickets"]
            ),
            "ledger": ("ledger: {file: /var/lib/a}\n" + Fixture.minimal, [], ["ledger"]),
            "quotas": ("quotas: [{users: [wang], bytes: 1GiB}]\n" + Fixture.minimal, ["quotas"], []),
            "tokens": (Fixture.upstream + Fixture.certificates + bob, ["tokens"], []),
            "limits": ("limits: {connections: 300}\n" + Fixture.minimal, ["limits"], []),
            "metrics": ("metrics: {users: false}\n" + Fixture.minimal, ["metrics"], []),
            "cors": ("cors: [\"https://a.example\"]\n" + Fixture.minimal, ["cors"], []),
            "accessLog": ("accessLog: none\n" + Fixture.minimal, [], ["accessLog"]),
            "log": ("log: json\n" + Fixture.minimal, [], ["log"]),
            "logLevel": ("logLevel: debug\n" + Fixture.minimal, ["logLevel"], []),
        ]
    }()

    @Test("there is an example of each")
    func examples() {
        #expect(Set(Self.examples.keys) == Set(Self.keys))
    }

    @Test("says what differs, and whether it waits for a restart", arguments: keys)
    func difference(key: String) throws {
        let example = try #require(Self.examples[key])
        let running = try Self.load(ConfigurationFixture.minimal)
        let new = try Self.load(example.text)
        let difference = ConfigurationDifference(running: running.configuration, from: running, to: new)
        #expect(difference.taken == example.taken)
        #expect(difference.waiting == example.waiting)
        let same = ConfigurationDifference(running: new.configuration, from: new, to: new)
        #expect(same.taken.isEmpty && same.waiting.isEmpty)
    }

    private static func load(_ text: String) throws -> LoadedConfiguration {
        let authority = try authority.get()
        let configuration = try ConfigurationFixture.load(text) {
            $0.file("/etc/gw/other.pem")
            $0.file("/etc/gw/ca.pem", bytes: authority)
            $0.file("/etc/hysteria/config.yaml", "trafficStats: {listen: \"127.0.0.1:9999\", secret: some_secret}\n")
        }
        return LoadedConfiguration(
            configuration,
            certificates: [],
            clientVerification: nil,
            listeners: [],
            hasOtherTicketKeys: false
        )
    }

    @Test("what is not said has its default, and nothing else has one")
    func defaults() throws {
        let values = SectionValues.defaults
        let lacking = Self.keys.filter { !values.has($0) }
        #expect(lacking == ["threads", "upstream", "certificates", "tokens"])
    }
}
