import JSON

/// An authorization as an authority describes it (RFC 8555, 7.1.4): what proves one name.
package struct Authorization: Hashable, Sendable {
    package let identifier: Identifier
    /// `pending`, `valid`, `invalid`, `deactivated`, `expired` or `revoked`.
    package let status: String
    /// Those of a kind that is known here; others are for other clients, and need not even have a token.
    package let challenges: [Challenge]
    package let isWildcard: Bool

    package init(_ json: JSONValue) throws(DocumentError) {
        guard let type = json["identifier"]?["type"]?.string, let value = json["identifier"]?["value"]?.string,
            let identifier = Identifier(type: type, value: value)
        else { throw DocumentError("the authority's authorization has no identifier that is known") }
        guard let status = json["status"]?.string else {
            throw DocumentError("the authority's authorization has no status")
        }
        self.identifier = identifier
        self.status = status.asLine
        challenges = (json["challenges"]?.array ?? []).prefix(100).compactMap(Challenge.init)
        isWildcard = json["wildcard"]?.bool ?? false
    }

    /// Why it is invalid, by the challenge that failed.
    package var problem: AuthorityProblem? { challenges.lazy.compactMap(\.problem).first }
}
