import COpenSSL

/// What a certificate may be used for.
extension TLSCertificate {
    /// What an extended key usage says of servers.
    enum ServerPurpose {
        /// There is none: every purpose is good.
        case unsaid
        /// It names servers.
        case named
        /// It names any purpose, which OpenSSL does not take for that of a server.
        case any
        /// It names other purposes only.
        case other
    }

    var serverPurpose: ServerPurpose {
        let usage = X509_get_extended_key_usage(pointer)
        if usage == UInt32.max { return .unsaid }
        if usage & UInt32(XKU_SSL_SERVER | XKU_SGC) != 0 { return .named }
        return usage & UInt32(XKU_ANYEKU) != 0 ? .any : .other
    }

    /// Whether it names itself as its issuer.
    public var isSelfSigned: Bool { subject == issuer }

    /// The identifier of the first extension that is critical and that OpenSSL does not know: RFC 5280 (4.2) has every
    /// client refuse a certificate for it.
    var unknownCriticalExtension: String? {
        for index in 0..<X509_get_ext_count(pointer) {
            guard let found = X509_get_ext(pointer, index), X509_EXTENSION_get_critical(found) == 1,
                X509_supported_extension(found) == 0
            else { continue }
            var text = [CChar](repeating: 0, count: 128)
            let count = OBJ_obj2txt(&text, CInt(text.count), X509_EXTENSION_get_object(found), 0)
            return String(decoding: text.prefix(Int(max(0, min(count, 127)))).map(UInt8.init), as: UTF8.self)
        }
        return nil
    }

    /// The subject's common name, which clients took for the name of a server before there were others.
    var commonName: String? {
        var text = [CChar](repeating: 0, count: 256)
        let count = X509_NAME_get_text_by_NID(X509_get_subject_name(pointer), NID_commonName, &text, CInt(text.count))
        guard count > 0 else { return nil }
        return String(decoding: text.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How many authorities may stand below it; nil for any number.
    var pathLimit: Int? {
        let limit = X509_get_pathlen(pointer)
        return limit < 0 ? nil : Int(limit)
    }

    /// Whether the key of `issuer` has signed it.
    func isSigned(by issuer: TLSCertificate) -> Bool {
        defer { OpenSSLErrorQueue.clear() }
        guard let key = X509_get0_pubkey(issuer.pointer) else { return false }
        return X509_verify(pointer, key) == 1
    }
}
