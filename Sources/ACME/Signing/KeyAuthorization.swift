import OpenSSLCrypto

/// What proves that who answers a challenge holds the account's key (RFC 8555, 8.1).
package enum KeyAuthorization {
    /// `token.thumbprint`.
    package static func text(token: String, thumbprint: String) -> String { "\(token).\(thumbprint)" }

    /// Its SHA-256: what the certificate of tls-alpn-01 has (RFC 8737, 3).
    package static func digest(of keyAuthorization: String) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
        Array(keyAuthorization.utf8).withUnsafeBytes { input in
            digest.withUnsafeMutableBytes { SHA256().digest(of: input, into: $0) }
        }
        return digest
    }

    /// What the TXT record of dns-01 has (RFC 8555, 8.4).
    package static func recordValue(of keyAuthorization: String) -> String {
        Base64URL.encode(digest(of: keyAuthorization))
    }
}
