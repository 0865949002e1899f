import COpenSSL

/// What an authority calls a certificate by when it is asked about its renewal (RFC 9773, 4.1).
extension TLSCertificate {
    /// The identifier of the key that issued it, without the DER around it; nil if it names none.
    package var authorityKeyIdentifier: [UInt8]? {
        defer { OpenSSLErrorQueue.clear() }
        guard let octets = X509_get0_authority_key_id(pointer), let start = ASN1_STRING_get0_data(octets) else {
            return nil
        }
        let count = Int(ASN1_STRING_length(octets))
        return count > 0 ? Array(UnsafeBufferPointer(start: start, count: count)) : nil
    }

    /// The content of the serial number's DER: with the zero byte in front that keeps a number with its highest bit set from being
    /// negative. Nil for one that is longer than RFC 5280 (4.1.2.2) allows.
    package var serialBytes: [UInt8]? {
        defer { OpenSSLErrorQueue.clear() }
        guard let number = X509_get0_serialNumber(pointer) else { return nil }
        var start: UnsafeMutablePointer<UInt8>?
        let count = Int(i2d_ASN1_INTEGER(number, &start))
        guard let start else { return nil }
        defer { CRYPTO_free(start, #file, #line) }
        // A tag, a length in one byte, at least one byte and at most twenty.
        guard (3...22).contains(count), Int(start[1]) == count - 2 else { return nil }
        return Array(UnsafeBufferPointer(start: start + 2, count: count - 2))
    }
}
