/// What became of attempts at one certificate with one authority (`attempts.json`): a restart begins where the process before it
/// stood, and no crash loop orders each time.
package struct AttemptHistory: Hashable, Sendable {
    package var identifiers: [Identifier]
    /// Of the settings that it happened with.
    package var settings: String
    /// Failed attempts since the last certificate.
    package var failures: Int
    /// Those of them that no proof was to blame for.
    package var authorityFailures: Int
    /// When attempts failed, the last few of them.
    package var failedAt: [Int64]
    /// The authority wants no order before this, and has said so.
    package var limitedUntil: Int64
    /// Nothing is ordered before this.
    package var next: Int64
    /// Whether only the operator or the authority can mend it.
    package var isDormant: Bool
    /// The last problem, in words, as it was logged.
    package var problem: String?
    /// When a validation failed last.
    package var validationFailedAt: Int64?
    /// How many proofs have been tried: the next attempt takes the next kind.
    package var proofTurn: Int
    /// When certificates came, for the brake; the last week's and the last one.
    package var issued: [Int64]

    package init(identifiers: [Identifier], settings: String = "") {
        self.identifiers = identifiers
        self.settings = settings
        failures = 0
        authorityFailures = 0
        failedAt = []
        limitedUntil = 0
        next = 0
        isDormant = false
        proofTurn = 0
        issued = []
    }
}
