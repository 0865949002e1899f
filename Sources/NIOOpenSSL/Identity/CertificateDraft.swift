import COpenSSL

/// A certificate in the making, which is self-signed.
final class CertificateDraft {
    private let certificate: OpaquePointer
    private let key: PrivateKey

    /// An X.509 version 3 certificate with a random serial number and the public half of `key`.
    init(key: PrivateKey) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let certificate = X509_new() else { throw Self.failure() }
        self.certificate = certificate
        self.key = key
        var random: UInt64 = 0
        let hasRandom = withUnsafeMutableBytes(of: &random) { bytes in
            RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, CInt(bytes.count)) == 1
        }
        // Positive, and always of the same length.
        let serial = random >> 2 | 1 << 62
        guard hasRandom,
            ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1,
            X509_set_version(certificate, 2) == 1,
            X509_set_pubkey(certificate, key.pointer) == 1
        else {
            throw Self.failure()
        }
    }

    deinit {
        X509_free(certificate)
    }

    /// Names the subject, who is the issuer as well.
    func setSubject(commonName: String) throws(TLSError) {
        let name = X509_get_subject_name(certificate)
        // A common name has at most 64 characters; longer names are in the alternative names all the same.
        let text = Array(commonName.utf8.prefix(64))
        guard X509_NAME_add_entry_by_txt(name, "CN", utf8Text, text, CInt(text.count), -1, 0) == 1,
            X509_set_issuer_name(certificate, name) == 1
        else {
            throw Self.failure()
        }
    }

    /// Sets the first and the last second of validity, each in seconds from now.
    func setValidity(fromNow first: Int, untilNow last: Int) throws(TLSError) {
        guard X509_gmtime_adj(X509_getm_notBefore(certificate), first) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), last) != nil
        else {
            throw Self.failure()
        }
    }

    /// Adds an extension in the notation of OpenSSL's configuration files.
    func add(_ nid: CInt, _ value: String) throws(TLSError) {
        guard let made = X509V3_EXT_conf_nid(nil, nil, nid, value) else { throw Self.failure() }
        defer { X509_EXTENSION_free(made) }
        guard X509_add_ext(certificate, made, -1) == 1 else { throw Self.failure() }
    }

    /// Adds an extension with these bytes as its value.
    func add(oid: String, isCritical: Bool, der: [UInt8]) throws(TLSError) {
        guard let object = OBJ_txt2obj(oid, 1) else { throw Self.failure() }
        defer { ASN1_OBJECT_free(object) }
        let value = ASN1_OCTET_STRING_new()
        defer { ASN1_OCTET_STRING_free(value) }
        guard ASN1_OCTET_STRING_set(value, der, CInt(der.count)) == 1,
            let made = X509_EXTENSION_create_by_OBJ(nil, object, isCritical ? 1 : 0, value)
        else { throw Self.failure() }
        defer { X509_EXTENSION_free(made) }
        guard X509_add_ext(certificate, made, -1) == 1 else { throw Self.failure() }
    }

    /// Signs the certificate with its own key.
    func signed() throws(TLSError) -> TLSCertificate {
        guard X509_sign(certificate, key.pointer, EVP_sha256()) > 0, X509_up_ref(certificate) == 1 else {
            throw Self.failure()
        }
        return TLSCertificate(owning: certificate)
    }

    private static func failure() -> TLSError {
        TLSError(.certificate, "no certificate can be made", reasons: OpenSSLErrorQueue.drain())
    }

    /// `MBSTRING_UTF8`, a macro that Swift does not import.
    private let utf8Text: CInt = 0x1000
}
