import NIOCore
import NIOOpenSSL
import Testing

@testable import ACME

@Suite("The table of proofs")
struct ProofTableTests {
    static let thumbprint = String(repeating: "t", count: 43)

    static func proof(_ text: String, _ kind: ProofKind, token: String = "token") throws -> Proof {
        Proof(
            identifier: try Identifier(text),
            kind: kind,
            token: token,
            keyAuthorization: "\(token).\(thumbprint)"
        )
    }

    private let table = ProofTable()

    @Test("a handshake is answered for the name, in any case and with a final dot, and for no other")
    func names() throws {
        try table.set([Self.proof("new.example", .tls)], of: .own)
        for name in ["new.example", "NEW.Example", "new.example."] {
            #expect(table.challengeContext(for: name) != nil, "\(name)")
        }
        for name in ["", ".", "example", "www.new.example", "new.example..", "new.examp1e", "*.example"] {
            #expect(table.challengeContext(for: name) == nil, "\(name)")
        }
        #expect(table.challengeContext(for: String(repeating: "a", count: 100_000)) == nil)
    }

    @Test("a handshake is answered for the reverse name of an address, and not for the address")
    func addresses() throws {
        try table.set([Self.proof("192.0.2.1", .tls), Self.proof("2001:db8::1", .tls)], of: .own)
        let reversed = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        for name in ["1.2.0.192.in-addr.arpa", "1.2.0.192.in-addr.arpa.", reversed, reversed + "."] {
            #expect(table.challengeContext(for: name) != nil, "\(name)")
        }
        #expect(table.challengeContext(for: "192.0.2.1") == nil)
        #expect(table.challengeContext(for: "2001:db8::1") == nil)
    }

    @Test("a request is answered for the pair of token and host alone, without a newline")
    func requests() throws {
        try table.set(
            [
                Self.proof("one.example", .http, token: "first"), Self.proof("two.example", .http, token: "second"),
                Self.proof("2001:db8::1", .http, token: "third"), Self.proof("tls.example", .tls, token: "fourth"),
            ],
            of: .own
        )
        #expect(table.answer(toToken: "first", host: "one.example") == ByteBuffer(string: "first.\(Self.thumbprint)"))
        #expect(table.answer(toToken: "first", host: "one.example.") != nil)
        #expect(table.answer(toToken: "third", host: "2001:db8::1") != nil)
        #expect(table.answer(toToken: "third", host: "2001:DB8:0:0::1") != nil)
        for (token, host) in [
            ("first", "two.example"), ("second", "one.example"), ("first", nil), ("", "one.example"),
            ("first.\(Self.thumbprint)", "one.example"), ("fourth", "tls.example"),
        ] {
            #expect(table.answer(toToken: token, host: host) == nil, "\(token) \(host ?? "nil")")
        }
    }

    @Test("a proof by DNS is shown to nobody")
    func records() throws {
        try table.set([Self.proof("new.example", .dns)], of: .own)
        #expect(table.challengeContext(for: "new.example") == nil)
        #expect(table.answer(toToken: "token", host: "new.example") == nil)
    }

    @Test("one token serves several names, each by itself")
    func sharedToken() throws {
        try table.set([Self.proof("one.example", .http), Self.proof("two.example", .http)], of: .own)
        #expect(table.answer(toToken: "token", host: "one.example") != nil)
        #expect(table.answer(toToken: "token", host: "two.example") != nil)
    }

    @Test("our own proof is shown before one of a folder, and that before Hysteria's")
    func order() throws {
        var seen: [TLSContext?] = []
        for source in ProofTable.Source.allCases.reversed() {
            try table.set([Self.proof("new.example", .tls, token: "of\(source.rawValue)")], of: source)
            seen.append(table.challengeContext(for: "new.example"))
        }
        #expect(Set(seen.map { $0.map { ObjectIdentifier($0) } }).count == 3)
        try table.set([], of: .own)
        #expect(table.challengeContext(for: "new.example") === seen[1])
        try table.set([], of: .folder)
        #expect(table.challengeContext(for: "new.example") === seen[0])
        try table.set([], of: .host)
        #expect(table.challengeContext(for: "new.example") == nil)
    }

    @Test("a proof that stays keeps its certificate")
    func kept() throws {
        try table.set([Self.proof("one.example", .tls)], of: .folder)
        let context = table.challengeContext(for: "one.example")
        try table.set([Self.proof("two.example", .tls), Self.proof("one.example", .tls)], of: .folder)
        #expect(table.challengeContext(for: "one.example") === context)
        #expect(table.count == 2)
    }

    @Test("who asked is counted, also after the proof was taken back")
    func counts() throws {
        let (tls, http) = (try Self.proof("a.example", .tls), try Self.proof("a.example", .http))
        try table.set([tls, http], of: .own)
        _ = table.challengeContext(for: "a.example")
        _ = table.challengeContext(for: "a.example.")
        _ = table.answer(toToken: "token", host: "a.example")
        _ = table.answer(toToken: "token", host: "b.example")
        try table.set([], of: .own)
        #expect(table.timesAsked(for: tls) == 2)
        #expect(table.timesAsked(for: http) == 1)
    }
}
