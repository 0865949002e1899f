import NIOConcurrencyHelpers
import Testing

@testable import ACME

@Suite("Who may issue, by CAA records")
struct CAASurveyTests {
    private static let account = "https://ca.example/acct/7"

    /// The records of each name; an error in place of an answer where it is named among the failing.
    private struct Zone {
        var records: [String: [[UInt8]]] = [:]
        var failing: Set<String> = []
        let asked = NIOLockedValueBox<[String]>([])

        func exchange() -> DNSExchange {
            let (records, failing, asked) = (records, failing, asked)
            return DNSExchange { question in
                var reader = DNSReader(question, at: 12)
                guard let name = try? reader.name().description else { return .failure(.damaged("question")) }
                asked.withLockedValue { $0.append(name) }
                if failing.contains(name) { return .failure(.unreached("no DNS server answers")) }
                var draft = AnswerDraft(flags: records[name] == nil ? 0x8183 : 0x8180, name: name)
                for record in records[name] ?? [] { draft.add(record) }
                return .success(draft.bytes)
            }
        }
    }

    private func zone(_ name: String, _ records: (String, String)...) -> Zone {
        Zone(records: [name: records.map { AnswerDraft.caa($0.0, $0.1) }])
    }

    private func directory(_ identities: [String] = ["ca.example", "other-ca.example"]) throws -> Directory {
        try Directory([
            "newNonce": "https://ca.example/n", "newAccount": "https://ca.example/a",
            "newOrder": "https://ca.example/o",
            "meta": ["caaIdentities": .array(identities.map { .string($0) })],
        ])
    }

    private func survey(
        _ zone: Zone,
        _ name: String = "www.a.example",
        account: String? = account,
        kinds: [ProofKind] = [.tls, .http, .dns],
        identities: [String] = ["ca.example", "other-ca.example"]
    ) async throws -> [SurveyFinding] {
        await CAASurvey(
            CAAQuery(zone.exchange(), id: 7),
            authority: AuthoritySettings(directory: "https://ca.example/dir", name: "example-ca"),
            directory: try directory(identities),
            kinds: kinds,
            account: account
        ).run(for: try Identifier(name))
    }

    @Test("without records, anybody issues; the one that binds issuing to this account is printed")
    func none() async throws {
        let zone = Zone()
        expect(
            try await survey(zone),
            .ok,
            "no CAA record",
            "'www.a.example. CAA 0 issue \"ca.example; accounturi=https://ca.example/acct/7; "
                + "validationmethods=tls-alpn-01,http-01,dns-01\"'"
        )
        #expect(zone.asked.withLockedValue { $0 } == ["www.a.example", "a.example", "example"])
        let without = try await survey(zone, account: nil)
        #expect(!without[0].words.contains("accounturi"))
    }

    @Test("the records of the first name that has some hold")
    func climbing() async throws {
        var zone = zone("a.example", ("issue", "nobody.example"))
        zone.records["example"] = [AnswerDraft.caa("issue", "ca.example")]
        expect(
            try await survey(zone),
            .failure,
            "'a.example CAA 0 issue \"nobody.example\"'",
            "add 'a.example. CAA 0 issue"
        )
        #expect(zone.asked.withLockedValue { $0 } == ["www.a.example", "a.example"])
        zone.records["www.a.example"] = [AnswerDraft.caa("issue", "CA.example")]
        expect(try await survey(zone), .ok, "lets example-ca issue", "would bind")
    }

    @Test("no answer is a warning: the authority may not get one either")
    func unreached() async throws {
        var zone = Zone()
        zone.failing = ["a.example"]
        expect(try await survey(zone), .warning, "no DNS server answers")
    }

    @Test("addresses have no records")
    func addresses() async throws {
        let zone = Zone()
        #expect(try await survey(zone, "192.0.2.1").isEmpty)
        #expect(zone.asked.withLockedValue { $0.isEmpty })
    }

    @Test("one record of several is enough, and any of the names of the authority")
    func several() async throws {
        expect(try await survey(zone("a.example", ("issue", "x.example"), ("issue", "other-ca.example"))), .ok)
        expect(try await survey(zone("a.example", ("issue", ";"))), .failure, "issue \";\"")
        expect(try await survey(zone("a.example", ("issue", "ca.example; broken"))), .failure)
        expect(try await survey(zone("a.example", ("iodef", "mailto:a@a.example"))), .ok, "limit no issuing")
    }

