import Testing

@testable import Access
@testable import Gateway

@Suite("The lines for a new token")
struct TokenLinesTests {
    private typealias Fixture = ConfigurationFixture

    private func lines(
        _ name: String = "phone",
        scopes: [String] = ["traffic"],
        users: [String] = [],
        expires: String? = nil,
        addresses: [String] = []
    ) throws(TokenSnippet.ValueError) -> String {
        let digest = TokenHasher().digest(of: "hg_0123456789abcdef")
        return try TokenSnippet(
            name: name,
            digest: digest,
            scopes: scopes,
            users: users,
            expires: expires,
            addresses: addresses,
            now: 1_780_272_000
        ).text
    }

    private func mistake(
        _ name: String = "phone",
        scopes: [String] = ["traffic"],
        users: [String] = [],
        expires: String? = nil,
        addresses: [String] = []
    ) -> String? {
        do {
            _ = try lines(name, scopes: scopes, users: users, expires: expires, addresses: addresses)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("stand under tokens: and mean what was asked for")
    func whole() throws {
        let users = ["wang", "null", "a\"b\\c", "ü\u{1b}\n", "12", "- x", "#", "a: b", "\u{2028}\u{85}"]
        let text = try lines("phone", scopes: ["traffic", "kick"], users: users, expires: "2027-01-01")
        #expect(
            text.hasPrefix("    - name: phone\n      hash: sha256:")
                || text.hasPrefix("  - name: phone\n    hash: sha256:")
        )
        let configuration = try Fixture.load("tokens:\n\(text)\n" + Fixture.upstream + Fixture.certificates)
        #expect(configuration.tokens.count == 1)
        #expect(configuration.tokens[0].grant.name == "phone")
        #expect(configuration.tokens[0].digest == TokenHasher().digest(of: "hg_0123456789abcdef"))
        #expect(configuration.tokens[0].grant.scopes == [.traffic, .kick])
        #expect(configuration.tokens[0].grant.users?.names == users)
        #expect(configuration.tokens[0].grant.expires == 1_798_761_600)
    }

    @Test("name the addresses that it is limited to")
    func addresses() throws {
        let addresses = ["192.0.2.0/24", "2001:db8::/32", "::1"]
        let text = try lines(addresses: addresses)
        let configuration = try Fixture.load("tokens:\n\(text)\n" + Fixture.upstream + Fixture.certificates)
        let expected = try addresses.map { try AddressRange($0) }
        #expect(configuration.tokens.first?.grant.addresses == expected)
        #expect(mistake(addresses: ["192.0.2.7/24"])?.hasPrefix("addresses[0]: 192.0.2.7/24 has bits") == true)
    }

    @Test("are as few as can be")
    func short() throws {
        let digest = TokenHasher().digest(of: "hg_0123456789abcdef").text
        #expect(try lines() == "  - name: phone\n    hash: \(digest)\n    scopes: [traffic]")
    }

    @Test("are refused in the words of the configuration")
    func mistakes() {
        #expect(mistake("two words")?.hasPrefix("name: found 'two words'; expected a name for the logs") == true)
        #expect(mistake("")?.hasPrefix("name: found ''; expected a name") == true)
        #expect(mistake(scopes: ["trafic"]) == "scopes[0]: 'trafic' is no scope; did you mean 'traffic'?")
        #expect(mistake(scopes: []) == "scopes: found an empty list; expected at least one of the scopes")
        #expect(
            mistake(scopes: ["clear"]) == "scopes: 'clear' without 'traffic' opens nothing; expected both, or neither"
        )
        #expect(
            mistake(users: [""])
                == "users[0]: found ''; expected the name of a user; for all users, leave 'users' out"
        )
        #expect(mistake(users: ["a", "a"]) == "users[1]: 'a' is given more than once; expected each user once")
        #expect(mistake(expires: "soon")?.hasPrefix("expires: found 'soon'; expected a date such as") == true)
        #expect(
            mistake(expires: "2026-06-01")
                == "expires: the token expired at 2026-06-01T00:00:00Z and opens nothing; remove or renew it"
        )
        #expect(mistake(expires: "x\n    token: y") != nil)
    }
}
