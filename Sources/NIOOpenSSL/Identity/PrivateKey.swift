import COpenSSL

/// A private key.
///
/// `@unchecked Sendable`: the key is complete when `init` returns and nothing changes it afterwards. OpenSSL counts
/// references to an `EVP_PKEY` atomically and locks what it caches in one.
final class PrivateKey: @unchecked Sendable {
    /// The key, for as long as this object lives.
    let pointer: OpaquePointer

    /// Takes over a reference to `pointer`.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Reads the first private key in `pem`; `source` says in an error where it came from.
    convenience init(pem: [UInt8], source: String) throws(TLSError) {
        let bio = try MemoryBIO(PEMOutline.mended(pem))
        OpenSSLErrorQueue.clear()
        // Without a callback OpenSSL would ask on the terminal for a passphrase. This one has none to give.
        var passphraseAsked = false
        let key = withUnsafeMutablePointer(to: &passphraseAsked) { asked in
            PEM_read_bio_PrivateKey(
                bio.pointer,
                nil,
                { _, _, _, asked in
                    asked?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                },
                asked
            )
        }
        let reasons = OpenSSLErrorQueue.drain()
        guard let key else {
            if passphraseAsked {
                throw TLSError(
                    .privateKey,
                    "\(source) is encrypted with a passphrase, which is not supported",
                    file: source,
                    content: .encryptedKey
                )
            }
            let content = FileContent(pem)
            guard content != .privateKey else {
                // Its bytes stay secret: only OpenSSL's reasons are reported.
                throw TLSError(
                    .privateKey,
                    "the private key in \(source) cannot be read",
                    reasons: reasons,
                    file: source
                )
            }
            throw PEMFile.nothing("private key in PEM form", .privateKey, in: pem, source: source, reasons: reasons)
        }
        self.init(owning: key)
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// A new key on the curve P-256.
    static func generateP256() throws(TLSError) -> PrivateKey {
        OpenSSLErrorQueue.clear()
        guard let key = COpenSSL_EVP_EC_gen("P-256") else {
            throw TLSError(.privateKey, "no new key on the curve P-256 can be made", reasons: OpenSSLErrorQueue.drain())
        }
        return PrivateKey(owning: key)
    }

    /// The key as PKCS #8 in PEM form, without a passphrase.
    func pem() throws(TLSError) -> [UInt8] {
        let bio = try MemoryBIO()
        OpenSSLErrorQueue.clear()
        guard PEM_write_bio_PrivateKey(bio.pointer, pointer, nil, nil, 0, nil, nil) == 1 else {
            throw TLSError(.privateKey, "the private key cannot be written", reasons: OpenSSLErrorQueue.drain())
        }
        return bio.bytes
    }
}
