import OpenSSLCrypto

/// The body of a POST: a flattened JWS (RFC 7515, 7.2.2) with the header that ACME asks for (RFC 8555, 6.2).
package enum SignedRequest {
    /// Signs a payload for one URL and one nonce. What stands in the header was checked by those who took it from an authority.
    ///
    /// - Parameter account: The account's URL; nil to send the key itself.
    package static func body(
        payload: [UInt8],
        url: String,
        nonce: String,
        account: String?,
        key: AccountKey
    ) throws(P256KeyError) -> [UInt8] {
        precondition(
            AuthorityURL.isUsable(url) && account.map(AuthorityURL.isUsable) != false
                && Base64URL.isValid(nonce, upTo: nonceLimit),
            "a URL or a nonce was not checked"
        )
        let signer = account.map { "\"kid\":\"\($0)\"" } ?? "\"jwk\":\(key.jwk)"
        let header = Base64URL.encode("{\"alg\":\"ES256\",\(signer),\"nonce\":\"\(nonce)\",\"url\":\"\(url)\"}")
        let content = Base64URL.encode(payload)
        let signature = try key.sign(Array("\(header).\(content)".utf8))
        return flattened(header: header, payload: content, signature: signature)
    }

    /// No authority's nonce is longer.
    package static let nonceLimit = 512

    static func flattened(header: String, payload: String, signature: [UInt8]) -> [UInt8] {
        Array(
            """
            {"protected":"\(header)","payload":"\(payload)","signature":"\(Base64URL.encode(signature))"}
            """.utf8
        )
    }
}
