/// What is known of an account (`account.json`).
package struct AccountRecord: Hashable, Sendable {
    /// What signs requests as `kid`.
    package var url: String
    package var contact: [String]
    /// The terms that were agreed to, if the authority has any.
    package var terms: String?
    /// When the authority was last asked to register the key.
    package var registeredAt: Int64

    package init(url: String, contact: [String] = [], terms: String? = nil, registeredAt: Int64) {
        self.url = url
        self.contact = contact
        self.terms = terms
        self.registeredAt = registeredAt
    }
}
