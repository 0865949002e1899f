import Testing

@testable import Access
@testable import Gateway

@Suite("The tokens of a configuration")
struct TokenConfigurationTests {
    private typealias Fixture = ConfigurationFixture

    private static let nameExpected = "a name for the logs, such as phone: at most 64 letters, digits and -_.@"
    private static let tokenExpected = "a token of 16 to 512 visible ASCII characters"
    private static let hashExpected =
        "sha256: and 64 hexadecimal digits, as 'hysteria-gateway token NAME' prints them"
    private static let dateExpected = "a date such as 2027-01-01 (from its start, in UTC) or 2027-01-01T12:00:00Z"

    /// What stands between the braces of the only token, and the one problem it makes.
    @Test(
        "say what is wrong with them",
        arguments: [
            // The name.
            ("hash: HASH, scopes: [kick]", "tokens[0].name: missing; expected \(nameExpected)"),
            ("name: , hash: HASH, scopes: [kick]", "tokens[0].name: found nothing; expected \(nameExpected)"),
            ("name: \"\", hash: HASH, scopes: [kick]", "tokens[0].name: found ''; expected \(nameExpected)"),
            ("name: a b, hash: HASH, scopes: [kick]", "tokens[0].name: found 'a b'; expected \(nameExpected)"),
            (
                "name: \"a\\nb\", hash: HASH, scopes: [kick]",
                "tokens[0].name: found 'a<U+000A>b'; expected \(nameExpected)"
            ),
            (
                "name: hg_abcdefghijklmnop, hash: HASH, scopes: [kick]",
                "tokens[0].name: found a text of 19 characters; expected \(nameExpected)"
            ),
            // The credential.
            (
                "name: a, scopes: [kick]",
                "tokens[0]: found neither hash nor token nor tokenFile; expected one of them; "
                    + "'hysteria-gateway token NAME' makes a token and prints its hash"
            ),
            (
                "name: a, hash: HASH, token: hg_0123456789abcdef, scopes: [kick]",
                "tokens[0]: found hash and token; expected one of hash, token and tokenFile"
            ),
            (
                "name: a, hash: hg_0123456789abcdef, scopes: [kick]",
                "tokens[0].hash: found the token itself where its hash belongs; expected 'token:' in place of 'hash:', "
                    + "or sha256: and the digits that `printf %s TOKEN | sha256sum` prints"
            ),
            (
                "name: a, hash: \"sha256:0g\", scopes: [kick]",
                "tokens[0].hash: found sha256: and 2 characters that are not 64 such digits; expected \(hashExpected)"
            ),
            (
                "name: a, token: fifteen-letters, scopes: [kick]",
                "tokens[0].token: found a token of 15 characters; expected \(tokenExpected)"
            ),
            (
                "name: a, token: a token with blanks, scopes: [kick]",
                "tokens[0].token: found a token with spaces, line breaks or other characters that are not "
                    + "visible ASCII; expected \(tokenExpected)"
            ),
            (
                "name: a, token: mötörhead-mötörhead, scopes: [kick]",
                "tokens[0].token: found a token with spaces, line breaks or other characters that are not "
                    + "visible ASCII; expected \(tokenExpected)"
            ),
            (
                "name: a, token: [hg_0123456789abcdef], scopes: [kick]",
                "tokens[0].token: found a list; expected \(tokenExpected); write it without brackets or a dash"
            ),
            (
                "name: a, tokenFile: none.token, scopes: [kick]",
                "tokens[0].tokenFile: there is no such file in /etc/gw; "
                    + "expected the path of a file with the token; the token itself belongs behind 'token:'"
            ),
            (
                "name: a, tokenFile: big.token, scopes: [kick]",
                "tokens[0].tokenFile: /etc/gw/big.token: it has more than 4096 bytes"
            ),
            (
                "name: a, tokenFile: two.token, scopes: [kick]",
                "tokens[0].tokenFile: found a token with spaces, line breaks or other characters that are not "
                    + "visible ASCII; expected \(tokenExpected)"
            ),
            (
                "name: a, tokenFile: empty.token, scopes: [kick]",
                "tokens[0].tokenFile: found a token of 0 characters; expected \(tokenExpected)"
            ),
            (
                "name: a, tokenFile: \"\", scopes: [kick]",
                "tokens[0].tokenFile: found ''; expected the path of a file with the token"
            ),
            // Scopes.
            (
                "name: a, hash: HASH",
                "tokens[0].scopes: missing; expected a list of traffic, online, streams, metrics, usage, clear, kick, subscription"
            ),
            (
                "name: a, hash: HASH, scopes: []",
                "tokens[0].scopes: found an empty list; expected at least one of the scopes"
            ),
            (
                "name: a, hash: HASH, scopes: traffic",
                "tokens[0].scopes: found a single value; expected a list in brackets: scopes: [traffic]"
            ),
            (
                "name: a, hash: HASH, scopes: [stream]",
                "tokens[0].scopes[0]: 'stream' is no scope; did you mean 'streams'?"
            ),
            (
                "name: a, hash: HASH, scopes: [everything]",
                "tokens[0].scopes[0]: 'everything' is no scope; "
                    + "expected one of traffic, online, streams, metrics, usage, clear, kick, subscription"
            ),
            (
                "name: a, hash: HASH, scopes: [clear]",
                "tokens[0].scopes: 'clear' without 'traffic' opens nothing; expected both, or neither"
            ),
            (
                "name: a, hash: HASH, scopes: [traffic, clear], users: [wang]",
                "tokens[0].scopes: 'clear' empties the counters of all users, but the token is limited to some; "
                    + "expected no 'users' beside 'clear', or a ledger, where a token clears its own counters"
            ),
            // Users.
            (
                "name: a, hash: HASH, scopes: [kick], users: []",
                "tokens[0].users: found an empty list; expected at least one of the users of Hysteria"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], users: wang",
                "tokens[0].users: found a single value; expected a list in brackets: users: [wang]"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], users: [wang, wang]",
                "tokens[0].users[1]: 'wang' is given more than once; expected each user once"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], users: [{a: b}]",
                "tokens[0].users[0]: found keys and values; expected the name of a user; write it without a key"
            ),
            // Expiry.
            (
                "name: a, hash: HASH, scopes: [kick], expires: 2027-02-29",
                "tokens[0].expires: found '2027-02-29'; expected \(dateExpected)"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], expires: tomorrow",
                "tokens[0].expires: found 'tomorrow'; expected \(dateExpected)"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], expires: \"\"",
                "tokens[0].expires: found ''; expected \(dateExpected)"
            ),
            // Addresses.
            (
                "name: a, hash: HASH, scopes: [kick], addresses: []",
                "tokens[0].addresses: found an empty list; expected at least one of the addresses"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], addresses: 192.0.2.7",
                "tokens[0].addresses: found a single value; expected a list in brackets: addresses: [192.0.2.7]"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], addresses: [192.0.2.7/24]",
                "tokens[0].addresses[0]: 192.0.2.7/24 has bits behind the first 24; "
                    + "expected 192.0.2.0/24 for the range, or 192.0.2.7 for the one address"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], addresses: [192.0.2.0/24, \"::ffff:192.0.2.0/120\"]",
                "tokens[0].addresses[1]: ::ffff:192.0.2.0/120 is given more than once; expected each range once"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], addresses: [office.example]",
                "tokens[0].addresses[0]: found 'office.example'; "
                    + "expected an address or a range of them, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"
            ),
            // Keys.
            (
                "name: a, hash: HASH, scope: [kick], scopes: [kick]",
                "tokens[0].scope: unknown key; did you mean 'scopes'?"
            ),
            (
                "name: a, hash: HASH, scopes: [kick], user: [x]",
                "tokens[0].user: unknown key; did you mean 'users'?"
            ),
        ]
    )
    func problems(token: String, expected: String) {
        let token = token.replacing("HASH", with: Fixture.hash)
        let problems = Fixture.problems("tokens: [{\(token)}]\n" + Fixture.upstream + Fixture.certificates) {
            $0.file("/etc/gw/big.token", String(repeating: "t", count: 4097))
            $0.file("/etc/gw/two.token", "hg_0123456789abcdef\nhg_0123456789abcdef\n")
            $0.file("/etc/gw/empty.token", "\n")
        }
        #expect(problems == ["config.yaml:1: " + expected])
    }

    @Test("can be limited to addresses")
    func addresses() throws {
        let addresses = "addresses: [192.0.2.7, \"2001:db8::/32\"]"
        let token = "tokens: [{name: a, hash: \(Fixture.hash), scopes: [kick], \(addresses)}]\n"
        let configuration = try Fixture.load(token + Fixture.upstream + Fixture.certificates)
        let expected = [try AddressRange("192.0.2.7"), try AddressRange("2001:db8::/32")]
        #expect(configuration.tokens.first?.grant.addresses == expected)
    }

    @Test("must be a list of them")
    func list() {
        let rest = Fixture.upstream + Fixture.certificates
        #expect(
            Fixture.problems("tokens: []\n" + rest) == [
                "config.yaml:1: tokens: found an empty list; expected at least one of the tokens"
            ]
        )
        #expect(
            Fixture.problems("tokens: hg_0123456789abcdef\n" + rest) == [
                "config.yaml:1: tokens: found a single value; expected a list of tokens"
            ]
        )
        #expect(
            Fixture.problems("tokens: {phone: hg_0123456789abcdef}\n" + rest) == [
                "config.yaml:1: tokens: found keys and values; expected a list of tokens; "
                    + "write '- ' before the first key of each"
            ]
        )
        #expect(
            Fixture.problems("tokens: [hg_0123456789abcdef]\n" + rest) == [
                "config.yaml:1: tokens[0]: found a single value; "
                    + "expected the keys name, hash, token, tokenFile, scopes, users, expires, addresses, view"
            ]
        )
    }

    @Test("must differ from one another")
    func sameToken() {
        let text = """
            tokens:
              - {name: a, token: hg_0123456789abcdef, scopes: [kick]}
              - {name: b, tokenFile: b.token, scopes: [traffic]}

            """
        #expect(
            Fixture.problems(text + Fixture.upstream + Fixture.certificates) {
                $0.file("/etc/gw/b.token", "hg_0123456789abcdef\r\n")
            } == ["config.yaml:3: tokens[1]: the token is the same as that of 'a'; expected a token of its own"]
        )
    }

    @Test("never appear in a message, wherever they are put by mistake")
    func neverShown() {
        let token = "hg_Zm9vYmFyYmF6cXV4"
        let places = [
            "listen: TOKEN", "threads: TOKEN", "TOKEN: 1", "accessLog: TOKEN", "limits: {idleTimeout: TOKEN}",
            "limits: {TOKEN: 1}", "tokens: [{name: TOKEN, scopes: [TOKEN], users: [TOKEN, TOKEN], expires: TOKEN}]",
            "tokens: TOKEN", "logLevel: !TOKEN x", "redirect: \"TOKEN\\n\"", "tokens: {TOKEN: {TOKEN: 1}}",
        ]
        for place in places {
            let text = place.replacing("TOKEN", with: token) + "\n"
            let problems = Fixture.problems(text)
            #expect(!problems.isEmpty)
            let shown = problems.filter { $0.contains(token) }
            #expect(shown == [])
        }
    }

    @Test("in plain text, expired or open to others are worth a warning")
    func warnings() {
        let rest = Fixture.upstream + Fixture.certificates
        let plain = "tokens: [{name: a, token: hg_0123456789abcdef, scopes: [kick]}]\n" + rest
        #expect(
            Fixture.warnings(plain) == [
                "config.yaml:1: tokens[0].token: the token stands here in plain text; write its hash instead: "
                    + "'hysteria-gateway token NAME' makes a token and prints the line"
            ]
        )
        #expect(
            Fixture.warnings(plain) { $0.file("/etc/gw/config.yaml", plain, mode: 0o644) }.contains(
                "config.yaml:1: tokens[0].token: /etc/gw/config.yaml holds a token and every user of this machine "
                    + "can read it (-rw-r--r-- gateway:gateway); run: chmod o-rwx /etc/gw/config.yaml"
            )
        )

        let file = "tokens: [{name: a, tokenFile: a b.token, scopes: [kick]}]\n" + rest
        #expect(
            Fixture.warnings(file) {
                $0.file("/etc/gw/a b.token", "hg_0123456789abcdef", mode: 0o604, owner: "root", group: "staff")
            } == [
                "config.yaml:1: tokens[0].tokenFile: /etc/gw/a b.token holds a token and every user of this machine "
                    + "can read it (-rw----r-- root:staff); "
                    + "run: chgrp gateway '/etc/gw/a b.token' && chmod 640 '/etc/gw/a b.token'"
            ]
        )
        #expect(
            Fixture.warnings(file) {
                $0.directory("/etc/gw", mode: 0o750, owner: "root", group: "gateway")
                $0.file("/etc/gw/a b.token", "hg_0123456789abcdef", mode: 0o644)
            } == []
        )

        let expired = "tokens: [{name: a, hash: \(Fixture.hash), scopes: [kick], expires: 2026-06-01}]\n" + rest
        #expect(
            Fixture.warnings(expired) == [
                "config.yaml:1: tokens[0].expires: the token expired at 2026-06-01T00:00:00Z and opens nothing; "
                    + "remove or renew it"
            ]
        )
        #expect(Fixture.warnings(expired.replacing("2026-06-01", with: "2026-06-01T00:00:01Z")) == [])
    }
}
