/// The nonce for the next signed request (RFC 8555, 6.5).
///
/// Requests to an authority go one after another, each answer brings a nonce, and an authority forgets old ones: the last is the only one
/// that is worth keeping.
package struct NoncePool: Sendable {
    /// Longer ones are not sent back.
    private static let lengthLimit = 512

    private var nonce: String?

    package init() {}

    /// Takes the nonce out, which serves once; nil if one has to be asked for first.
    package mutating func take() -> String? {
        defer { nonce = nil }
        return nonce
    }

    /// Keeps what an answer brought, also one that is an error. What is no base64url is ignored (RFC 8555, 6.5.1): it would stand in a
    /// signed header.
    package mutating func keep(_ nonce: String?) {
        guard let nonce, Base64URL.isValid(nonce, upTo: Self.lengthLimit) else { return }
        self.nonce = nonce
    }
}
