/// What was found out beforehand of what an authority will find, on one line. It is advice: whether anything is ordered does not depend on
/// it, as the authority looks from another place.
package struct SurveyFinding: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable {
        /// As it has to be.
        case ok
        /// It may be in the way, or could not be found out.
        case warning
        /// With this, no certificate comes.
        case failure
    }

    package let verdict: Verdict
    /// What was found, and what to do about it.
    package let words: String

    package init(_ verdict: Verdict, _ words: String) {
        self.verdict = verdict
        self.words = words
    }

    static func ok(_ words: String) -> SurveyFinding { SurveyFinding(.ok, words) }
    static func warning(_ words: String) -> SurveyFinding { SurveyFinding(.warning, words) }
    static func failure(_ words: String) -> SurveyFinding { SurveyFinding(.failure, words) }
}
