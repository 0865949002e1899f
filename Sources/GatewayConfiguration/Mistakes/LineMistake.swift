/// What is wrong with a line whatever stands around it.
enum LineMistake {
    private typealias Line = ConfigurationLines.Line
    typealias Finding = SyntaxMistake.Finding

    /// In the order in which one hides the next.
    private static let all: [@Sendable (ConfigurationLines.Line, KeyPlaces) -> Finding?] = [
        tab, confusable, bracketedAddress, noSpaceBehindColon, noColon, noSpaceBehindDash,
    ]

    package static func find(in line: ConfigurationLines.Line, _ keys: KeyPlaces) -> Finding? {
        line.content.isEmpty ? nil : all.lazy.compactMap { $0(line, keys) }.first
    }

    private static func tab(_ line: ConfigurationLines.Line, _ keys: KeyPlaces) -> Finding? {
        guard line.text.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") else { return nil }
        return Finding(line: line.number, found: "a tab before the first word", expected: "spaces")
    }

    private static func confusable(_ line: ConfigurationLines.Line, _ keys: KeyPlaces) -> Finding? {
        // Between ordinary quotes anything may stand.
        let outside = line.content.replacing(/"[^"]*"|'[^']*'/, with: "")
        guard let confusable = ConfusableCharacter.first(in: outside) else { return nil }
        return Finding(
            line: line.number,
            found: "\(confusable.words), outside of quotes",
            expected: confusable.expected
        )
    }

    private static func bracketedAddress(_ line: ConfigurationLines.Line, _ keys: KeyPlaces) -> Finding? {
        guard let match = line.content.firstMatch(of: /(?:^|[\s,\[])(\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]:[0-9]+)/) else {
            return nil
        }
        return Finding(
            line: line.number,
            found: "an address that begins with a bracket, which begins a list in YAML",
            expected: "it in quotes: \"\(match.1)\""
        )
    }

    private static func noSpaceBehindColon(_ line: ConfigurationLines.Line, _ keys: KeyPlaces) -> Finding? {
        guard let match = line.entry.prefixMatch(of: /([A-Za-z]+):[^\s:]/), keys.all.contains(String(match.1))
        else {
            return nil
        }
        return Finding(line: line.number, found: "no space behind '\(match.1):'", expected: "'\(match.1): …'")
    }

    private static func noColon(_ line: ConfigurationLines.Line, _ keys: KeyPlaces) -> Finding? {
        guard let match = line.entry.prefixMatch(of: /([A-Za-z]+)(?:\s*=|\s+[^\s:]|$)/),
            keys.all.contains(String(match.1))
        else { return nil }
        return Finding(line: line.number, found: "no colon behind '\(match.1)'", expected: "'\(match.1): …'")
    }

    private static func noSpaceBehindDash(_ line: ConfigurationLines.Line, _ keys: KeyPlaces) -> Finding? {
        guard let match = line.content.prefixMatch(of: /-([A-Za-z]+):/), keys.all.contains(String(match.1)) else {
            return nil
        }
        return Finding(line: line.number, found: "no space behind the dash", expected: "'- \(match.1): …'")
    }
}
