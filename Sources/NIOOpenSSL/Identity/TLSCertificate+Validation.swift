import COpenSSL

/// What a certificate shows to an authority that validates a name by a handshake (RFC 8737).
extension TLSCertificate {
    /// The number of the extension acmeIdentifier (RFC 8737, 3).
    private static let acmeIdentifier = "1.3.6.1.5.5.7.1.31"
    /// The DER of an OCTET STRING of 32 bytes begins so.
    private static let prefix: [UInt8] = [0x04, 0x20]

    /// The digest in the extension acmeIdentifier, of 32 bytes; nil without one that is critical and right.
    package var validationDigest: [UInt8]? {
        defer { OpenSSLErrorQueue.clear() }
        guard let number = OBJ_txt2obj(Self.acmeIdentifier, 1) else { return nil }
        defer { ASN1_OBJECT_free(number) }
        let index = X509_get_ext_by_OBJ(pointer, number, -1)
        // A certificate with two of them has none (RFC 5280, 4.2).
        guard index >= 0, X509_get_ext_by_OBJ(pointer, number, index) < 0, let found = X509_get_ext(pointer, index),
            X509_EXTENSION_get_critical(found) == 1, let data = X509_EXTENSION_get_data(found),
            let start = ASN1_STRING_get0_data(data)
        else { return nil }
        let bytes = Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(data))))
        guard bytes.count == 34, bytes.starts(with: Self.prefix) else { return nil }
        return Array(bytes.dropFirst(2))
    }
}
