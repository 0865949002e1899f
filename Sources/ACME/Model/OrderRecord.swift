/// An order that is under way (`order.json`): a crash loses neither it nor its certificate.
package struct OrderRecord: Hashable, Sendable {
    package var url: String
    package var identifiers: [Identifier]
    /// The account that ordered: another one cannot go on with it.
    package var account: String
    package var proof: ProofKind
    package var createdAt: Int64
    /// When the authority forgets it, if it said so.
    package var expires: Int64?
    /// The certificate that it replaces (RFC 9773, 5).
    package var replaces: String?

    package init(
        url: String,
        identifiers: [Identifier],
        account: String,
        proof: ProofKind,
        createdAt: Int64,
        expires: Int64? = nil,
        replaces: String? = nil
    ) {
        self.url = url
        self.identifiers = identifiers
        self.account = account
        self.proof = proof
        self.createdAt = createdAt
        self.expires = expires
        self.replaces = replaces
    }
}
