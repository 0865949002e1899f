/// What an attempt begins with.
package struct IssuancePlan: Sendable {
    package var authority: AuthoritySettings
    package var identifiers: [Identifier]
    package var email: String?
    package var profile: ProfileRule
    /// The kinds that can be given, in their order.
    package var proofKinds: [ProofKind]
    /// How many kinds have failed: this attempt shows the next one.
    package var proofTurn: Int
    /// The certificate that the new one replaces (RFC 9773, 5), if it is from this authority and this account.
    package var replaces: String?
    package var account: AccountRecord?
    /// Of the account's key.
    package var thumbprint: String
    /// An order that was under way, and whose key is there.
    package var order: OrderRecord?
    /// When the certificate in use came: an older order has done its work.
    package var certificateIssuedAt: Int64

    package init(
        authority: AuthoritySettings,
        identifiers: [Identifier],
        email: String? = nil,
        profile: ProfileRule = .automatic,
        proofKinds: [ProofKind],
        proofTurn: Int = 0,
        replaces: String? = nil,
        account: AccountRecord? = nil,
        thumbprint: String,
        order: OrderRecord? = nil,
        certificateIssuedAt: Int64 = 0
    ) {
        self.authority = authority
        self.identifiers = identifiers
        self.email = email
        self.profile = profile
        self.proofKinds = proofKinds
        self.proofTurn = proofTurn
        self.replaces = replaces
        self.account = account
        self.thumbprint = thumbprint
        self.order = order
        self.certificateIssuedAt = certificateIssuedAt
    }

    /// The kinds that can prove an identifier, the one to show first in front.
    package func kinds(for identifier: Identifier) -> [ProofKind] {
        var kinds = proofKinds.filter { $0.canProve(identifier) }
        guard !kinds.isEmpty else { return [] }
        let turn = proofTurn % kinds.count
        kinds = Array(kinds[turn...] + kinds[..<turn])
        // An order that was under way goes on with what it began with.
        if let order, let index = kinds.firstIndex(of: order.proof) { kinds.insert(kinds.remove(at: index), at: 0) }
        return kinds
    }

    /// Whether the order that was under way can be gone on with.
    func canResume(_ order: OrderRecord, account: AccountRecord, now: Int64) -> Bool {
        order.account == account.url && Set(order.identifiers) == Set(identifiers)
            && order.createdAt > certificateIssuedAt && order.expires.map { $0 > now } != false
    }
}
