import COpenSSL
import OpenSSLCrypto
import Text

/// The certificates of the simulator: a root, an authority under it, and what that issues.
final class CertificateIssuer {
    /// What is issued for a wish.
    struct Issued {
        let pem: String
        let certificateID: String
        let notBefore: Int64
        let notAfter: Int64
    }

    private let root: MintedCertificate
    private let intermediate: MintedCertificate
    /// An authority that issues nothing, for chains that do not fit.
    private let stranger: MintedCertificate
    private let rootKey: OpaquePointer
    private let key: OpaquePointer
    private var count = 0

    init(now: Int64) throws(MintingError) {
        guard let rootKey = COpenSSL_EVP_EC_gen("P-256"), let key = COpenSSL_EVP_EC_gen("P-256") else {
            throw MintingError()
        }
        self.rootKey = rootKey
        self.key = key
        root = try Self.authority("Simulated Root", key: rootKey, by: nil, rootKey, now)
        intermediate = try Self.authority("Simulated Authority", key: key, by: root, rootKey, now)
        stranger = try Self.authority("Simulated Stranger", key: rootKey, by: root, rootKey, now)
    }

    deinit {
        EVP_PKEY_free(rootKey)
        EVP_PKEY_free(key)
    }

    var rootPEM: String { root.pem }

    private static func authority(
        _ name: String,
        key: OpaquePointer,
        by issuer: MintedCertificate?,
        _ issuerKey: OpaquePointer,
        _ now: Int64
    ) throws(MintingError) -> MintedCertificate {
        let made = try MintedCertificate()
        try made.setSerial([1] + SecretBytes.random(7))
        try made.setSubject(name)
        try made.setValidity(from: now - 86_400, until: now + 3650 * 86_400)
        try MintedCertificate.require(X509_set_pubkey(made.pointer, key) == 1)
        try made.add(
            NID_basic_constraints,
            issuer == nil ? "critical,CA:TRUE" : "critical,CA:TRUE,pathlen:0",
            issuer: made
        )
        try made.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: made)
        try made.add(NID_subject_key_identifier, "hash", issuer: made)
        if let issuer { try made.add(NID_authority_key_identifier, "keyid:always", issuer: issuer) }
        try made.sign(as: issuer ?? made, key: issuerKey)
        return made
    }

    func issue(
        _ wish: CertificateWish,
        lifetime: Int64,
        now: Int64,
        fault: AuthorityBehaviour.CertificateFault
    ) throws(MintingError) -> Issued {
        var identifiers = wish.identifiers
        var wishedKey: OpaquePointer?
        // An hour back, as authorities do, so that clocks may differ.
        var (first, last) = (now - 3600, now - 3600 + lifetime - 1)
        switch fault {
        case .furtherName(let name): identifiers.append(name)
        case .otherNames(let names): identifiers = names
        case .wrongKey: wishedKey = COpenSSL_EVP_EC_gen("P-256")
        case .expired: (first, last) = (now - 2 * lifetime, now - lifetime)
        case .notYetValid: (first, last) = (now + 86_400, now + 86_400 + lifetime)
        case .none, .leafOnly, .foreignChain, .disordered, .tooLong: break
        }
        if wishedKey == nil {
            wishedKey = wish.key.withUnsafeBufferPointer { bytes in
                var start = bytes.baseAddress
                return d2i_PUBKEY(nil, &start, bytes.count)
            }
        }
        defer { EVP_PKEY_free(wishedKey) }

        let leaf = try MintedCertificate()
        count += 1
        // Every second one begins with a bit that makes DER put a zero before it (RFC 9773, 4.1).
        let serial = [count.isMultiple(of: 2) ? 0x7f : 0xa0] + SecretBytes.random(15)
        try leaf.setSerial(serial)
        try leaf.setValidity(from: first, until: last)
        try MintedCertificate.require(X509_set_pubkey(leaf.pointer, wishedKey) == 1)
        try leaf.add(NID_basic_constraints, "critical,CA:FALSE", issuer: intermediate)
        try leaf.add(NID_key_usage, "critical,digitalSignature", issuer: intermediate)
        try leaf.add(NID_ext_key_usage, "serverAuth", issuer: intermediate)
        try leaf.add(NID_authority_key_identifier, "keyid:always", issuer: intermediate)
        let names = identifiers.map { AddressText.bytes(of: $0) == nil ? "DNS:\($0)" : "IP:\($0)" }
        // There is no subject, so this is critical (RFC 5280, 4.2.1.6).
        try leaf.add(NID_subject_alt_name, "critical,\(names.joined(separator: ","))", issuer: intermediate)
        try leaf.sign(as: intermediate, key: key)

        let content = serial[0] >= 0x80 ? [0] + serial : serial
        return Issued(
            pem: chain(of: leaf, fault),
            certificateID:
                "\(Base64.encodeForURL(leaf.authorityKeyIdentifier)).\(Base64.encodeForURL(content))",
            notBefore: first,
            notAfter: last
        )
    }

    private func chain(of leaf: MintedCertificate, _ fault: AuthorityBehaviour.CertificateFault) -> String {
        switch fault {
        case .leafOnly: leaf.pem
        case .foreignChain: leaf.pem + stranger.pem
        case .disordered: intermediate.pem + leaf.pem
        case .tooLong(let count): leaf.pem + intermediate.pem + String(repeating: stranger.pem, count: count)
        default: leaf.pem + intermediate.pem
        }
    }
}
