import COpenSSL

extension TLSIdentity {
    /// Makes a key on the curve P-256 and a certificate with which it is self-signed.
    ///
    /// For development and tests: no client trusts it unless it is told to.
    ///
    /// - Parameters:
    ///   - names: The host names (a wildcard for the first label is allowed) and IP addresses that it is for.
    ///   - commonName: What its subject is called; the first name where nothing is said.
    ///   - days: For how many days from now it is valid.
    ///   - source: What messages call it.
    public static func throwaway(
        names: [String],
        commonName: String? = nil,
        days: Int = 30,
        source: String = "the throwaway certificate"
    ) throws(TLSError) -> TLSIdentity {
        guard let firstName = names.first else {
            throw TLSError(.certificate, "a certificate needs at least one name")
        }
        let key = try PrivateKey.generateP256()
        let draft = try CertificateDraft(key: key)
        try draft.setSubject(commonName: commonName ?? firstName)
        // An hour back: clocks differ, and a certificate of the future looks like a broken one.
        try draft.setValidity(fromNow: -3600, untilNow: days * 86_400)
        try draft.add(NID_basic_constraints, "critical,CA:FALSE")
        try draft.add(NID_ext_key_usage, "serverAuth")
        try draft.add(NID_subject_alt_name, try alternativeNames(names))
        return TLSIdentity(
            leaf: try draft.signed(),
            chain: [],
            key: key,
            certificateSource: source,
            keySource: "the key of \(source)"
        )
    }

    /// The names in the notation of OpenSSL's configuration files.
    static func alternativeNames(_ names: [String]) throws(TLSError) -> String {
        var entries: [String] = []
        for name in names {
            if IPAddressText.isAddress(name) {
                entries.append("IP:\(name)")
                continue
            }
            // The notation has separators of its own, which a name must not reach.
            let isPlain = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "*"):
                    true
                default:
                    false
                }
            }
            guard isPlain, !name.isEmpty else {
                throw TLSError(.certificate, "'\(name)' is neither a host name nor an IP address")
            }
            entries.append("DNS:\(name)")
        }
        return entries.joined(separator: ",")
    }
}
