/// A key that its mapping does not have, with what was probably meant.
struct UnknownKey {
    package let key: String
    package let mapping: YAMLValue
    package let known: [String]

    /// Notes it at its line.
    package func report(at line: Int) {
        let path = mapping.path(of: mapping.problems.keys.excerpt(of: key))
        let problems = mapping.problems
        // Nothing after the key's name is shown: it may be a secret.
        if let (name, mark) = glued {
            let place = mapping.path(of: name)
            if mark == "-" {
                problems.fail(line: line, key: place, "no space behind the dash", expected: "'- \(name): …'")
            } else {
                let lacking = mark == ":" ? "no space behind the colon" : "no colon behind '\(name)'"
                problems.fail(line: line, key: place, lacking, expected: "'\(name): …'")
            }
            return
        }
        let nearest = NearestWord.find(ConfusableCharacter.ordinary(key), among: known)
        if let confusable = ConfusableCharacter.first(in: key) {
            problems.fail(
                line: line,
                key: path,
                "unknown key with \(confusable.words)",
                nearest: nearest,
                advice: nearest == nil ? confusable.remedy : nil
            )
        } else if known.contains(where: { $0.lowercased() == nearest?.lowercased() }), isSpelling(of: nearest) {
            problems.fail(line: line, key: path, "unknown key", nearest: nearest)
        } else if let foreign = ForeignKeys.instead(of: mapping.path(of: key)) {
            problems.fail(line: line, key: path, foreign.what, expected: foreign.instead)
        } else if let place = problems.keys.words(of: key) {
            problems.fail(line: line, key: path, "this key is in the wrong place", expected: "it \(place)")
        } else {
            problems.fail(
                line: line,
                key: path,
                "unknown key",
                expected: "one of \(known.joined(separator: ", "))",
                nearest: nearest
            )
        }
    }

    /// A known key with its value stuck to it, or a dash: `secret:abc`, `secret=abc`, `-name`.
    private var glued: (name: String, mark: Character)? {
        if key.first == "-", known.contains(String(key.dropFirst())) { return (String(key.dropFirst()), "-") }
        guard let end = key.firstIndex(where: { ":= ".contains($0) }), let name = spelt(key[..<end]) else { return nil }
        let rest = key[end...].drop { $0 == " " }
        return (name, rest.first == "=" || rest.first == ":" ? rest.first ?? ":" : " ")
    }

    private func spelt(_ name: Substring) -> String? {
        known.contains(String(name))
            ? String(name) : mapping.problems.keys.all.contains(String(name)) ? String(name) : nil
    }

    /// Whether the nearest key differs in case, dashes and underscores only.
    private func isSpelling(of nearest: String?) -> Bool {
        func normal(_ word: String) -> String { word.lowercased().filter { $0 != "-" && $0 != "_" } }
        return nearest.map { normal($0) == normal(key) } ?? false
    }
}
