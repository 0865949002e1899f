import NIOCore
import Testing

@testable import Access
@testable import Gateway

@Suite("A credential is checked")
struct AuthenticatorTests {
    private let authenticator = Authenticator()
    private let table = TokenTable([
        .sample("phone", "hg_phone-token-0123456789"),
        .sample("panel", "hg_panel-token-0123456789", expires: 2_000),
        .sample("colon", "a:b:c:d:e:f:g:h:i"),
    ])

    private func outcome(_ header: String?, now: Int64 = 1_000) -> String {
        guard let header else { return authenticator.authenticate(nil, from: nil, among: table, now: now).label }
        return Array(header.utf8).withUnsafeBytes {
            authenticator.authenticate($0, from: nil, among: table, now: now).label
        }
    }

    @Test(
        "as a bearer token",
        arguments: [
            ("Bearer hg_phone-token-0123456789", "phone"),
            ("bearer hg_phone-token-0123456789", "phone"),
            ("BEARER hg_phone-token-0123456789", "phone"),
            ("Bearer   hg_phone-token-0123456789", "phone"),
            ("Bearer a:b:c:d:e:f:g:h:i", "colon"),
            ("Bearer hg_phone-token-012345678", "wrong"),
            ("Bearer hg_phone-token-01234567890", "wrong"),
            ("Bearer HG_PHONE-TOKEN-0123456789", "wrong"),
            ("Bearer hg_phone-token-0123456789 ", "malformed"),
            ("Bearer hg_phone-token-0123456789, Bearer x", "malformed"),
            ("Bearer\thg_phone-token-0123456789", "malformed"),
            ("Bearer", "wrong"),
            ("Bearer ", "malformed"),
            ("", "malformed"),
            (" ", "malformed"),
            (" Bearer hg_phone-token-0123456789", "malformed"),
            ("hg_phone-token-0123456789\t", "malformed"),
            ("Bearer hg_phone\u{0}", "malformed"),
            ("Bearer hg_phöne-token-0123456789", "malformed"),
            ("BearerX hg_phone-token-0123456789", "malformed"),
            ("Digest username=\"x\"", "malformed"),
            ("Token hg_phone-token-0123456789", "malformed"),
        ]
    )
    func bearer(header: String, expected: String) {
        #expect(outcome(header) == expected)
    }

    @Test(
        "as the password of Basic behind any user name",
        arguments: [
            ("me:hg_phone-token-0123456789", "phone"),
            (":hg_phone-token-0123456789", "phone"),
            ("me:a:b:c:d:e:f:g:h:i", "colon"),
            ("mé@例:hg_phone-token-0123456789", "phone"),
            ("hg_phone-token-0123456789", "malformed"),
            ("me:hg_phone-token-0123456789\n", "malformed"),
        ]
    )
    func basic(pair: String, expected: String) {
        #expect(outcome("Basic " + base64(Array(pair.utf8))) == expected)
        #expect(outcome("bAsIc " + base64(Array(pair.utf8))) == expected)
    }

    @Test(
        "as the user of Basic, as people fill in a form",
        arguments: [
            ("hg_phone-token-0123456789:", "phone"),
            ("hg_phone-token-0123456789:x", "phone"),
            ("hg_phone-token-0123456789:hg_wrong-token-0123456789", "phone"),
            ("hg_phone-token-0123456789:hg_panel-token-0123456789", "panel"),
            ("hg_phone-token-012345678:", "malformed"),
            ("hg_phone-token-012345678:x", "wrong"),
            ("hg_phone-token-0123456789 :x", "wrong"),
            (":", "malformed"),
            ("a:b:c:d:e:f:g:h:i", "wrong"),
        ]
    )
    func basicUser(pair: String, expected: String) {
        #expect(outcome("Basic " + base64(Array(pair.utf8))) == expected)
    }

    @Test("and an expired token is none in either place")
    func expiredBasic() {
        let panel = "hg_panel-token-0123456789"
        #expect(outcome("Basic " + base64(Array("\(panel):".utf8)), now: 2_000) == "malformed")
        #expect(outcome("Basic " + base64(Array("me:\(panel)".utf8)), now: 2_000) == "expired")
        #expect(outcome(panel, now: 2_000) == "expired")
    }

    @Test(
        "alone, as programs made for Hysteria's API send its secret",
        arguments: [
            ("hg_phone-token-0123456789", "phone"), ("a:b:c:d:e:f:g:h:i", "colon"),
            ("hg_phone-token-012345678", "wrong"), ("hg_phone-token-0123456789,hg_panel-token-0123456789", "wrong"),
            ("hg_phone-töken-0123456789", "malformed"), (" hg_phone-token-0123456789", "malformed"),
        ]
    )
    func withoutScheme(header: String, expected: String) {
        #expect(outcome(header) == expected)
    }

