/// All that a server proves itself with: at least one identity, chosen by the name that a client asks for (SNI).
///
/// The identity for the literal name comes first, then the one with a wildcard for its first label, then the first of the
/// set, which is also for clients that ask for no name. Of several identities for one name with keys of different
/// algorithms, such as ECDSA and RSA, a client gets the one that it can verify. Names are those of the leaf's subject
/// alternative names, and case does not matter.
public struct TLSIdentitySet: Sendable {
    /// The identities, the one for unknown names first.
    public let identities: [TLSIdentity]

    /// The identities that can be presented together, by their indices: one for each algorithm. The first group is for
    /// unknown names.
    let groups: [[Int]]

    /// The groups by name.
    let names: ServerNameTable

    /// Names that more than one identity with a key of the same algorithm is for.
    public let conflicts: [TLSIdentityProblem]

    /// Makes a set and verifies it as a whole.
    ///
    /// - Throws: If there is no identity, or a key is not that of its certificate.
    public init(_ identities: [TLSIdentity]) throws(TLSError) {
        guard !identities.isEmpty else {
            throw TLSError(.configuration, "a server needs at least one certificate")
        }
        for identity in identities {
            try identity.verifyKeyMatches()
        }
        let claims = TLSNameClaims(identities)
        self.identities = identities
        groups = claims.groups
        names = ServerNameTable(claims.names)
        conflicts = claims.conflicts
    }

    /// Whether any of the identities is for `name`; see ``TLSCertificate/covers(name:)``.
    public func covers(name: String) -> Bool {
        identities.contains { $0.leaf.covers(name: name) }
    }

    /// What clients may stumble over: identity by identity, then between them.
    ///
    /// - Parameter now: Seconds since 1970.
    public func problems(at now: Int64) -> [TLSIdentityProblem] {
        identities.flatMap { $0.problems(at: now) } + conflicts
    }
}

extension TLSIdentitySet: CustomStringConvertible {
    /// The identities, without their keys.
    public var description: String {
        identities.map(\.description).joined(separator: "; ")
    }
}
