import COpenSSL

/// A certificate that is being made, or has been. Not `Sendable`: it lives on the simulator's event loop.
final class MintedCertificate {
    let pointer: OpaquePointer

    init() throws(MintingError) {
        guard let pointer = X509_new() else { throw MintingError() }
        self.pointer = pointer
        try Self.require(X509_set_version(pointer, 2) == 1)
    }

    deinit {
        X509_free(pointer)
    }

    static func require(_ isDone: Bool) throws(MintingError) {
        guard isDone else { throw MintingError() }
    }

    func setSerial(_ bytes: [UInt8]) throws(MintingError) {
        let number = BN_bin2bn(bytes, CInt(bytes.count), nil)
        defer { BN_free(number) }
        try Self.require(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil)
    }

    func setSubject(_ commonName: String) throws(MintingError) {
        // 0x1000 is MBSTRING_UTF8, a macro that Swift does not import.
        let name = X509_get_subject_name(pointer)
        try Self.require(
            X509_NAME_add_entry_by_txt(name, "CN", 0x1000, commonName, CInt(commonName.utf8.count), -1, 0) == 1
        )
    }

    /// Seconds since 1970.
    func setValidity(from first: Int64, until last: Int64) throws(MintingError) {
        try Self.require(
            ASN1_TIME_set(X509_getm_notBefore(pointer), Int(first)) != nil
                && ASN1_TIME_set(X509_getm_notAfter(pointer), Int(last)) != nil
        )
    }

    func add(_ nid: CInt, _ value: String, issuer: MintedCertificate) throws(MintingError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.pointer, pointer, nil, nil, 0)
        guard let made = X509V3_EXT_conf_nid(nil, &context, nid, value) else { throw MintingError() }
        defer { X509_EXTENSION_free(made) }
        try Self.require(X509_add_ext(pointer, made, -1) == 1)
    }

    /// Signs it as `issuer`, whose key this is.
    func sign(as issuer: MintedCertificate, key: OpaquePointer) throws(MintingError) {
        try Self.require(
            X509_set_issuer_name(pointer, X509_get_subject_name(issuer.pointer)) == 1
                && X509_sign(pointer, key, EVP_sha256()) > 0
        )
    }

    var pem: String {
        let bio = BIO_new(BIO_s_mem())
        defer { BIO_free(bio) }
        PEM_write_bio_X509(bio, pointer)
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(bio, &start)
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The key identifier of its issuer, as its extension has it.
    var authorityKeyIdentifier: [UInt8] {
        guard let text = X509_get0_authority_key_id(pointer) else { return [] }
        return Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text))))
    }
}

/// OpenSSL made no certificate.
struct MintingError: Error, CustomStringConvertible {
    let description = "OpenSSL makes no certificate"
}