    @Test("and a Basic credential that is not canonical base64 is malformed")
    func basicIsStrict() {
        let good = base64(Array("me:hg_phone-token-0123456789".utf8))
        #expect(good.hasSuffix("="))
        #expect(outcome("Basic " + good) == "phone")
        #expect(outcome("Basic " + good.filter { $0 != "=" }) == "malformed")
        #expect(outcome("Basic " + good + "=") == "malformed")
        #expect(outcome("Basic " + good.dropLast(4) + "OR==") == "malformed")
        #expect(outcome("Basic " + good.prefix(4) + "\n" + good.dropFirst(4)) == "malformed")
        #expect(outcome("Basic ====") == "malformed")
        #expect(outcome("Basic") == "wrong")
        #expect(outcome("Basic ") == "malformed")
    }

    @Test("and its absence is told apart from a bad one")
    func absence() {
        #expect(outcome(nil) == "none")
        #expect(outcome("") == "malformed")
    }

    @Test("and a token ends at the second at which it expires")
    func expiry() {
        #expect(outcome("Bearer hg_panel-token-0123456789", now: 1_999) == "panel")
        #expect(outcome("Bearer hg_panel-token-0123456789", now: 2_000) == "expired")
        #expect(outcome("Bearer hg_panel-token-0123456789", now: .max) == "expired")
        #expect(outcome("Bearer hg_phone-token-0123456789", now: .max) == "phone")
    }

    @Test("and tokens up to the limit are taken, longer ones refused, in both schemes")
    func length() {
        let longest = String(repeating: "t", count: Authenticator.longestToken)
        let table = TokenTable([.sample("long", longest), .sample("longer", longest + "t")])
        func outcome(_ header: String) -> String {
            Array(header.utf8).withUnsafeBytes { authenticator.authenticate($0, from: nil, among: table, now: 0).label }
        }
        #expect(outcome("Bearer " + longest) == "long")
        #expect(outcome("Bearer " + longest + "t") == "malformed")
        #expect(outcome("Basic " + base64(Array("me:\(longest)".utf8))) == "long")
        #expect(outcome("Basic " + base64(Array("me:\(longest)t".utf8))) == "malformed")
        #expect(
            outcome("Basic " + base64([UInt8](repeating: 0x41, count: Authenticator.longestBasic + 1))) == "malformed"
        )
        #expect(outcome("Basic " + base64([UInt8](repeating: 0x41, count: 16_000))) == "malformed")
    }

    @Test("and an empty table knows nobody")
    func emptyTable() {
        let outcome = Array("Bearer hg_phone-token-0123456789".utf8).withUnsafeBytes {
            authenticator.authenticate($0, from: nil, among: TokenTable([]), now: 0).label
        }
        #expect(outcome == "wrong")
    }

    @Test(
        "on connections from where it is good, whatever form the address has",
        arguments: [
            ("192.0.2.1", "office"), ("::ffff:192.0.2.1", "office"), ("192.0.3.1", "elsewhere"),
            ("2001:db8::7", "office"), ("2001:db9::7", "elsewhere"), ("127.0.0.1", "elsewhere"), (nil, "elsewhere"),
        ]
    )
    func addresses(address: String?, expected: String) throws {
        let table = TokenTable([
            .sample(
                "office",
                "hg_office-token-0123456789",
                addresses: [try AddressRange("192.0.2.0/24"), try AddressRange("2001:db8::/32")]
            )
        ])
        let peer = try address.map { try SocketAddress(ipAddress: $0, port: 4711) }
        let outcome = Array("Bearer hg_office-token-0123456789".utf8).withUnsafeBytes {
            authenticator.authenticate($0, from: peer, among: table, now: 0)
        }
        #expect(outcome.label == expected)
    }

    @Test("and a found caller carries what the token opens")
    func caller() throws {
        let table = TokenTable([
            .sample("other", "hg_other-token-0123456789"),
            .sample("limited", "hg_limited-token-0123456", scopes: [.traffic, .kick], users: ["wang", ""]),
        ])
        let outcome = Array("Bearer hg_limited-token-0123456".utf8).withUnsafeBytes {
            authenticator.authenticate($0, from: nil, among: table, now: 0)
        }
        guard case .caller(let caller) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(caller.name == "limited")
        #expect(caller.may(.traffic) && caller.may(.kick) && caller.may([.traffic, .kick]) && caller.may([]))
        #expect(!caller.may(.clear) && !caller.may([.traffic, .clear]))
        #expect(caller.sees(user: "wang") && caller.sees(user: ""))
        #expect(!caller.sees(user: "Wang") && !caller.sees(user: "wang ") && !caller.sees(user: "li"))
    }
}

extension Authenticator.Outcome {
    /// The outcome in one word: the caller's name, `none`, or the reason.
    fileprivate var label: String {
        switch self {
        case .caller(let caller): caller.name
        case .noCredential: "none"
        case .unknown(let reason): "\(reason)"
        }
    }
}
