import Text

/// A request method (RFC 9110, section 9), as far as the gateway distinguishes them.
package enum HTTPMethod: Hashable, Sendable {
    case get, head, post, options
    /// Any other valid token, which no path supports.
    case other

    /// The method spelled by `token`, which is case-sensitive.
    package init(token: UnsafeRawBufferPointer) {
        if token.equals("GET") {
            self = .get
        } else if token.equals("POST") {
            self = .post
        } else if token.equals("HEAD") {
            self = .head
        } else if token.equals("OPTIONS") {
            self = .options
        } else {
            self = .other
        }
    }
}
