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

/// A version of HTTP as request lines and logs write it.
package enum HTTPVersion: String, Sendable {
    case http1_0 = "HTTP/1.0"
    case http1_1 = "HTTP/1.1"
    case http2 = "HTTP/2.0"
}
