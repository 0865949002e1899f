import LibYAML
import Testing

@Suite("A YAML document")
struct YAMLNodeTests {
    /// A node in short: its content, with marks, styles and tags where they are asked for.
    private func shown(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): "\(scalar.style)(\(scalar.string))"
        case .sequence(let nodes): "[\(nodes.map(shown).joined(separator: ", "))]"
        case .mapping(let pairs):
            "{\(pairs.map { "\(shown($0.key)): \(shown($0.value))" }.joined(separator: ", "))}"
        case .alias(let name): "*\(name)"
        }
    }

    private func pairs(_ text: String, aliases: YAMLNode.Aliases = .resolved) throws -> [YAMLNode.Pair] {
        let node = try #require(try YAMLNode.document(in: text.utf8, aliases: aliases))
        guard case .mapping(let pairs) = node.content else { return [] }
        return pairs
    }

    @Test(
        "keeps the order and the style of its values",
        arguments: [
            (
                "a: 1\nb: '2'\nc: \"3\\n\"",
                "{plain(a): plain(1), plain(b): singleQuoted(2), plain(c): doubleQuoted(3\n)}"
            ),
            ("z: |\n  x\n  y\na: >-\n  x\n  y\n", "{plain(z): literal(x\ny\n), plain(a): folded(x y)}"),
            ("- a\n- [b, {c: d}]\n- - e\n", "[plain(a), [plain(b), {plain(c): plain(d)}], [plain(e)]]"),
            ("a:\nb: ~\n", "{plain(a): plain(), plain(b): plain(~)}"),
            ("{\"a\":\t\"\\u00e9\\0\"}", "{doubleQuoted(a): doubleQuoted(é\u{0})}"),
            ("--- 😀\n...\n", "plain(😀)"),
            ("---\n", "plain()"),
            ("%YAML 1.1\n---\na\n", "plain(a)"),
            ("[]", "[]"), ("{}", "{}"),
            ("\u{feff}a: \u{feff}b\n", "{plain(a): plain(\u{feff}b)}"),
            ("? [a, b]\n: c\n", "{[plain(a), plain(b)]: plain(c)}"),
            ("<<: {a: b}\n", "{plain(<<): {plain(a): plain(b)}}"),
        ]
    )
    func content(text: String, expected: String) throws {
        #expect(try YAMLNode.document(in: text.utf8).map(shown) == expected)
    }

    @Test("is none where nothing is written", arguments: ["", "\n\n", "# a comment\n", "   "])
    func empty(text: String) throws {
        #expect(try YAMLNode.document(in: text.utf8).map(shown) == nil)
    }

    @Test("knows the line and column of each value, counted in Unicode scalars")
    func marks() throws {
        let pairs = try pairs("# é\n\"é😀\": x\nb:\n  - 1\n  -   2\n")
        #expect(pairs[0].key.mark == YAMLMark(line: 2, column: 1))
        #expect(pairs[0].value.mark == YAMLMark(line: 2, column: 7))
        #expect(pairs[1].value.mark == YAMLMark(line: 4, column: 3))
        guard case .sequence(let nodes) = pairs[1].value.content else {
            Issue.record("no list")
            return
        }
        #expect(nodes.map(\.mark) == [YAMLMark(line: 4, column: 5), YAMLMark(line: 5, column: 7)])
    }

    @Test("says which tags are written, and what is a text because of its quotes")
    func tags() throws {
        let pairs = try pairs("a: 1\nb: '1'\nc: !!int '1'\nd: !mine {}\ne: ! 1\nf: !!seq []\ng: |\n  1\n")
        let tags = pairs.map(\.value.tag.rawValue)
        #expect(
            tags == [
                "", "tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "!mine", "!", "tag:yaml.org,2002:seq",
                "tag:yaml.org,2002:str",
            ]
        )
        #expect(pairs[0].value.resolvedTag == .int)
        #expect(pairs[1].value.resolvedTag == .str)
        #expect(pairs[3].value.resolvedTag.rawValue == "!mine")
        #expect(pairs[4].value.resolvedTag == .str)
        #expect(pairs[5].value.resolvedTag == .seq)
    }

    @Test("resolves an alias to what its anchor stood for last")
    func aliases() throws {
        let pairs = try pairs("a: &x [1, &y 2]\nb: *x\nc: &x {k: *y}\nd: *x\n*y : e\n")
        #expect(shown(pairs[1].value) == "[plain(1), plain(2)]")
        #expect(pairs[1].value.mark == pairs[0].value.mark)
        #expect(pairs[1].value.anchor == "x")
        #expect(shown(pairs[3].value) == "{plain(k): plain(2)}")
        #expect(shown(pairs[4].key) == "plain(2)")
    }

    @Test("keeps aliases where that is wanted, at their own place")
    func keptAliases() throws {
        let pairs = try pairs("a: &x [1]\nb: *x\n", aliases: .kept)
        #expect(shown(pairs[1].value) == "*x")
        #expect(pairs[1].value.isAlias)
        #expect(pairs[1].value.mark == YAMLMark(line: 2, column: 4))
        #expect(!pairs[0].value.isAlias && pairs[0].value.anchor == "x")
    }
}
