import COpenSSL

/// Lets OpenSSL encrypt and decrypt the tickets of a context with the keys of a `TLSTicketKeys`.
enum TicketCallback {
    /// What decryption tells the engine, beside a negative number for a failure.
    private static let unknown: CInt = 0
    private static let accepted: CInt = 1
    private static let acceptedAndRenewed: CInt = 2

    /// Looked up once: the engine would do it for each ticket. Lives as long as the process.
    nonisolated(unsafe) private static let cipher: OpaquePointer? = EVP_CIPHER_fetch(nil, "AES-256-CBC", nil)

    /// Where a context keeps its keys. The `SSL_CTX` retains them, as connections can outlive all else that does.
    private static let index: CInt = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, nil, nil, nil) {
        _,
        keys,
        _,
        _,
        _,
        _ in
        if let keys {
            Unmanaged<TLSTicketKeys>.fromOpaque(keys).release()
        }
    }

    /// Gives the keys to a context. Returns whether OpenSSL took them.
    static func install(_ keys: TLSTicketKeys, in context: OpaquePointer) -> Bool {
        guard cipher != nil, index >= 0 else { return false }
        let retained = Unmanaged.passRetained(keys)
        guard SSL_CTX_set_ex_data(context, index, retained.toOpaque()) == 1 else {
            retained.release()
            return false
        }
        return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, process) == 1
    }

    private static let process:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, OpaquePointer?, OpaquePointer?,
            CInt
        ) -> CInt = { ssl, name, vector, cipherContext, macContext, encrypts in
            guard let name, let vector, let stored = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index) else {
                return unknown
            }
            return Unmanaged<TLSTicketKeys>.fromOpaque(stored)._withUnsafeGuaranteedRef { keys in
                let ring = keys.current()
                if encrypts == 1 {
                    return encrypt(ring, keys, name, vector, cipherContext, macContext)
                }
                guard let (key, isNewest) = ring.find(name) else { return unknown }
                guard
                    EVP_DecryptInit_ex(cipherContext, cipher, nil, bytes(of: key.encryptionKey), vector) == 1,
                    COpenSSL_EVP_MAC_set_hmac_sha256(macContext, bytes(of: key.signingKey), key.signingKey.count) == 1
                else {
                    return -1
                }
                // Clients of TLS 1.3 use a ticket once, so that observers cannot link two connections of one client.
                // Each resumption has to give them the ticket for the next.
                return isNewest && SSL_version(ssl) < TLS1_3_VERSION ? accepted : acceptedAndRenewed
            }
        }

    private static func encrypt(
        _ ring: TicketKeyRing,
        _ keys: TLSTicketKeys,
        _ name: UnsafeMutablePointer<UInt8>,
        _ vector: UnsafeMutablePointer<UInt8>,
        _ cipherContext: OpaquePointer?,
        _ macContext: OpaquePointer?
    ) -> CInt {
        let vectorBytes = UnsafeMutableRawBufferPointer(start: vector, count: Int(EVP_CIPHER_get_iv_length(cipher)))
        guard let key = ring.keys.first, keys.fill(vectorBytes),
            EVP_EncryptInit_ex(cipherContext, cipher, nil, bytes(of: key.encryptionKey), vector) == 1,
            COpenSSL_EVP_MAC_set_hmac_sha256(macContext, bytes(of: key.signingKey), key.signingKey.count) == 1
        else {
            return -1
        }
        UnsafeMutableRawBufferPointer(start: name, count: TicketKey.nameSize).copyMemory(from: key.name)
        return 1
    }

    private static func bytes(of key: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
        key.baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}
