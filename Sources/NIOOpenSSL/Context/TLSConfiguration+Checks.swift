import COpenSSL

/// What OpenSSL says of single settings, so that a person can be told which word of a list is wrong.
///
/// A context takes a list in which it knows one name, and skips the others without a word.
extension TLSConfiguration {
    /// Makes sure that OpenSSL can use a cipher of TLS 1.2.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public static func checkCipher(_ name: String) throws(TLSError) {
        try check("the TLS 1.2 cipher '\(name)'", name) { SSL_CTX_set_cipher_list($0, name) }
    }

    /// Makes sure that OpenSSL can use a cipher suite of TLS 1.3.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public static func checkCipherSuite(_ name: String) throws(TLSError) {
        try check("the TLS 1.3 cipher suite '\(name)'", name) { SSL_CTX_set_ciphersuites($0, name) }
    }

    /// Makes sure that OpenSSL has a group for the key exchange.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public static func checkGroup(_ name: String) throws(TLSError) {
        try check("the group '\(name)'", name) { COpenSSL_SSL_CTX_set1_groups_list($0, name) }
    }

    /// Makes sure that contexts can be made of this configuration.
    ///
    /// - Throws: ``TLSError/Kind/configuration`` with OpenSSL's reason.
    public func check() throws(TLSError) {
        _ = try TLSContext.client(trust: .unverified, configuration: self)
    }

    private static func check(
        _ setting: String,
        _ name: String,
        _ apply: (OpaquePointer) -> CInt
    ) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let context = SSL_CTX_new(TLS_server_method()) else {
            throw TLSError(.engine, "OpenSSL makes no TLS context", reasons: OpenSSLErrorQueue.drain())
        }
        defer { SSL_CTX_free(context) }
        // Separators would make a list of it, and a list is accepted for one name in it.
        let isOneName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !":,;".utf8.contains($0) }
        guard isOneName, apply(context) == 1 else {
            throw TLSError(.configuration, "OpenSSL does not know \(setting)", reasons: OpenSSLErrorQueue.drain())
        }
    }
}
