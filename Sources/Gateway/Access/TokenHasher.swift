import COpenSSL

/// Computes SHA-256 with the one context that OpenSSL needs for it, made once.
///
/// Nothing is allocated for a digest, but that some versions of OpenSSL renew the 112 bytes of its state each time.
///
/// Not `Sendable`: one per event loop.
public final class TokenHasher {
    private let context: OpaquePointer
    private let algorithm: OpaquePointer

    /// Fetches the algorithm and its context once, so that no request has to.
    public init() {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil), let context = EVP_MD_CTX_new() else {
            // Without SHA-256 this OpenSSL speaks no TLS either: there is nothing to serve and nobody to ask.
            fatalError("OpenSSL offers no SHA-256: check its configuration file (openssl version -d) and its providers")
        }
        self.algorithm = algorithm
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    /// The digest of these bytes.
    public func digest(of bytes: UnsafeRawBufferPointer) -> TokenDigest {
        var digest = TokenDigest()
        var length: UInt32 = 0
        let done = digest.withUnsafeMutableBytes { output in
            EVP_DigestInit_ex(context, algorithm, nil) == 1
                && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
                && EVP_DigestFinal_ex(context, output.baseAddress, &length) == 1
        }
        // A digest that was not computed must never be compared with anything.
        precondition(done && Int(length) == TokenDigest.byteCount, "OpenSSL could not compute a SHA-256")
        return digest
    }

    /// The digest of a text.
    public func digest(of text: String) -> TokenDigest {
        var text = text
        return text.withUTF8 { digest(of: UnsafeRawBufferPointer($0)) }
    }
}
