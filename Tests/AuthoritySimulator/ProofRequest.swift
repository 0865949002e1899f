/// What an authority asks for, to see that a name or an address is its client's.
struct ProofRequest: Sendable {
    /// The type of the challenge.
    let kind: String
    /// Without `*.`.
    let identifier: String
    let token: String
    let keyAuthorization: String
}

/// A proof that was asked for.
package struct SimulatedValidation: Sendable, Hashable {
    /// The type of the challenge.
    package let kind: String
    package let identifier: String
    /// What was found instead; nil where it was good.
    package let problem: SimulatedProblem?
}
