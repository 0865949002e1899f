/// A request method (RFC 9110, section 9), as far as the gateway tells them apart.
enum HTTPMethod: Hashable, Sendable {
    case get, head, post, options
    /// Any other valid token: known to HTTP, known to nobody here.
    case other

    /// The method spelled by `token`, which is case-sensitive.
    init(token: UnsafeRawBufferPointer) {
        if HTTPGrammar.equals(token, "GET") {
            self = .get
        } else if HTTPGrammar.equals(token, "POST") {
            self = .post
        } else if HTTPGrammar.equals(token, "HEAD") {
            self = .head
        } else if HTTPGrammar.equals(token, "OPTIONS") {
            self = .options
        } else {
            self = .other
        }
    }
}
