/// A list as people write it who do not know that YAML's has brackets: `traffic,online`, `traffic online`.
enum ListText {
    private static let mostShown = 6

    /// The list with its brackets; nil where the text may be something else, which is better not repeated.
    ///
    /// - Parameters:
    ///   - separators: What stands between the entries besides commas and spaces.
    ///   - accepts: Whether a text can be an entry.
    package static func meant(by text: String, separators: String = "", accepts: (String) -> Bool) -> String? {
        let inner = text.drop { "[ ".contains($0) }.reversed().drop { "] ".contains($0) }.reversed()
        let parts = String(inner).split { ",;| \t、，".contains($0) || separators.contains($0) }
        guard (1...mostShown).contains(parts.count),
            parts.allSatisfy({ $0.wholeMatch(of: /[A-Za-z0-9_.:\/@*+-]{1,48}/) != nil }),
            parts.allSatisfy({ accepts(String($0)) }), !Excerpt.mayBeSecret(text)
        else { return nil }
        return "[\(parts.map(quote).joined(separator: ", "))]"
    }

    private static func quote(_ part: Substring) -> String {
        part.contains(":") || part.first == "*" || part.first == "-" ? "\"\(part)\"" : String(part)
    }
}
