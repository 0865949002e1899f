import JSON

/// An order as an authority describes it (RFC 8555, 7.1.3).
package struct Order: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        /// Something is to be proved. → ready, invalid
        case pending
        /// All is proved. → processing, valid, invalid
        case ready
        /// The certificate is made. → valid, invalid
        case processing
        /// There is a certificate.
        case valid
        /// Nothing will come of it.
        case invalid
    }

    package let status: Status
    package let identifiers: [Identifier]
    package let authorizations: [String]
    package let finalize: String
    package let certificate: String?
    package let expires: Int64?
    package let problem: AuthorityProblem?

    package init(_ json: JSONValue) throws(DocumentError) {
        guard let status = json["status"]?.string.flatMap(Status.init) else {
            throw DocumentError("the authority's order has a status that is not known")
        }
        guard let identifiers = json["identifiers"]?.identifiers else {
            throw DocumentError("the authority's order has identifiers that are none")
        }
        let authorizations = (json["authorizations"]?.array ?? []).map { $0.string }
        guard authorizations.count <= 1000, authorizations.allSatisfy({ AuthorityURL.usable($0) != nil }) else {
            throw DocumentError("the authority's order has authorizations that are no https URLs")
        }
        self.status = status
        self.identifiers = identifiers
        self.authorizations = authorizations.compactMap(\.self)
        finalize = try json.url("finalize", of: "order")
        certificate = AuthorityURL.usable(json["certificate"]?.string)
        expires = json.moment("expires")
        problem = json["error"].map { AuthorityProblem($0) }
    }
}
