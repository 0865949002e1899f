import SeededRandom
import Testing

@testable import ACME

@Suite("Messages of DNS")
struct DNSMessageTests {
    private func expectDamaged(_ draft: AnswerDraft, _ part: String, at location: SourceLocation = #_sourceLocation) {
        #expect(sourceLocation: location) {
            try draft.read()
        } throws: { error in
            guard case .damaged(let reason) = error as? DNSError else { return false }
            return reason.contains(part)
        }
    }

    @Test("a question is as RFC 1035 has it")
    func question() throws {
        let name = try #require(DNSName(try Identifier("*.a.example")))
        #expect(
            DNSMessage.question(name, id: 0x1234) == [
                0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 7, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0,
                1, 1, 0, 1,
            ]
        )
    }

    @Test("records are read, whatever the case of names and tags; others are skipped")
    func records() throws {
        var draft = AnswerDraft(name: "A.EXAMPLE")
        draft.add(type: 46, [1, 2, 3])
        draft.add(AnswerDraft.caa("Issue", "ca.example"))
        draft.add(family: 3, AnswerDraft.caa("issue", "chaos.example"))
        draft.add(owner: AnswerDraft.name("b.example"), AnswerDraft.caa("issue", "other.example"))
        draft.add(AnswerDraft.caa("iodef", "mailto:a\"b\\\u{7}", flags: 0x80))
        let records = try draft.read()
        #expect(
            records.map(\.description) == [
                #"CAA 0 issue "ca.example""#, #"CAA 128 iodef "mailto:a\"b\\\007""#,
            ]
        )
        #expect(records.map(\.isCritical) == [false, true])
    }

    @Test("an alias leads to the records of what it stands for")
    func alias() throws {
        var draft = AnswerDraft()
        draft.add(type: 5, AnswerDraft.name("b.example"))
        draft.add(owner: AnswerDraft.name("b.example"), type: 5, AnswerDraft.name("c.example"))
        draft.add(owner: AnswerDraft.name("C.example"), AnswerDraft.caa("issue", "ca.example"))
        draft.add(owner: AnswerDraft.name("d.example"), AnswerDraft.caa("issue", "other.example"))
        #expect(try draft.read().map(\.value) == [Array("ca.example".utf8)])
    }

    @Test("an alias that leads in a circle ends")
    func circle() throws {
        var draft = AnswerDraft()
        draft.add(type: 5, AnswerDraft.name("b.example"))
        draft.add(owner: AnswerDraft.name("b.example"), type: 5, [0xc0, 12])
        #expect(try draft.read().isEmpty)
    }

    @Test("two aliases of one name, or one with something behind it, are damage")
    func badAlias() {
        var twice = AnswerDraft()
        twice.add(type: 5, AnswerDraft.name("b.example"))
        twice.add(type: 5, AnswerDraft.name("c.example"))
        expectDamaged(twice, "alias")
        var longer = AnswerDraft()
        longer.add(type: 5, AnswerDraft.name("b.example") + [0])
        expectDamaged(longer, "alias")
    }

    @Test("what answers another question, or nothing, is not read")
    func otherQuestions() {
        expectDamaged(AnswerDraft(id: 8), "another question")
        expectDamaged(AnswerDraft(name: "b.example"), "another question")
        expectDamaged(AnswerDraft(type: 1), "another question")
        expectDamaged(AnswerDraft(questions: 0), "another question")
        expectDamaged(AnswerDraft(questions: 2), "another question")
        expectDamaged(AnswerDraft(flags: 0x0100), "no answer")
        expectDamaged(AnswerDraft(flags: 0x9180), "no answer")
        expectDamaged(AnswerDraft(flags: 0x8380), "cut off")
    }

    @Test("error codes are told from a name that is not there")
    func codes() throws {
        #expect(try AnswerDraft(flags: 0x8183).read().isEmpty)
        #expect(throws: DNSError.refused(2)) { try AnswerDraft(flags: 0x8182).read() }
        #expect(throws: DNSError.refused(5)) { try AnswerDraft(flags: 0x8185, questions: 0).read() }
    }

    @Test("names that do not end, are too long or of an unknown kind are damage")
    func names() {
        func draft(_ owner: [UInt8]) -> AnswerDraft {
            var draft = AnswerDraft()
            draft.add(owner: owner, AnswerDraft.caa("issue", "ca.example"))
            return draft
        }
        // The record begins at 27: a pointer to itself, to behind it, and to a label before it that leads back.
        expectDamaged(draft([0xc0, 27]), "does not end")
        expectDamaged(draft([0xc0, 30]), "does not end")
        expectDamaged(draft([1, 0x61, 0xc0, 27]), "does not end")
        expectDamaged(draft([0x40, 0]), "no known type")
        expectDamaged(draft([0x80, 0]), "no known type")
        func label(_ count: Int) -> [UInt8] { [UInt8(count)] + [UInt8](repeating: 0x61, count: count) }
        let long = [63, 63, 63, 62].flatMap(label) + [0]
        expectDamaged(draft(long), "too long")
        // 255 bytes are allowed.
        let longest = [63, 63, 63, 61].flatMap(label) + [0]
        #expect(throws: Never.self) { try draft(longest).read() }
    }

    @Test("pointers that lead to pointers are followed for as many steps as a name has labels")
    func steps() throws {
        func pointer(_ offset: Int) -> [UInt8] { AnswerDraft.pair(0xc000 | offset) }
        // A record whose data is the root at 39, and then pointers, each of which leads to what stands before it.
        func draft(_ count: Int) -> AnswerDraft {
            let pointers = (0..<count).flatMap { pointer($0 == 0 ? 39 : 38 + 2 * $0) }
            var draft = AnswerDraft()
            draft.add(type: 16, [0] + pointers)
            draft.add(owner: pointer(38 + 2 * count), AnswerDraft.caa("issue", "ca.example"))
            return draft
        }
        #expect(try draft(126).read().isEmpty)
        expectDamaged(draft(127), "does not end")
    }

    @Test(
        "records without a tag, or with one that is none, are damage",
        arguments: [
            [], [0], [0, 0], [0, 6, 0x69], [0, 1, 0x2d], [0, 2, 0x69, 0xe9],
        ] as [[UInt8]]
    )
    func tags(data: [UInt8]) {
        var draft = AnswerDraft()
        draft.add(data)
        expectDamaged(draft, "no tag")
    }

    @Test("more records than any domain has are damage")
    func tooMany() {
        var draft = AnswerDraft()
        for _ in 0...100 { draft.add(AnswerDraft.caa("issue", "ca.example")) }
        expectDamaged(draft, "too many")
    }

    @Test("a message that ends anywhere too early is damage")
    func cut() throws {
        var draft = AnswerDraft()
        draft.add(type: 5, AnswerDraft.name("b.example"))
        draft.add(owner: AnswerDraft.name("b.example"), AnswerDraft.caa("issue", "ca.example"))
        let bytes = draft.bytes
        #expect(try AnswerDraft.read(bytes).count == 1)
        for count in 0..<bytes.count {
            #expect(throws: DNSError.self, "\(count)") { try AnswerDraft.read(Array(bytes.prefix(count))) }
        }
    }

    @Test("damaged messages are refused or read, and nothing else happens", arguments: [1, 2, 3])
    func damaged(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var draft = AnswerDraft()
        draft.add(type: 5, [1, 0x62, 0xc0, 14])
        draft.add(owner: [1, 0x62, 0xc0, 14], type: 5, AnswerDraft.name("c.example"))
        draft.add(owner: AnswerDraft.name("c.example"), AnswerDraft.caa("issue", "ca.example; accounturi=https://a"))
        draft.add(owner: AnswerDraft.name("c.example"), AnswerDraft.caa("issuewild", ";"))
        var readable = 0
        for _ in 0..<20_000 {
            var bytes = draft.bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 2: bytes.insert([0, 0xc0, 0xff].randomElement(using: &generator) ?? 0, at: place)
                default:
                    bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...5, using: &generator)))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            guard let records = try? AnswerDraft.read(bytes) else { continue }
            readable += 1
            for record in records {
                #expect(!record.tag.isEmpty && record.tag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
                #expect(record.description.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) })
                _ = CAAIssuer(record.value)
            }
        }
        #expect((1..<20_000).contains(readable), "seed \(seed)")
    }

    @Test(
        "whom a value names, and on which conditions (RFC 8659, 4.2)",
        arguments: [
            ("ca.example", "ca.example", []), (" CA.example\t", "ca.example", []), (";", nil, []), ("", nil, []),
            ("ca.example;", "ca.example", []),
            ("ca.example; a=b;C = d", "ca.example", ["a=b", "c=d"]), ("ca.example; a=b=c", "ca.example", ["a=b=c"]),
            ("ca.example; a", nil, []), ("ca.example; =b", nil, []), ("ca.example; a=b;", nil, []),
            ("ca..example", nil, []),
            ("-ca.example", nil, []), ("ca example", nil, []), ("ca.example a=b", nil, []),
            ("ca.example; a=b c", nil, []),
            ("%%%%%", nil, []), ("ca.example; a=", "ca.example", ["a="]),
        ] as [(String, String?, [String])]
    )
    func issuers(value: String, domain: String?, parameters: [String]) {
        let issuer = CAAIssuer(Array(value.utf8))
        #expect(issuer.domain == domain)
        #expect(issuer.parameters.map { "\($0.tag)=\($0.value)" } == parameters)
    }
}
