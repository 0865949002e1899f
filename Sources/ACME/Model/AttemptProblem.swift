/// Why an attempt came to nothing, and what follows from it.
package struct AttemptProblem: Error, Hashable, Sendable {
    package enum Consequence: Hashable, Sendable {
        /// The authority could not be reached, or did not answer: nothing was counted against anybody.
        case unreached
        /// Something failed that may work the next time: on the authority's side or on ours.
        case failed
        /// The proof was not seen, or not accepted: the next attempt shows another kind.
        case validation
        /// The proof could not be shown, and the authority was not told to look: the next attempt shows another kind.
        case unproved
        /// A certificate came that is not to be used. It counts as one all the same.
        case refused
        /// The domain's CAA records do not allow it.
        case caa
        /// The authority has had enough for so many seconds. No failure.
        case limited(Int64)
        /// Only the operator or the authority can mend it.
        case dormant
    }

    package let consequence: Consequence
    /// The authority's name for it, such as `rateLimited`; nil if it is ours.
    package let type: String?
    /// What failed and what to do. One line.
    package let words: String

    package init(_ consequence: Consequence, type: String? = nil, _ words: String) {
        self.consequence = consequence
        self.type = type
        self.words = words
    }
}

/// What became of an attempt.
package enum AttemptOutcome: Hashable, Sendable {
    /// A certificate is in use.
    case obtained(CertificateRecord)
    /// The authority needs longer than anybody wants to wait. The order is kept, to be looked at again.
    case left(since: Int64)
    case failed(AttemptProblem)
    /// The process ends, or the settings changed. The order is kept.
    case stopped
}
