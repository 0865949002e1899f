import COpenSSL

/// Whether each certificate of a chain is followed by the one of its issuer, and whether that one may issue it.
struct ChainInspection {
    typealias Finding = (kind: TLSIdentityProblem.Kind, position: Int)

    private(set) var problems: [Finding] = []

    /// - Parameter certificates: The leaf and what is sent along with it.
    init(_ certificates: [TLSCertificate]) {
        if certificates.count == 1, !certificates[0].isSelfSigned { problems.append((.lacksIssuer, 0)) }
        var authorities = 0
        for (position, issuer) in certificates.enumerated().dropFirst() {
            let issued = certificates[position - 1]
            if certificates[..<position].contains(issuer) {
                problems.append((.repeated, position))
            } else if issuer.subject != issued.issuer {
                problems.append((.outOfOrder(expected: issued.issuer), position))
            } else if !issued.isSigned(by: issuer) {
                problems.append((.wrongIssuerKey, position))
            } else {
                judge(issuer, position, authoritiesBelow: authorities)
            }
            // RFC 5280, 4.2.1.9: those that issued themselves do not count.
            if !issuer.isSelfSigned { authorities += 1 }
        }
    }

    /// Whether an authority may have issued what it issued. A root at the top is ignored by clients: they have their
    /// own copy of it or do not trust it.
    private mutating func judge(_ issuer: TLSCertificate, _ position: Int, authoritiesBelow: Int) {
        guard !issuer.isSelfSigned else { return }
        let mayIssue = X509_get_key_usage(issuer.pointer) & UInt32(KU_KEY_CERT_SIGN) != 0
        if !issuer.isCA || !mayIssue {
            problems.append((.issuerIsNoAuthority, position))
        } else if let limit = issuer.pathLimit, authoritiesBelow > limit {
            problems.append((.pathTooLong(limit: limit), position))
        } else if let identifier = issuer.unknownCriticalExtension {
            problems.append((.unknownCriticalExtension(identifier), position))
        } else if issuer.serverPurpose == .other {
            problems.append((.notForServers, position))
        }
    }
}
