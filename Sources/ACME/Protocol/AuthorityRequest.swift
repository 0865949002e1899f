/// What a state machine wants an authority to be asked. Whoever sends it adds a nonce and signs it.
package struct AuthorityRequest: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
    }

    package enum Payload: Hashable, Sendable {
        /// Not signed: GET and HEAD.
        case none
        /// Read something with a signed request of no content (RFC 8555, 6.3).
        case postAsGet
        /// The bytes of a JSON document.
        case json([UInt8])
        /// A new account, which may have to be bound to one that the operator has with the authority (RFC 8555, 7.3.4). The
        /// binding is made when it is signed, as only then there is a key.
        case newAccount(contact: [String])
        /// The certificate signing request of the order's key, in `{"csr": …}`.
        case signingRequest
    }

    package enum Signer: Hashable, Sendable {
        case none
        /// With the key itself in the header (RFC 8555, 6.2): for a new account.
        case jwk
        /// By the account with this URL.
        case account(String)
    }

    package let method: Method
    package let url: String
    package let payload: Payload
    package let signer: Signer

    package init(_ method: Method, _ url: String, payload: Payload = .none, signer: Signer = .none) {
        self.method = method
        self.url = url
        self.payload = payload
        self.signer = signer
    }
}
