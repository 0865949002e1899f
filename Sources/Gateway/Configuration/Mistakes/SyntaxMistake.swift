import LibYAML

/// What is wrong with a file that is no YAML: the mistake itself and its line, which the parser often passes.
struct SyntaxMistake {
    let line: Int?
    let found: String
    let expected: String?
    let advice: String?

    /// What a line has that explains an error.
    struct Finding {
        let line: Int
        let found: String
        var expected: String?
        var advice: String?
    }

    init(_ error: YAMLError, in lines: ConfigurationLines) {
        let finding = SyntaxSearch(error, lines).finding
        let number = finding?.line ?? error.mark.map { min($0.line, max(1, lines.all.count)) }
        line = number
        found = finding?.found ?? SyntaxMistake.words(of: error)
        expected = finding?.expected
        advice = SyntaxMistake.advice(finding, number.flatMap { lines[$0] })
    }

    /// For a file that is YAML, and yet no keys with values. Nil where nothing explains it.
    init?(noMappingIn lines: ConfigurationLines) {
        guard let finding = lines.all.lazy.compactMap(LineMistake.find).first else { return nil }
        line = finding.line
        found = finding.found
        expected = finding.expected
        advice = SyntaxMistake.advice(finding, lines[finding.line])
    }

    private static func advice(_ finding: Finding?, _ line: ConfigurationLines.Line?) -> String? {
        let shown = line.flatMap(SafeLine.quote).map { "the line is \($0)" }
        let parts = [finding?.advice, shown].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The parser's words, where nothing better is known.
    private static func words(of error: YAMLError) -> String {
        "not valid YAML: \(error.problem)\(error.context.map { " \($0)" } ?? "")"
    }
}
