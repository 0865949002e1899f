/// A request method (RFC 9110, section 9), as far as the gateway tells them apart.
enum HTTPMethod: Hashable, Sendable {
    case get, head, post, options
    /// Any other valid token: known to HTTP, known to nobody here.
    case other

    /// The method spelled by `token`, which is case-sensitive.
    init(token: UnsafeRawBufferPointer) {
        if token.elementsEqual("GET".utf8) {
            self = .get
        } else if token.elementsEqual("POST".utf8) {
            self = .post
        } else if token.elementsEqual("HEAD".utf8) {
            self = .head
        } else if token.elementsEqual("OPTIONS".utf8) {
            self = .options
        } else {
            self = .other
        }
    }
}
