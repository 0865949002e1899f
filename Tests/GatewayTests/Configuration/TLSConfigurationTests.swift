import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("The TLS settings of a configuration")
struct TLSConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    private static let key = String(repeating: "0a", count: 80)

    @Test("are Mozilla's intermediate profile unless something else is said")
    func defaults() throws {
        let configuration = try Fixture.load(Fixture.minimal)
        #expect(configuration.tls.negotiation == .intermediate(applicationProtocols: ["h2", "http/1.1", "http/1.0"]))
        #expect(configuration.tls.ticketKeyFile == nil)
        #expect(configuration.clientCertificates == nil)
        let empty = try Fixture.load("tls: {}\n" + Fixture.minimal)
        #expect(empty.tls == configuration.tls)
    }

    @Test("are taken as they are written")
    func all() throws {
        let text = """
            tls:
              minimumVersion: 1.3
              ciphers: [ECDHE-RSA-AES128-GCM-SHA256]
              cipherSuites: [TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256]
              groups: [X25519MLKEM768, secp384r1]
              sessionTickets: true
              ticketKeyFile: tickets

            """
        let settings = try Fixture.load(text + Fixture.minimal) { $0.file("/etc/gw/tickets", Self.key) }.tls
        #expect(settings.negotiation.minimumVersion == .v1_3)
        #expect(settings.negotiation.cipherList == ["ECDHE-RSA-AES128-GCM-SHA256"])
        #expect(settings.negotiation.cipherSuites == ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"])
        #expect(settings.negotiation.groups == ["X25519MLKEM768", "secp384r1"])
        #expect(settings.ticketKeyFile == "/etc/gw/tickets")
    }

    @Test(
        "are refused with the word that is wrong",
        arguments: [
            ("tls: strict", "tls: found a single value; expected the keys "),
            ("tls: {cipher: [x]}", "tls.cipher: unknown key; did you mean 'ciphers'?"),
            (
                "tls: {minimumVersion: 1.1}",
                "tls.minimumVersion: '1.1' is no version of TLS that is served"
            ),
            (
                "tls: {ciphers: ECDHE-RSA-AES128-GCM-SHA256}",
                "tls.ciphers: found a single value; expected a list in brackets: ciphers: ["
            ),
            ("tls: {ciphers: []}", "tls.ciphers: found an empty list"),
            (
                "tls: {ciphers: [ECDHE-RSA-AES128-GCM-SHA256, ECDHE-RSA-AES129-GCM-SHA256]}",
                "tls.ciphers[1]: OpenSSL does not know the TLS 1.2 cipher 'ECDHE-RSA-AES129-GCM-SHA256': no cipher match"
            ),
            (
                "tls: {ciphers: ['ECDHE-RSA-AES128-GCM-SHA256:x']}",
                "tls.ciphers[0]: OpenSSL does not know the TLS 1.2 cipher 'ECDHE-RSA-AES128-GCM-SHA256:x'"
            ),
            ("tls: {ciphers: ['A B']}", "tls.ciphers[0]: found 'A B'; expected one of the TLS 1.2 ciphers"),
            (
                "tls: {cipherSuites: [TLS_AES_128_GCM_SHA257]}",
                "tls.cipherSuites[0]: OpenSSL does not know the TLS 1.3 cipher suite 'TLS_AES_128_GCM_SHA257': no cipher"
            ),
            (
                "tls: {groups: [X25519, x25518]}",
                "tls.groups[1]: OpenSSL does not know the group 'x25518'"
            ),
            (
                "tls: {groups: [X25519MLKEM768x]}",
                "tls.groups[0]: OpenSSL does not know the group 'X25519MLKEM768x'"
            ),
            ("tls: {sessionTickets: maybe}", "tls.sessionTickets: 'maybe' is no truth value"),
            ("tls: {sessionTickets: 'true'}", "tls.sessionTickets: found 'true' in quotes"),
            ("tls: {ticketKeyFile: nowhere}", "tls.ticketKeyFile: /etc/gw/nowhere does not exist"),
            ("tls: {ticketKeyFile: empty}", "tls.ticketKeyFile: /etc/gw/empty holds no ticket key"),
            ("tls: {ticketKeyFile: other}", "tls.ticketKeyFile: /etc/gw/other, line 1: found 5 characters"),
            (
                "tls: {ticketKeyFile: open}",
                "tls.ticketKeyFile: /etc/gw/open holds ticket keys and is open to other users (-rw-r--r-- gateway:gateway); "
                    + "run: chmod 600 /etc/gw/open"
            ),
        ]
    )
    func problems(tls: String, expected: String) {
        let problems = Fixture.problems(tls + "\n" + Fixture.minimal) { files in
            files.file("/etc/gw/empty", "")
            files.file("/etc/gw/other", "other")
            files.file("/etc/gw/open", Self.key, mode: 0o644)
        }
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("config.yaml:1: " + expected) == true, "\(problems)")
    }

    @Test("are told of all at once")
    func several() {
        let text = """
            tls:
              minimumVersion: 1.4
              ciphers: [A, B]
              groups: [C]
            clientCertificates: {required: maybe}

            """
        #expect(Fixture.problems(text + Fixture.minimal).count == 6)
    }

    @Test("may name a group that only newer libraries have, if the defaults do")
    func newGroup() throws {
        let settings = try Fixture.load("tls: {groups: [X25519MLKEM768, X25519]}\n" + Fixture.minimal).tls
        try settings.negotiation.check()
    }

    @Test("warn of a key file that nothing uses")
    func unused() {
        let text = "tls: {sessionTickets: false, ticketKeyFile: tickets}\n" + Fixture.minimal
        let warnings = Fixture.warnings(text) { $0.file("/etc/gw/tickets", Self.key) }
        #expect(warnings == ["config.yaml:1: tls.ticketKeyFile: has no effect: sessionTickets is false"])
    }

    @Test("give keys for tickets unless there are none")
    func keys() throws {
        #expect(try Fixture.load(Fixture.minimal).tls.ticketKeys() != nil)
        #expect(try Fixture.load("tls: {sessionTickets: false}\n" + Fixture.minimal).tls.ticketKeys() == nil)
    }
}
