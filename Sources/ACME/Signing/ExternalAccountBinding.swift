import JSON
import OpenSSLCrypto

/// Binds a new account to one that the operator has with the authority (RFC 8555, 7.3.4): the account's key, under the code that the
/// authority gave.
package enum ExternalAccountBinding {
    /// The value of `externalAccountBinding`.
    package static func json(
        _ account: ExternalAccountSettings,
        newAccount url: String,
        key: AccountKey
    ) -> [UInt8] {
        let header: JSONValue = ["alg": "HS256", "kid": .string(account.id), "url": .string(url)]
        let protected = Base64URL.encode(header.bytes)
        let payload = Base64URL.encode(key.jwk)
        let code = HMACSHA256.code(for: Array("\(protected).\(payload)".utf8), key: account.key)
        return SignedRequest.flattened(header: protected, payload: payload, signature: code)
    }
}
