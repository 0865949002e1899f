/// What one check of a configuration found, on one line.
public struct CheckResult: Sendable, Hashable {
    /// How it went.
    public enum Verdict: String, Sendable, Hashable {
        /// All is well.
        case ok
        /// It works now and will stop working later.
        case warning
        /// `serve` would refuse it, or no caller would get an answer.
        case failure
    }

    /// How it went.
    public let verdict: Verdict
    /// What was found, and what to do about it.
    public let words: String

    /// Makes a result.
    public init(_ verdict: Verdict, _ words: String) {
        self.verdict = verdict
        self.words = words
    }

    static func ok(_ words: String) -> CheckResult { CheckResult(.ok, words) }
    static func warning(_ words: String) -> CheckResult { CheckResult(.warning, words) }
    static func failure(_ words: String) -> CheckResult { CheckResult(.failure, words) }
}

extension CheckResult: CustomStringConvertible {
    /// The verdict and the words, aligned with those of other results.
    public var description: String {
        let label = verdict.rawValue
        return label + String(repeating: " ", count: 9 - label.utf8.count) + words
    }
}
