import COpenSSL
import Testing

/// An authority with a root and an intermediate, which issues what a test wants it to.
final class IssuingAuthority {
    /// What is in a certificate besides the key of the request.
    struct Wish {
        /// In OpenSSL's notation: `DNS:a.example`, `IP:192.0.2.1`.
        var names: [String]
        var validity: ClosedRange<Int> = -3600...7_776_000
        var extensions: [(nid: CInt, value: String)] = [
            (NID_ext_key_usage, "serverAuth"), (NID_key_usage, "critical,digitalSignature"),
        ]
        var commonName: String?
    }

    private final class Entity {
        let certificate: OpaquePointer
        let key: OpaquePointer

        init(_ certificate: OpaquePointer, _ key: OpaquePointer) {
            self.certificate = certificate
            self.key = key
        }

        deinit {
            X509_free(certificate)
            EVP_PKEY_free(key)
        }
    }

    private let root: Entity
    private let intermediate: Entity

    init(name: String = "Test", isAuthority: Bool = true) throws {
        root = try Self.entity("\(name) root", by: nil, isAuthority: true)
        intermediate = try Self.entity("\(name) intermediate", by: root, isAuthority: isAuthority)
    }

    var rootPEM: [UInt8] { Self.pem(root.certificate) }
    var intermediatePEM: [UInt8] { Self.pem(intermediate.certificate) }

    /// The leaf for a request in DER form, without its chain.
    func leaf(for request: [UInt8], _ wish: Wish) throws -> [UInt8] {
        let csr = try request.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return try #require(d2i_X509_REQ(nil, &start, bytes.count))
        }
        defer { X509_REQ_free(csr) }
        let key = try #require(X509_REQ_get0_pubkey(csr))
        try #require(X509_REQ_verify(csr, key) == 1)
        let leaf = try Self.draft(key: key, validity: wish.validity)
        defer { X509_free(leaf) }
        if let name = wish.commonName { Self.setName(name, X509_get_subject_name(leaf)) }
        X509_set_issuer_name(leaf, X509_get_subject_name(intermediate.certificate))
        for (nid, value) in wish.extensions { try Self.add(nid, value, to: leaf, by: intermediate.certificate) }
        try Self.add(NID_authority_key_identifier, "keyid", to: leaf, by: intermediate.certificate)
        if !wish.names.isEmpty {
            try Self.add(NID_subject_alt_name, wish.names.joined(separator: ","), to: leaf, by: nil)
        }
        try #require(X509_sign(leaf, intermediate.key, EVP_sha256()) > 0)
        return Self.pem(leaf)
    }

    private static func entity(_ name: String, by issuer: Entity?, isAuthority: Bool) throws -> Entity {
        let key = try #require(COpenSSL_EVP_EC_gen("P-256"))
        let certificate = try draft(key: key, validity: -86_400...86_400_000)
        setName(name, X509_get_subject_name(certificate))
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer?.certificate ?? certificate))
        try add(NID_basic_constraints, "critical,CA:\(isAuthority ? "TRUE" : "FALSE")", to: certificate, by: nil)
        if isAuthority { try add(NID_key_usage, "critical,keyCertSign,cRLSign", to: certificate, by: nil) }
        try add(NID_subject_key_identifier, "hash", to: certificate, by: issuer?.certificate ?? certificate)
        try #require(X509_sign(certificate, issuer?.key ?? key, EVP_sha256()) > 0)
        return Entity(certificate, key)
    }

    private static func draft(key: OpaquePointer, validity: ClosedRange<Int>) throws -> OpaquePointer {
        let certificate = try #require(X509_new())
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), UInt64.random(in: 1...(1 << 62)))
        X509_set_pubkey(certificate, key)
        X509_gmtime_adj(X509_getm_notBefore(certificate), validity.lowerBound)
        X509_gmtime_adj(X509_getm_notAfter(certificate), validity.upperBound)
        return certificate
    }

    private static func setName(_ text: String, _ name: OpaquePointer?) {
        X509_NAME_add_entry_by_txt(name, "CN", 0x1000, Array(text.utf8), CInt(text.utf8.count), -1, 0)
    }

    private static func add(_ nid: CInt, _ value: String, to certificate: OpaquePointer, by issuer: OpaquePointer?)
        throws
    {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
        let made = try #require(X509V3_EXT_conf_nid(nil, &context, nid, value))
        defer { X509_EXTENSION_free(made) }
        try #require(X509_add_ext(certificate, made, -1) == 1)
    }

    private static func pem(_ certificate: OpaquePointer) -> [UInt8] {
        guard let bio = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free_all(bio) }
        guard PEM_write_bio_X509(bio, certificate) == 1 else { return [] }
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(bio, &start)
        return start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
    }
}
