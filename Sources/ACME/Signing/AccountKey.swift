import OpenSSLCrypto

/// The key of an account: P-256, and never the key of a certificate (RFC 8555, 11.1).
package struct AccountKey: Sendable {
    private let key: P256Key

    /// A new one.
    package init() throws(P256KeyError) {
        key = try P256Key()
    }

    /// The one in a PEM file.
    package init(pem: [UInt8]) throws(P256KeyError) {
        key = try P256Key(pem: pem)
    }

    /// The key for its file.
    package func pem() throws(P256KeyError) -> [UInt8] { try key.pem() }

    /// The public key, with the members and the order of RFC 7638, 3: what the thumbprint is the digest of.
    package var jwk: String {
        """
        {"crv":"P-256","kty":"EC","x":"\(Base64URL.encode(key.x))","y":"\(Base64URL.encode(key.y))"}
        """
    }

    /// RFC 7638.
    package var thumbprint: String { Base64URL.encode(KeyAuthorization.digest(of: jwk)) }

    /// ES256 (RFC 7518, 3.4).
    func sign(_ message: [UInt8]) throws(P256KeyError) -> [UInt8] { try key.sign(message) }
}
