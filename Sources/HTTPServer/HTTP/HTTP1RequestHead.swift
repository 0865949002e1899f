/// A request head, read: the request itself and what HTTP/1.1 says beside it.
struct HTTP1RequestHead {
    /// How the body after the head is delimited (RFC 9112, section 6).
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// What was asked.
    var request: Request
    /// How much follows.
    var framing: Framing
    /// Whether the connection may serve another request after this one (RFC 9112, section 9.3).
    var keepAlive: Bool
    /// Whether the caller waits for `100 Continue` before it sends the body.
    var expectsContinue: Bool
}
