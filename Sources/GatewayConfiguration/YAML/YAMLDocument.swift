import LibYAML

/// Reads a file as one YAML document and finds what no configuration may contain, whatever its keys.
package struct YAMLDocument {
    /// The most bytes a configuration may have.
    package static let longest = 1 << 20

    /// The keys and values at the top.
    package let root: YAMLValue

    /// Reads the bytes of a file; notes what is wrong and gives nil where nothing can be read from it.
    package init?(_ bytes: [UInt8], problems: ProblemCollector) {
        guard var text = YAMLDocument.text(of: bytes, problems: problems) else { return nil }
        var duplicates = DuplicateKeys()
        while true {
            do {
                guard let node = try YAMLNode.document(in: text.utf8, aliases: .kept) else {
                    let isEmpty = text.allSatisfy(\.isWhitespace)
                    problems.fail(
                        isEmpty ? "the file is empty" : "the file has nothing but comments",
                        expected: "at least 'tokens' and 'hysteria' or 'upstream'"
                    )
                    return nil
                }
                let root = YAMLValue(node: node, line: node.mark.line, key: nil, problems: problems)
                duplicates.report(in: root)
                guard YAMLDocument.isPlain(root) else { return nil }
                if !root.isMapping,
                    let mistake = SyntaxMistake(noMappingIn: ConfigurationLines(text), keys: problems.keys)
                {
                    problems.fail(line: mistake.line, mistake.found, expected: mistake.expected, advice: mistake.advice)
                    return nil
                }
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
        if let mistake = EncodingMistake(bytes) {
            problems.fail(line: mistake.line, mistake.found, expected: mistake.expected, advice: mistake.advice)
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.unicodeScalars.first == "\u{FEFF}" else { return text }
        return String(text.unicodeScalars.dropFirst())
    }

    /// Anchors, aliases and tags make one text mean several things; a configuration has no use for them.
    private static func isPlain(_ value: YAMLValue) -> Bool {
        var plain = true
        if value.node.anchor != nil || value.node.isAlias {
            value.fail("an anchor or alias", expected: "the value written out, in quotes if it begins with '&' or '*'")
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
            // A tag of one's own is rather a password that begins with an exclamation mark.
            if tag.hasPrefix("tag:yaml.org,2002:") {
                value.fail("the tag \(Excerpt.quote(tag))", expected: "a value without a tag")
            } else {
                value.fail("a value that begins with '!'", expected: "it in quotes")
            }
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
                key: names.first.map(problems.keys.excerpt),
                "the key is given more than once",
                expected: "each key once"
            )
        case .syntax:
            let mistake = SyntaxMistake(error, in: ConfigurationLines(text), keys: problems.keys)
            problems.fail(line: mistake.line, mistake.found, expected: mistake.expected, advice: mistake.advice)
        case .notText(let character):
            let line = character.flatMap { character in
                ConfigurationLines(text).number { $0.unicodeScalars.contains { Int($0.value) == character } }
            }
            let scalar = character.flatMap { Unicode.Scalar(UInt32($0)) }
            problems.fail(
                line: line,
                "a character that no YAML file may have\(scalar.map { ", \(ConfusableCharacter.number($0))" } ?? "")",
                expected: "printable text",
                advice: "delete it, or retype the line"
            )
        case .tooMuch:
            problems.fail(line: line, error.problem)
        case .outOfMemory:
            problems.fail("not valid YAML: it cannot be read")
        }
    }
}
