/// Something wrong, or worth a warning, in a configuration: where it is, what was found and what to do about it.
///
/// No problem ever quotes a secret or a token.
package struct ConfigurationProblem: Sendable, Hashable {
    /// The file, as the operator named it.
    package let file: String
    /// The line, counted from 1; nil where the whole file is meant.
    package let line: Int?
    /// The path of the key, such as `tokens[0].scopes`; nil where no key is meant.
    package let key: String?
    /// What was found.
    package let found: String
    /// What was expected instead.
    package let expected: String?
    /// The known word nearest to an unknown one.
    package let nearest: String?
    /// What to do about it, where that does not follow from the rest.
    package let advice: String?

    /// Makes a problem.
    package init(
        file: String,
        line: Int? = nil,
        key: String? = nil,
        found: String,
        expected: String? = nil,
        nearest: String? = nil,
        advice: String? = nil
    ) {
        self.file = file
        self.line = line
        self.key = key
        self.found = found
        self.expected = expected
        self.nearest = nearest
        self.advice = advice
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// All of it on one line: `config.yaml:12: limits.conections: unknown key; did you mean 'connections'?`
    package var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if let key { text += ": \(key)" }
        text += ": \(found)"
        if let nearest {
            text += "; did you mean '\(nearest)'?"
        } else if let expected {
            text += "; expected \(expected)"
        }
        if let advice { text += "; \(advice)" }
        return text
    }
}

/// Where in a configuration something is said.
package struct ConfigurationPlace: Sendable, Hashable {
    /// The file, as the operator named it.
    package let file: String
    /// The line, counted from 1.
    package let line: Int
    /// The path of the key, such as `certificates[0].key`; nil where no key is meant.
    package let key: String?
}
