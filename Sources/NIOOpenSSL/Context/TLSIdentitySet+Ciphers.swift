import COpenSSL

extension TLSIdentitySet {
    /// What clients may stumble over: identity by identity, then between them, then with what is negotiated.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970.
    ///   - negotiation: What is negotiated.
    public func problems(at now: Int64, negotiation: TLSConfiguration) -> [TLSIdentityProblem] {
        problems(at: now) + cipherProblems(negotiation)
    }

    /// Identities for whose keys TLS 1.2 has no cipher, or none that an old client has. Of several for one name, one that
    /// is good is enough.
    public func cipherProblems(_ negotiation: TLSConfiguration) -> [TLSIdentityProblem] {
        guard negotiation.minimumVersion == .v1_2, let ciphers = Self.ciphers(of: negotiation) else { return [] }
        return groups.compactMap { group in
            let members = group.map { identities[$0] }
            let kinds = members.map { Self.problem($0.leaf, ciphers) }
            guard !kinds.contains(nil), let kind = kinds.first else { return nil }
            return kind.map { members[0].problem($0) }
        }
    }

    private typealias Cipher = (authentication: CInt, isAEAD: Bool)

    private static func problem(_ leaf: TLSCertificate, _ ciphers: [Cipher]) -> TLSIdentityProblem.Kind? {
        let isRSA = leaf.keyAlgorithm.hasPrefix("RSA")
        let own = ciphers.filter { $0.authentication == (isRSA ? NID_auth_rsa : NID_auth_ecdsa) }
        if own.isEmpty { return .noCipher }
        // Schannel has AEAD ciphers for RSA keys only from Windows 10 and Server 2016 on, unless without ECDHE.
        return isRSA && own.allSatisfy(\.isAEAD) ? .noCipherOfSchannel : nil
    }

    /// The ciphers of TLS 1.2; those of TLS 1.3 are for every key.
    private static func ciphers(of negotiation: TLSConfiguration) -> [Cipher]? {
        guard let context = try? TLSContext.client(trust: .unverified, configuration: negotiation),
            let ciphers = SSL_CTX_get_ciphers(context.pointer)
        else { return nil }
        return (0..<COpenSSL_sk_SSL_CIPHER_num(ciphers)).compactMap { index in
            guard let cipher = COpenSSL_sk_SSL_CIPHER_value(ciphers, index) else { return nil }
            let authentication = SSL_CIPHER_get_auth_nid(cipher)
            return authentication == NID_auth_any ? nil : (authentication, SSL_CIPHER_is_aead(cipher) == 1)
        }
    }
}
