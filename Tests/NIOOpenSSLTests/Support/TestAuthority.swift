import COpenSSL
import NIOOpenSSL
import Testing

/// A certificate authority that vouches for the clients of tests, and takes it back.
final class TestAuthority {
    private let certificate: OpaquePointer
    private let key: OpaquePointer
    private let isRoot: Bool
    private var issued = 1

    /// A root, or an authority under `parent`.
    init(name: String, under parent: TestAuthority? = nil, days: Int = 30) throws {
        isRoot = parent == nil
        key = try #require(COpenSSL_EVP_EC_gen("P-256"))
        certificate = try Self.make(name: name, key: key, serial: 1, days: days)
        try Self.add(NID_basic_constraints, "critical,CA:TRUE", to: certificate)
        try Self.add(NID_key_usage, "critical,keyCertSign,cRLSign", to: certificate)
        let issuer = parent?.certificate ?? certificate
        try #require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1)
        try #require(X509_sign(certificate, parent?.key ?? key, EVP_sha256()) > 0)
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// The authority's own certificate.
    func pem() throws -> [UInt8] {
        try Self.pem { PEM_write_bio_X509($0, certificate) }
    }

    /// A certificate with its key, and with the authority's behind it unless that is a root. Serial numbers count from 2.
    func issue(_ name: String, days: Int = 10, usage: String = "clientAuth") throws -> TLSIdentity {
        issued += 1
        let key = try #require(COpenSSL_EVP_EC_gen("P-256"))
        defer { EVP_PKEY_free(key) }
        let leaf = try Self.make(name: name, key: key, serial: issued, days: days)
        defer { X509_free(leaf) }
        try Self.add(NID_ext_key_usage, usage, to: leaf)
        try #require(X509_set_issuer_name(leaf, X509_get_subject_name(certificate)) == 1)
        try #require(X509_sign(leaf, self.key, EVP_sha256()) > 0)
        return try TLSIdentity(
            certificateChainPEM: Self.pem { PEM_write_bio_X509($0, leaf) } + (isRoot ? [] : pem()),
            privateKeyPEM: Self.pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
        )
    }

    /// A list of the serial numbers that the authority does not vouch for any more.
    func revocationList(_ serials: [Int], from start: Int = -20, days: Int = 10) throws -> [UInt8] {
        let list = try #require(X509_CRL_new())
        defer { X509_CRL_free(list) }
        try #require(X509_CRL_set_version(list, 1) == 1)
        try #require(X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate)) == 1)
        let (from, until) = (ASN1_TIME_new(), ASN1_TIME_new())
        defer {
            ASN1_TIME_free(from)
            ASN1_TIME_free(until)
        }
        X509_gmtime_adj(from, start * 86_400)
        X509_gmtime_adj(until, days * 86_400)
        try #require(X509_CRL_set1_lastUpdate(list, from) == 1)
        try #require(X509_CRL_set1_nextUpdate(list, until) == 1)
        for serial in serials {
            let entry = try #require(X509_REVOKED_new())
            let number = ASN1_INTEGER_new()
            defer { ASN1_INTEGER_free(number) }
            ASN1_INTEGER_set_uint64(number, UInt64(serial))
            try #require(X509_REVOKED_set_serialNumber(entry, number) == 1)
            try #require(X509_REVOKED_set_revocationDate(entry, from) == 1)
            // Takes the entry over.
            try #require(X509_CRL_add0_revoked(list, entry) == 1)
        }
        try #require(X509_CRL_sign(list, key, EVP_sha256()) > 0)
        return try Self.pem { PEM_write_bio_X509_CRL($0, list) }
    }

    /// The certificate and the lists as a server takes them.
    func verification(revoking lists: [[UInt8]] = [], isRequired: Bool = true) throws -> TLSClientVerification {
        try Self.verification(trusting: [pem()], revoking: lists, isRequired: isRequired)
    }

    static func verification(
        trusting authorities: [[UInt8]],
        revoking lists: [[UInt8]] = [],
        isRequired: Bool = true
    ) throws -> TLSClientVerification {
        try TLSClientVerification(
            authorities: authorities.flatMap { try TLSCertificate.read(pem: $0, source: "authority") },
            revocationLists: lists.flatMap { try TLSRevocationList.read(pem: $0, source: "list") },
            isRequired: isRequired
        )
    }

    // MARK: Pieces

    private static func make(name: String, key: OpaquePointer, serial: Int, days: Int) throws -> OpaquePointer {
        let certificate = try #require(X509_new())
        let subject = X509_get_subject_name(certificate)
        // 0x1000 is MBSTRING_UTF8, a macro that Swift does not import.
        try #require(X509_NAME_add_entry_by_txt(subject, "CN", 0x1000, name, CInt(name.utf8.count), -1, 0) == 1)
        try #require(X509_set_version(certificate, 2) == 1)
        try #require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), UInt64(serial)) == 1)
        X509_gmtime_adj(X509_getm_notBefore(certificate), -20 * 86_400)
        X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86_400)
        try #require(X509_set_pubkey(certificate, key) == 1)
        return certificate
    }

    private static func add(_ nid: CInt, _ value: String, to certificate: OpaquePointer) throws {
        let made = try #require(X509V3_EXT_conf_nid(nil, nil, nid, value))
        defer { X509_EXTENSION_free(made) }
        try #require(X509_add_ext(certificate, made, -1) == 1)
    }

    private static func pem(_ write: (OpaquePointer) -> CInt) throws -> [UInt8] {
        let bio = try #require(BIO_new(BIO_s_mem()))
        defer { BIO_free(bio) }
        try #require(write(bio) == 1)
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(bio, &start)
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
