import Yams

/// Reads a file as one YAML document and finds what no configuration may contain, whatever its keys.
struct YAMLDocument {
    /// The most bytes a configuration may have.
    static let longest = 1 << 20

    /// The keys and values at the top.
    let root: YAMLValue

    /// Reads the bytes of a file; notes what is wrong and gives nil where nothing can be read from it.
    init?(_ bytes: [UInt8], problems: ProblemCollector) {
        guard var text = YAMLDocument.text(of: bytes, problems: problems) else { return nil }
        var duplicates = DuplicateKeys()
        while true {
            do {
                // The parser is kept while its nodes are looked at: they refer to their anchors weakly.
                let parser = try Parser(yaml: text)
                guard let node = try parser.singleRoot() else {
                    problems.fail("the file is empty", expected: "at least 'tokens' and 'hysteria' or 'upstream'")
                    return nil
                }
                let root = YAMLValue(node: node, line: node.mark?.line ?? 1, key: nil, problems: problems)
                duplicates.report(in: root)
                guard withExtendedLifetime(parser, { YAMLDocument.isPlain(root) }) else { return nil }
                self.root = root
                return
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                guard let name = names.first, duplicates.rename(name, at: context.mark, in: &text) else {
                    problems.fail(
                        line: context.mark.line,
                        key: names.first,
                        "the key is given more than once",
                        expected: "each key once"
                    )
                    return nil
                }
            } catch {
                YAMLDocument.report(error, in: text, to: problems)
                return nil
            }
        }
    }

    private static func text(of bytes: [UInt8], problems: ProblemCollector) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
            problems.fail(line: bad.map { $0 + 1 }, "bytes that are not UTF-8", expected: "a text file in UTF-8")
            return nil
        }
        guard text.unicodeScalars.first == "\u{FEFF}" else { return text }
        return String(text.unicodeScalars.dropFirst())
    }

    /// Anchors, aliases and tags make one text mean several things; a configuration has no use for them.
    private static func isPlain(_ value: YAMLValue) -> Bool {
        var plain = true
        if value.node.anchor != nil {
            value.fail("an anchor or alias", expected: "the value written out")
            return false
        }
        if let tag = value.explicitTag {
            value.fail("the tag \(Excerpt.quote(tag))", expected: "a value without a tag")
            plain = false
        }
        for child in value.children where !isPlain(child) { plain = false }
        return plain
    }

    /// Says what is wrong without showing the line, which may hold a secret.
    private static func report(_ error: any Error, in text: String, to problems: ProblemCollector) {
        switch error as? YamlError {
        case .scanner(let context, let words, let mark, _), .parser(let context, let words, let mark, _),
            .composer(let context, let words, let mark, _):
            if words.contains("another document") {
                problems.fail(line: mark.line, "a second document begins", expected: "one document")
                return
            }
            let during = context.map { " \($0.text)" } ?? ""
            problems.fail(
                line: mark.line,
                "not valid YAML: \(words)\(during)",
                advice: hint(for: mark.line, in: text)
            )
        case .reader(let words, _, let value, _):
            let scalar = UInt32(exactly: value)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.unicodeScalars.contains { $0.value == scalar } }
            problems.fail(
                line: line.map { $0 + 1 },
                "not valid YAML: \(words) (character \(value))",
                expected: "printable text"
            )
        default:
            problems.fail("not valid YAML: it cannot be read")
        }
    }

    /// What is most often behind an error in such a line.
    private static func hint(for number: Int, in text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // The parser often notices on the line after.
        let near = lines.indices.contains(number - 1) ? lines[max(0, number - 2)...(number - 1)] : []
        if near.contains(where: { $0.hasPrefix("\t") || $0.contains(" \t") }) { return "indent with spaces, not tabs" }
        if near.contains(where: { $0.contains(": [::") || $0.contains("- [::") }) {
            return "put an address that begins with a bracket in quotes"
        }
        return nil
    }
}
