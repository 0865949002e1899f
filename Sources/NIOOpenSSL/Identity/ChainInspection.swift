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

/// What OpenSSL says of a chain as a client that trusts its last certificate: whatever no rule of its own is written for,
/// such as name constraints, key identifiers that do not fit and explicit curve parameters.
///
/// Time and purposes are left out: they are told in words of their own.
struct ChainVerdict {
    private(set) var problems: [ChainInspection.Finding] = []

    init(_ certificates: [TLSCertificate]) {
        if let (reason, position) = Self.refusal(of: certificates, flags: 0) {
            problems = [(.refused(reason), position)]
        } else if !certificates[0].isSelfSigned,
            let (reason, position) = Self.refusal(of: certificates, flags: UInt(X509_V_FLAG_X509_STRICT))
        {
            problems = [(.strictlyRefused(reason), position)]
        }
    }

    private static func refusal(of certificates: [TLSCertificate], flags: UInt) -> (reason: String, position: Int)? {
        OpenSSLErrorQueue.clear()
        defer { OpenSSLErrorQueue.clear() }
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let others = COpenSSL_sk_X509_new(),
            let anchor = certificates.last
        else { return nil }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            COpenSSL_sk_X509_free(others)
        }
        for certificate in certificates.dropFirst() where COpenSSL_sk_X509_push(others, certificate.pointer) <= 0 {
            return nil
        }
        guard X509_STORE_add_cert(store, anchor.pointer) == 1,
            X509_STORE_CTX_init(context, store, certificates[0].pointer, others) == 1
        else { return nil }
        X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME) | flags)
        guard X509_verify_cert(context) != 1 else { return nil }
        let error = X509_STORE_CTX_get_error(context)
        let position = Int(X509_STORE_CTX_get_error_depth(context))
        return (
            X509_verify_cert_error_string(Int(error)).map { String(cString: $0) } ?? "error \(error)",
            min(max(position, 0), certificates.count - 1)
        )
    }
}
