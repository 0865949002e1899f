/// What is shown to an authority until its authorization has left `pending` (RFC 8555, 8.1): several of its servers ask for it, one
/// after another.
package struct Proof: Hashable, Sendable {
    /// What is proved: a name without `*.`, or an address.
    package let identifier: Identifier
    package let kind: ProofKind
    /// The token of the challenge: letters of base64url only, which are safe in paths.
    package let token: String
    /// `token.thumbprint`. A secret until the authority is told that it can ask.
    package let keyAuthorization: String

    package init(identifier: Identifier, kind: ProofKind, token: String, keyAuthorization: String) {
        self.identifier = identifier
        self.kind = kind
        self.token = token
        self.keyAuthorization = keyAuthorization
    }
}

extension Proof: CustomStringConvertible {
    /// Without the key authorization, so that no log has it.
    package var description: String { "\(kind.rawValue) for \(identifier.value)" }
}
