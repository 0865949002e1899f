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
        let header = Base64URL.encode("{\"alg\":\"HS256\",\"kid\":\(quoted(account.id)),\"url\":\"\(url)\"}")
        let payload = Base64URL.encode(key.jwk)
        let code = HMACSHA256.code(for: Array("\(header).\(payload)".utf8), key: account.key)
        return SignedRequest.flattened(header: header, payload: payload, signature: code)
    }

    /// A text of the operator's as a string of JSON.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                quoted += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