    @Test("wildcards have records of their own")
    func wildcards() async throws {
        let wild = zone("a.example", ("issue", "x.example"), ("issuewild", "ca.example"))
        expect(try await survey(wild, "*.a.example"), .ok, "issuewild")
        expect(try await survey(wild, "a.example"), .failure)
        let closed = zone("a.example", ("issue", "ca.example"), ("issuewild", ";"))
        expect(
            try await survey(closed, "*.a.example"),
            .failure,
            "a.example. CAA 0 issuewild \"ca.example;",
            "validationmethods=dns-01\""
        )
        expect(try await survey(closed, "a.example"), .ok)
        // Those of names count where wildcards have none.
        expect(try await survey(zone("a.example", ("issue", "x.example")), "*.a.example"), .failure)
    }

    @Test("a critical record that nobody knows forbids")
    func critical() async throws {
        let records = [AnswerDraft.caa("issue", "ca.example"), AnswerDraft.caa("future", "x", flags: 0x80)]
        expect(try await survey(Zone(records: ["a.example": records])), .failure, "CAA 128 future", "critical")
        let optional = [AnswerDraft.caa("issue", "ca.example"), AnswerDraft.caa("future", "x", flags: 0x7f)]
        expect(try await survey(Zone(records: ["a.example": optional])), .ok)
    }

    @Test("a record for one account is for no other one (RFC 8657)")
    func accounts() async throws {
        let bound = zone("a.example", ("issue", "ca.example; accounturi=\(Self.account)"))
        expect(try await survey(bound), .ok, "for this account")
        expect(try await survey(bound, account: "https://ca.example/acct/8"), .failure, "another account", "acct/8")
        expect(try await survey(bound, account: nil), .warning, "has none yet")
        let twice = zone("a.example", ("issue", "ca.example; accounturi=\(Self.account); accounturi=\(Self.account)"))
        expect(try await survey(twice), .failure, "another account")
        let free = zone("a.example", ("issue", "ca.example; accounturi=https://x.example/1"), ("issue", "ca.example"))
        expect(try await survey(free, account: nil), .ok)
    }

    @Test("a record may allow some kinds of proof alone (RFC 8657)")
    func methods() async throws {
        let http = zone("a.example", ("issue", "ca.example; validationmethods=ca-x,http-01"))
        expect(try await survey(http), .warning, "allows http-01 alone", "acme.proofs")
        expect(try await survey(http, kinds: [.http]), .ok)
        expect(try await survey(http, kinds: [.tls]), .failure, "no kind of proof", "(tls-alpn-01)")
        let two = zone(
            "a.example",
            ("issue", "ca.example; validationmethods=http-01"),
            ("issue", "ca.example; validationmethods=tls-alpn-01")
        )
        expect(try await survey(two, kinds: [.tls, .http]), .ok)
        // Another account's record allows nothing here.
        let other = zone(
            "a.example",
            ("issue", "ca.example; validationmethods=http-01"),
            ("issue", "ca.example; validationmethods=tls-alpn-01; accounturi=https://x.example/1")
        )
        expect(try await survey(other, kinds: [.tls, .http]), .warning, "allows http-01 alone")
        // What others are allowed is left out.
        let crowded = zone(
            "a.example",
            ("issue", "x.example"),
            ("issue", "ca.example; validationmethods=http-01")
        )
        expect(
            try await survey(crowded, kinds: [.tls, .http]),
            .warning,
            "www.a.example: 'a.example CAA 0 issue \"ca.example; validationmethods=http-01\"' allows"
        )
    }

    @Test("an authority that does not say its name is a warning where there are records")
    func nameless() async throws {
        expect(try await survey(zone("a.example", ("issue", "ca.example")), identities: []), .warning, "does not say")
        expect(
            try await survey(zone("a.example", ("issue", "ca.example")), identities: ["a\"b", "*.x.example"]),
            .warning
        )
        expect(try await survey(Zone(), identities: []), .ok)
    }
}
