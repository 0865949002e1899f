import COpenSSL

/// The session id context: which sessions a context takes for its own.
///
/// A session remembers that its client was verified. It must not be resumed where other authorities are trusted, where
/// a newer revocation list is known, or where no certificate was asked for when it began.
enum SessionScope {
    /// Sessions are only ever resumed by the contexts of this module, whatever else the process does with TLS.
    private static let module = Array("NIOOpenSSL".utf8)

    /// At most 32 bytes, the same for all contexts that verify clients alike.
    static func identifier(for verification: TLSClientVerification?) throws(TLSError) -> [UInt8] {
        guard let verification else { return module }
        var input = module
        input.append(verification.isRequired ? 1 : 0)
        input += Array(String(verification.maximumDepth).utf8)
        for authority in verification.authorities.map(\.sha256).sorted() {
            input += Array(";authority=\(authority)".utf8)
        }
        for list in verification.revocationLists.map(\.digest).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            input += Array(";revoked=".utf8) + list
        }
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_Q_digest(nil, "SHA256", nil, input, input.count, &digest, nil) == 1 else {
            throw TLSError(.engine, "OpenSSL has no SHA-256", reasons: OpenSSLErrorQueue.drain())
        }
        return digest
    }
}
