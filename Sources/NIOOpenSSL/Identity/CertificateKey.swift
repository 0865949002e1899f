import COpenSSL

/// The private key of a certificate that is to be ordered, and what is signed with it to order one.
package struct CertificateKey: Sendable {
    private let key: PrivateKey

    /// A new key on the curve P-256.
    package init() throws(TLSError) {
        key = try PrivateKey.generateP256()
    }

    /// Reads a key in PEM form.
    ///
    /// - Parameter source: What errors call it.
    package init(pem: [UInt8], source: String) throws(TLSError) {
        key = try PrivateKey(pem: pem, source: source)
    }

    /// The key in PEM form, without a passphrase. It is a secret.
    package var pem: [UInt8] {
        get throws(TLSError) {
            try key.pem()
        }
    }

    /// A signing request (PKCS #10, RFC 2986) in DER form.
    ///
    /// The names stand among the alternative names alone, and the subject is empty: authorities refuse requests with an address as
    /// the common name, and with a name of more than 64 characters there.
    ///
    /// - Parameter names: Host names, of which the first label may be a wildcard, and IP addresses.
    package func signingRequest(names: [String]) throws(TLSError) -> [UInt8] {
        guard !names.isEmpty else { throw TLSError(.certificate, "a signing request needs at least one name") }
        let draft = try SigningRequestDraft()
        try draft.setAlternativeNames(try TLSIdentity.alternativeNames(names))
        return try draft.signed(by: key)
    }
}

extension CertificateKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "a private key" }

    /// Nothing: no mirror reaches the key.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A signing request in the making.
private final class SigningRequestDraft {
    private let request: OpaquePointer

    init() throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let request = X509_REQ_new() else { throw Self.failure() }
        self.request = request
        guard X509_REQ_set_version(request, 0) == 1 else { throw Self.failure() }
    }

    deinit {
        X509_REQ_free(request)
    }

    /// Asks for these names, in the notation of OpenSSL's configuration files.
    func setAlternativeNames(_ notation: String) throws(TLSError) {
        guard let made = X509V3_EXT_conf_nid(nil, nil, NID_subject_alt_name, notation) else { throw Self.failure() }
        defer { X509_EXTENSION_free(made) }
        guard COpenSSL_X509_REQ_add_extension(request, made) == 1 else { throw Self.failure() }
    }

    /// The request with the public half of the key, in DER form.
    func signed(by key: PrivateKey) throws(TLSError) -> [UInt8] {
        guard X509_REQ_set_pubkey(request, key.pointer) == 1, X509_REQ_sign(request, key.pointer, EVP_sha256()) > 0
        else { throw Self.failure() }
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_REQ(request, &start)
        guard count > 0, let start else { throw Self.failure() }
        defer { CRYPTO_free(start, #file, #line) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    private static func failure() -> TLSError {
        TLSError(.certificate, "no signing request can be made", reasons: OpenSSLErrorQueue.drain())
    }
}
