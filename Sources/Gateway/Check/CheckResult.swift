/// What one check of a configuration found, on one line.
package struct CheckResult: Sendable, Hashable {
    /// How it went.
    package enum Verdict: String, Sendable, Hashable {
        /// All is well.
        case ok
        /// It works now and will stop working later.
        case warning
        /// `serve` would refuse it, or no caller would get an answer.
        case failure
    }

    /// How it went.
    package let verdict: Verdict
    /// What was found, and what to do about it.
    package let words: String

    /// Makes a result.
    package init(_ verdict: Verdict, _ words: String) {
        self.verdict = verdict
        self.words = words
    }

    static func ok(_ words: String) -> CheckResult { CheckResult(.ok, words) }
    static func warning(_ words: String) -> CheckResult { CheckResult(.warning, words) }
    static func failure(_ words: String) -> CheckResult { CheckResult(.failure, words) }
}

extension CheckResult: CustomStringConvertible {
    /// The verdict and the words, aligned with those of other results.
    package var description: String {
        let label = verdict.rawValue
        return label + String(repeating: " ", count: 9 - label.utf8.count) + words
    }
}
