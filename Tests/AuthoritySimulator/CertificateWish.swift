import COpenSSL

/// What a certificate signing request (RFC 2986) asks for.
struct CertificateWish {
    /// The host names and addresses, sorted.
    let identifiers: [String]
    /// SubjectPublicKeyInfo.
    let key: [UInt8]

    init(der: [UInt8]) throws(SimulatedProblem) {
        defer { ERR_clear_error() }
        let request = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_X509_REQ(nil, &start, bytes.count)
        }
        guard let request else { throw Self.bad("the CSR is not one") }
        defer { X509_REQ_free(request) }
        guard let key = X509_REQ_get0_pubkey(request), X509_REQ_verify(request, key) == 1 else {
            throw Self.bad("the CSR is not signed with its own key")
        }
        let isEllipticCurve = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC
        guard isEllipticCurve || EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA,
            EVP_PKEY_get_bits(key) >= (isEllipticCurve ? 256 : 2048)
        else {
            throw SimulatedProblem("badPublicKey", "the key of the CSR is too short or of a kind that is not allowed")
        }
        self.key = Self.bytes { i2d_PUBKEY(key, $0) }

        let extensions = X509_REQ_get_extensions(request)
        defer { OPENSSL_sk_pop_free(extensions) { X509_EXTENSION_free($0.map(OpaquePointer.init)) } }
        let names = X509V3_get_d2i(extensions, NID_subject_alt_name, nil, nil).map(OpaquePointer.init)
        defer { GENERAL_NAMES_free(names) }
        var found: [String] = []
        for index in 0..<max(0, COpenSSL_GENERAL_NAMES_num(names)) {
            let name = COpenSSL_GENERAL_NAMES_value(names, index)
            let type = COpenSSL_GENERAL_NAME_type(name)
            guard type == GEN_DNS || type == GEN_IPADD, let text = COpenSSL_GENERAL_NAME_string(name) else {
                throw Self.bad("the CSR asks for something that is neither a name nor an address")
            }
            let bytes = Array(
                UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text)))
            )
            guard let value = type == GEN_DNS ? String(validating: bytes, as: UTF8.self) : AddressText.text(of: bytes)
            else {
                throw Self.bad("a name in the CSR is not readable")
            }
            found.append(value)
        }
        if let common = Self.commonName(of: request), !found.contains(common) {
            throw Self.bad("the common name '\(common)' is not among the alternative names")
        }
        guard Set(found).count == found.count else { throw Self.bad("the CSR asks for a name twice") }
        identifiers = found.sorted()
    }

    private static func bad(_ detail: String) -> SimulatedProblem { SimulatedProblem("badCSR", detail) }

    private static func commonName(of request: OpaquePointer) -> String? {
        let subject = X509_REQ_get_subject_name(request)
        let index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard index >= 0, let text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)) else { return nil }
        return String(
            decoding: UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text))),
            as: UTF8.self
        )
    }

    static func bytes(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> CInt) -> [UInt8] {
        let count = write(nil)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = write(&start)
        }
        return bytes
    }
}
