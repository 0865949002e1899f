import OpenSSLCrypto

/// Computes the digests of tokens.
///
/// Not `Sendable`: one per event loop.
package struct TokenHasher {
    private let hash = SHA256()

    /// Makes ready what OpenSSL needs, so that no request has to.
    package init() {}

    /// The digest of these bytes.
    package func digest(of bytes: UnsafeRawBufferPointer) -> TokenDigest {
        var digest = TokenDigest()
        digest.withUnsafeMutableBytes { hash.digest(of: bytes, into: $0) }
        return digest
    }

    /// The digest of a text.
    package func digest(of text: String) -> TokenDigest {
        var text = text
        return text.withUTF8 { digest(of: UnsafeRawBufferPointer($0)) }
    }
}
