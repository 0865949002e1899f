/// Who shows proofs: the table that listeners answer from, its folder, and the command for DNS.
package protocol ProofPresenter: Sendable {
    /// Returns when each of these can be seen, also by who takes over after a crash. After an error nothing is shown.
    func show(_ proofs: [Proof]) async throws(ProofError)

    /// Takes them back. What was not shown is no mistake: a process before this one may have shown it.
    func hide(_ proofs: [Proof]) async

    /// How often each was asked for since it was shown, and from where, in words: "nobody asked for the proof".
    func askers(of proof: Proof) async -> String
}

/// Why a proof cannot be shown.
package struct ProofError: Error, Hashable, CustomStringConvertible {
    /// What failed, on which file or command, and what to do.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
