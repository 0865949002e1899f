import JSON

/// A challenge of a kind that is known here (RFC 8555, 7.1.5).
package struct Challenge: Hashable, Sendable {
    package let kind: ProofKind
    package let url: String
    package let token: String
    /// `pending`, `processing`, `valid` or `invalid`.
    package let status: String
    package let problem: AuthorityProblem?

    /// RFC 8555 has 128 bits at least; no authority has more than a line of them.
    private static let tokenLimit = 256

    /// Nil for what is of another kind, or unfit to be used: its token goes into paths and names of files.
    package init?(_ json: JSONValue) {
        guard let kind = json["type"]?.string.flatMap(ProofKind.init),
            let url = AuthorityURL.usable(json["url"]?.string),
            let token = json["token"]?.string, Base64URL.isValid(token, upTo: Self.tokenLimit)
        else { return nil }
        self.kind = kind
        self.url = url
        self.token = token
        status = json["status"]?.string?.asLine ?? "pending"
        problem = json["error"].map { AuthorityProblem($0) }
    }
}
