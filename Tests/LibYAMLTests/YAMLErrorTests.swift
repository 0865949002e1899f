import Testing

@testable import LibYAML

@Suite("A text that is no YAML document")
struct YAMLErrorTests {
    private func error(
        _ bytes: some Collection<UInt8>,
        aliases: YAMLNode.Aliases = .resolved,
        limits: YAMLLimits = YAMLLimits()
    ) -> YAMLError? {
        do {
            _ = try YAMLNode.document(in: bytes, aliases: aliases, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "is told apart by what is wrong, and where",
        arguments: [
            ("a: \"b\nc: d\n", "found unexpected end of stream", 3),
            ("a: 'b", "found unexpected end of stream", 1),
            ("a: b\n\tc: d\n", "found a tab character that violates indentation", 2),
            ("a: [b\nc: d\n", "did not find expected ',' or ']'", 2),
            ("a: {b\n", "did not find expected ',' or '}'", 2),
            ("a: b: c\n", "mapping values are not allowed in this context", 1),
            ("a: @b\n", "found character that cannot start any token", 1),
            ("a: %b\n", "found character that cannot start any token", 1),
            ("%\n", "could not find expected directive name", 1),
            ("%YAML 3.0\n---\n", "found incompatible YAML document", 1),
            ("%YAML 1.1\na: b\n", "did not find expected <document start>", 2),
            ("%TAG\n---\na\n", "did not find expected '!'", 1),
            ("a: !u!x b\n", "found undefined tag handle", 1),
            ("a: \"\\q\"\n", "found unknown escape character", 1),
            ("a: \"\\ud800\"\n", "found invalid Unicode character escape code", 1),
            ("a: \"\\U00110000\"\n", "found invalid Unicode character escape code", 1),
            ("a: *b\n", "found undefined alias", 1),
            ("a: &b [*b]\n", "found undefined alias", 1),
            ("a: &\n", "did not find expected alphabetic or numeric character", 1),
            ("- a\nb\n", "could not find expected ':'", 3),
        ]
    )
    func syntax(text: String, problem: String, line: Int) {
        for aliases in [YAMLNode.Aliases.resolved, .kept] {
            let error = error(text.utf8, aliases: aliases)
            #expect(error?.kind == .syntax)
            #expect(error?.problem == problem)
            #expect(error?.mark?.line == line)
        }
    }

    @Test("is not text: control characters, other encodings, broken UTF-8")
    func notText() {
        let cases: [([UInt8], Int?)] = [
            (Array("a: b\u{0}c".utf8), 0),
            (Array("a: \u{1}\n".utf8), 1),
            (Array("a: \u{7f}\n".utf8), 0x7f),
            (Array("a: \u{80}\n".utf8), 0x80),
            (Array("a: \u{fffe}\n".utf8), 0xfffe),
            ([0xff, 0xfe, 0x61, 0x00, 0x3a, 0x00], nil),
            ([0xfe, 0xff, 0x00, 0x61, 0x00, 0x3a], nil),
            ([0x61, 0x00, 0x3a, 0x00], 0),
            ([0x61, 0xff], nil),
            ([0x61, 0xc3], nil),
            ([0x61, 0xc0, 0x80], nil),
            ([0x61, 0xed, 0xa0, 0x80], nil),
            ([0x61, 0xf4, 0x90, 0x80, 0x80], nil),
            ([0x61, 0xf0, 0x9f, 0x98], nil),
        ]
        for (bytes, character) in cases {
            let error = error(bytes)
            guard case .notText(let found) = error?.kind else {
                Issue.record("\(bytes): \(String(describing: error))")
                continue
            }
            if let character { #expect(found == character) }
            #expect(error?.problem.isEmpty == false)
        }
    }

    @Test("has a second document", arguments: ["a\n---\nb\n", "a\n...\n---\n", "---\n---\n"])
    func secondDocument(text: String) {
        let error = error(text.utf8)
        #expect(error?.kind == .secondDocument)
        #expect(error?.mark != nil)
    }

    @Test(
        "has a key twice",
        arguments: [
            ("a: 1\nb: 2\na: 3\n", ["a"], 1),
            ("b: 1\na: 2\nb: 3\na: 4\n", ["a", "b"], 2),
            ("x: {c: 1, 'c': 2, c: 3}\n", ["c"], 1),
            ("'c': 1\n\"c\": 2\n", ["c"], 1),
            ("- 1\n- {? [a, b] : 1, ? ['x'] : 2, ? [a, b] : 3}\n", ["?"], 2),
            ("a: {? {k: v} : 1, ? {k: v} : 2}\n", ["?"], 1),
        ]
    )
    func duplicates(text: String, names: [String], line: Int) {
        let error = error(text.utf8)
        #expect(error?.kind == .duplicateKeys(names))
        #expect(error?.mark?.line == line)
    }

    @Test(
        "keys that only look alike are different ones",
        arguments: ["1: a\n'1': b\n", "on: a\n'on': b\n", "a: 1\nA: 2\n"]
    )
    func differentKeys(text: String) {
        #expect(error(text.utf8) == nil)
    }

    @Test(
        "is nested deeper than anybody writes",
        arguments: ["[", "{a: ", "- ", "? ", "[{a: ", "{? ", "- ? "]
    )
    func depth(step: String) {
        let error = error(String(repeating: step, count: 1_000_000 / step.utf8.count).utf8)
        #expect(error?.kind == .tooMuch)
        #expect(error?.problem == "more than 100 lists and mappings within each other")
    }

    @Test("may be nested as deep as the limit, with what aliases repeat")
    func depthLimit() {
        let limits = YAMLLimits(depth: 5)
        #expect(error("[[[[[a]]]]]".utf8, limits: limits) == nil)
        #expect(error("[[[[[[a]]]]]]".utf8, limits: limits)?.kind == .tooMuch)
        #expect(error("[&a [[[a]]], [*a]]".utf8, limits: limits) == nil)
        #expect(error("[&a [[[a]]], [[*a]]]".utf8, limits: limits)?.kind == .tooMuch)
        #expect(error("[&a [[[a]]], [[*a]]]".utf8, aliases: .kept, limits: limits) == nil)
    }

    @Test("grows without end by its aliases")
    func aliasBombs() {
        var lists = "a0: &a0 [x, x]\n"
        var keys = "a0: &a0 {? [x] : y}\n"
        for level in 1...40 {
            lists += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
            keys += "a\(level): &a\(level) {? *a\(level - 1) : *a\(level - 1), ? b : c}\n"
        }
        let text =
            "- &t '\(String(repeating: "x", count: 500_000))'\n"
            + String(repeating: "- {*t : 1, a: 2}\n", count: 10_000)
        for bomb in [lists, keys, text] {
            #expect(error(bomb.utf8, limits: YAMLLimits(nodes: 60_000))?.kind == .tooMuch)
            #expect(error(bomb.utf8, aliases: .kept) == nil)
        }
    }

    @Test("has keys within keys that are too many to compare")
    func nestedKeys() {
        let inner = "[\(String(repeating: "a, ", count: 1_000))]"
        let text = String(repeating: "{? ", count: 90) + inner + String(repeating: " : 1, b: 2}", count: 90)
        #expect(error(text.utf8) == nil)
        #expect(error(text.utf8, limits: YAMLLimits(nodes: 10_000))?.kind == .tooMuch)
    }

    @Test("has more values or bytes than the limit")
    func size() {
        #expect(error("[a, b, c]".utf8, limits: YAMLLimits(nodes: 4)) == nil)
        #expect(error("[a, b, c]".utf8, limits: YAMLLimits(nodes: 3))?.kind == .tooMuch)
        #expect(error("[a, b, c]".utf8, limits: YAMLLimits(bytes: 9)) == nil)
        #expect(error("[a, b, c]".utf8, limits: YAMLLimits(bytes: 8))?.problem == "more than 8 bytes")
        #expect(error([UInt8](repeating: 0x61, count: 5 << 20))?.kind == .tooMuch)
    }

    @Test("ends a parser for good, however often it is asked")
    func afterTheEnd() throws {
        let parser = YAMLParser("a: [".utf8)
        var problems: [String] = []
        for _ in 0..<20 {
            do {
                _ = try parser.next()
            } catch {
                problems.append(error.problem)
            }
        }
        #expect(problems.count > 10)
        #expect(problems.last == "nothing follows any more")
    }

    @Test("does not end the process, wherever it is cut off or damaged")
    func damage() {
        let text = Array(
            """
            %TAG ! tag:example.com,2000:
            --- # all that there is
            "listen": [ '0.0.0.0:443', "[::]:443\\u00e9\\x41\\U0001F600" ]
            tokens: &t
              - {name: ! x, hash: !!str sha256:0, ? [k] : ~}
              - |+2
                  text
              - >-
               folded

               text
            copy: *t
            é: \u{2028} 😀
            ...
            """.utf8
        )
        for end in text.indices {
            _ = error(text[..<end])
            for byte: UInt8 in [
                0x00, 0x09, 0x0a, 0x0d, 0x20, 0x21, 0x25, 0x26, 0x2a, 0x2d, 0x3a, 0x5b, 0x7b, 0x85, 0xc3, 0xff,
            ] {
                var damaged = text
                damaged[end] = byte
                _ = error(damaged)
                _ = error(damaged, aliases: .kept)
            }
        }
        #expect(error(text) == nil)
    }
}
