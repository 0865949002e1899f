import NIOOpenSSL

/// What has to be right about a certificate before any of it is written: an authority that sends another one, an expired one or half
/// a chain is asked again later, and what is in use stays.
package enum IssuedCertificateCheck {
    /// Nobody's chain is longer.
    static let chainLimit = 10

    /// How far ahead of this machine's clock an authority's may be.
    static let clockTolerance: Int64 = 3600

    /// Checks a chain in PEM form (RFC 8555, 9.1), the leaf first.
    package static func check(
        _ chain: [UInt8],
        key: [UInt8],
        identifiers: [Identifier],
        now: Int64
    ) throws(CertificateToolsError) -> IssuedCertificate {
        let identity: TLSIdentity
        do {
            identity = try TLSIdentity(certificateChainPEM: chain, privateKeyPEM: key)
        } catch {
            throw CertificateToolsError("what the authority sent is no certificate for the key of the order: \(error)")
        }
        let leaf = identity.leaf
        guard blocks(in: chain) == identity.certificates.count else {
            throw CertificateToolsError("the authority sent something else among the certificates")
        }
        guard identity.certificates.count <= chainLimit else {
            throw CertificateToolsError("the authority sent a chain of \(identity.certificates.count) certificates")
        }
        try checkNames(of: leaf, identifiers)
        try checkTime(of: identity.certificates, now)
        for problem in identity.problems(at: now) {
            guard let words = refusal(problem.kind) else { continue }
            throw CertificateToolsError(
                "the authority sent a chain that clients refuse: number \(problem.position + 1), \(problem.certificate), \(words)"
            )
        }
        return IssuedCertificate(
            serial: leaf.serial,
            certID: certID(of: leaf),
            notBefore: leaf.notBefore,
            notAfter: leaf.notAfter
        )
    }

    /// How renewal information is asked for (RFC 9773, 4.1).
    static func certID(of leaf: TLSCertificate) -> String? {
        guard let issuer = leaf.authorityKeyIdentifier, let serial = leaf.serialBytes else { return nil }
        return Base64URL.encode(issuer) + "." + Base64URL.encode(serial)
    }

    /// How many blocks begin. A private key among them would be taken for one's own by whoever reads both from one file.
    private static func blocks(in chain: [UInt8]) -> Int {
        String(decoding: chain, as: UTF8.self).ranges(of: "-----BEGIN ").count
    }

    private static func checkNames(of leaf: TLSCertificate, _ identifiers: [Identifier]) throws(CertificateToolsError) {
        let asked = Set(identifiers)
        let got = leaf.names.map { try? Identifier($0) }
        let isSame = Set(got.compactMap(\.self)) == asked && got.allSatisfy { $0 != nil }
        // An address among the host names has the same text, and no client accepts it.
        let isCovered = asked.allSatisfy { leaf.covers(name: $0.isWildcard ? "a." + $0.proved.value : $0.value) }
        guard isSame, isCovered else {
            throw CertificateToolsError(
                "the authority sent a certificate for \(leaf.names.joined(separator: ", ")), and "
                    + "\(identifiers.map(\.value).joined(separator: ", ")) was ordered"
            )
        }
    }

    private static func checkTime(of chain: [TLSCertificate], _ now: Int64) throws(CertificateToolsError) {
        for certificate in chain.prefix(2) {
            guard certificate.notBefore <= now + clockTolerance else {
                throw CertificateToolsError(
                    "the certificate of \(certificate) is valid only in \(certificate.notBefore - now) seconds: is the clock of this "
                        + "machine right?"
                )
            }
            guard certificate.notAfter > now else {
                throw CertificateToolsError(
                    "the certificate of \(certificate) expired \(now - certificate.notAfter) seconds ago: is the clock of this machine "
                        + "right?"
                )
            }
        }
    }

    /// Why a certificate with the problem is not taken into use; nil where it is. Time has been looked at, with a tolerance.
    private static func refusal(_ kind: TLSIdentityProblem.Kind) -> String? {
        switch kind {
        case .selfSigned: "is self-signed"
        case .lacksIssuer: "comes without the certificate of its issuer"
        case .outOfOrder(let expected): "is not that of \(expected), which issued the one before it"
        case .wrongIssuerKey: "has not signed the one before it"
        case .issuerIsNoAuthority: "is no authority's"
        case .pathTooLong(let limit): "may have \(limit) authorities below it, and has more"
        case .keyOfNobody: "has a key that no client supports"
        case .notForServers: "is not for servers"
        case .noSignatureUsage(isUsable: false): "has a key that may not sign"
        case .unknownCriticalExtension(let identifier): "has the critical extension \(identifier), which nobody knows"
        case .noNames: "has no alternative name"
        case .refused(let reason): "is refused: \(reason)"
        case .expired, .notYetValid, .repeated, .keyOfFew, .anyPurpose, .noPurpose, .noSignatureUsage(isUsable: true),
            .authorityAsLeaf, .uselessName, .mustStaple, .longLived, .strictlyRefused, .noCipher, .noCipherOfSchannel,
            .nameTaken:
            nil
        }
    }
}
