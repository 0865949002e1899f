import LibYAML

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
                guard let node = try YAMLNode.document(in: text.utf8, aliases: .kept) else {
                    problems.fail("the file is empty", expected: "at least 'tokens' and 'hysteria' or 'upstream'")
                    return nil
                }
                let root = YAMLValue(node: node, line: node.mark.line, key: nil, problems: problems)
                duplicates.report(in: root)
                guard YAMLDocument.isPlain(root) else { return nil }
                self.root = root
                return
            } catch {
                if case .duplicateKeys(let names) = error.kind, let name = names.first, let mark = error.mark,
                    duplicates.rename(name, at: mark, in: &text)
                {
                    continue
                }
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
        if value.node.anchor != nil || value.node.isAlias {
            value.fail("an anchor or alias", expected: "the value written out")
            return false
        }
        if case .mapping(let pairs) = value.node.content, let pair = pairs.first(where: \.key.isAlias) {
            value.problems.fail(
                line: pair.key.mark.line,
                key: value.key,
                "an anchor or alias",
                expected: "the key written out"
            )
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
    private static func report(_ error: YAMLError, in text: String, to problems: ProblemCollector) {
        let line = error.mark?.line
        switch error.kind {
        case .secondDocument:
            problems.fail(line: line, "a second document begins", expected: "one document")
        case .duplicateKeys(let names):
            problems.fail(
                line: line,
                key: names.first,
                "the key is given more than once",
                expected: "each key once"
            )
        case .syntax:
            let during = error.context.map { " \($0)" } ?? ""
            problems.fail(
                line: line,
                "not valid YAML: \(error.problem)\(during)",
                advice: line.flatMap { hint(for: $0, in: text) }
            )
        case .notText(let character):
            let line = text.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.unicodeScalars.contains { Int($0.value) == character } }
            problems.fail(
                line: line.map { $0 + 1 },
                "not valid YAML: \(error.problem) (character \(character ?? -1))",
                expected: "printable text"
            )
        case .tooMuch:
            problems.fail(line: line, error.problem)
        case .outOfMemory:
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
