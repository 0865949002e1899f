/// What is known of an account (`account.json`).
package struct AccountRecord: Hashable, Sendable {
    /// What signs requests as `kid`.
    package var url: String
    package var contact: [String]
    /// The terms that were agreed to, if the authority has any.
    package var terms: String?
    package var registeredAt: Int64
    /// When it was registered again, because the authority did not know it any more: once a day at most. 0 for never.
    package var repairedAt: Int64

    package init(
        url: String,
        contact: [String] = [],
        terms: String? = nil,
        registeredAt: Int64,
        repairedAt: Int64 = 0
    ) {
        self.url = url
        self.contact = contact
        self.terms = terms
        self.registeredAt = registeredAt
        self.repairedAt = repairedAt
    }
}
