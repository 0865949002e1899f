import COpenSSL

/// HMAC with SHA-256 (RFC 2104).
package enum HMACSHA256 {
    /// The code for `message` under `key`.
    package static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SHA256.byteCount)
        var count = 0
        // A code that was not computed must never be sent or compared.
        precondition(
            EVP_Q_mac(
                nil,
                "HMAC",
                nil,
                "SHA256",
                nil,
                key,
                key.count,
                message,
                message.count,
                &code,
                code.count,
                &count
            ) != nil && count == code.count,
            "OpenSSL could not compute an HMAC"
        )
        return code
    }
}
