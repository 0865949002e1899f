import LibYAML

/// What is wrong with a file that is no YAML: the mistake itself and its line, which the parser often passes.
struct SyntaxMistake {
    package let line: Int?
    package let found: String
    package let expected: String?
    package let advice: String?

    /// What a line has that explains an error.
    struct Finding {
        package let line: Int
        package let found: String
        package var expected: String?
        package var advice: String?
    }

    init(_ error: YAMLError, in lines: ConfigurationLines, keys: KeyPlaces) {
        let finding = SyntaxSearch(error, lines, keys).finding
        let number = finding?.line ?? error.mark.map { min($0.line, max(1, lines.all.count)) }
        line = number
        found = finding?.found ?? SyntaxMistake.words(of: error)
        expected = finding?.expected
        advice = SyntaxMistake.advice(finding, number.flatMap { lines[$0] }, keys)
    }

    /// For a file that is YAML, and yet no keys with values. Nil where nothing explains it.
    init?(noMappingIn lines: ConfigurationLines, keys: KeyPlaces) {
        guard let finding = lines.all.lazy.compactMap({ LineMistake.find(in: $0, keys) }).first else { return nil }
        line = finding.line
        found = finding.found
        expected = finding.expected
        advice = SyntaxMistake.advice(finding, lines[finding.line], keys)
    }

    private static func advice(_ finding: Finding?, _ line: ConfigurationLines.Line?, _ keys: KeyPlaces) -> String? {
        let shown = line.flatMap { SafeLine.quote($0, keys) }.map { "the line is \($0)" }
        let parts = [finding?.advice, shown].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The parser's words, where nothing better is known.
    private static func words(of error: YAMLError) -> String {
        "not valid YAML: \(error.problem)\(error.context.map { " \($0)" } ?? "")"
    }
}
