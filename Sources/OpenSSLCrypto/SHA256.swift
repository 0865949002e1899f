import COpenSSL

/// Computes SHA-256 with the one context that OpenSSL needs for it, made once.
///
/// Nothing is allocated for a digest, but that some versions of OpenSSL renew the 112 bytes of its state each time.
///
/// Not `Sendable`: one per event loop.
package final class SHA256 {
    /// The number of bytes of a digest.
    package static let byteCount = 32

    private let context: OpaquePointer
    private let algorithm: OpaquePointer

    /// Fetches the algorithm and its context once, so that no request has to.
    package init() {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil), let context = EVP_MD_CTX_new() else {
            // Without SHA-256 this OpenSSL has no TLS either: the gateway cannot serve.
            fatalError("OpenSSL offers no SHA-256: check its configuration file (openssl version -d) and its providers")
        }
        self.algorithm = algorithm
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    /// Writes the digest of `bytes` into the first 32 bytes of `output`.
    package func digest(of bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        precondition(output.count >= SHA256.byteCount, "no room for a SHA-256")
        var length: UInt32 = 0
        let done =
            EVP_DigestInit_ex(context, algorithm, nil) == 1
            && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
            && EVP_DigestFinal_ex(context, output.baseAddress, &length) == 1
        // A digest that was not computed must never be compared with anything.
        precondition(done && Int(length) == SHA256.byteCount, "OpenSSL could not compute a SHA-256")
    }
}
