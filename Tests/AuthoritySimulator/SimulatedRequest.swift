import JSON

/// A request as the simulator noted it.
package struct SimulatedRequest: Sendable {
    package let endpoint: AuthorityFault.Endpoint
    package let method: String
    package let path: String
    /// The seconds since 1970, by the simulator's clock.
    package let time: Int64
    /// The payload of a signed request; nil for the empty one and for what is not signed.
    package var payload: JSONValue?
    /// The URL of the account that signed it.
    package var account: String?
    /// The status of the answer; nil where none was sent.
    package var status: Int?
    /// The type of the problem, without its prefix.
    package var problem: String?
}

/// A certificate that the simulator issued.
package struct SimulatedCertificate: Sendable {
    /// Names and addresses, sorted.
    package let identifiers: [String]
    package let account: String
    package let profile: String?
    /// As in RFC 9773, 4.1.
    package let certificateID: String
    /// The certificate that it replaces.
    package let replaces: String?
    package let notBefore: Int64
    package let notAfter: Int64
    package var isRevoked = false
    /// The seconds since 1970 when it was issued.
    package let time: Int64
    /// Leaf first.
    package let pem: String
    /// SubjectPublicKeyInfo, as the request had it.
    let key: [UInt8]
}
