import NIOCore

extension WireRequest {
    /// The bytes of the request as HTTP/1.1 has them, to one host.
    ///
    /// Each request has a connection of its own: an order is some twenty requests in two months, and none of them can be lost on a
    /// connection that the other side has just closed.
    func encoded(to endpoint: AuthorityEndpoint, userAgent: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString(
            """
            \(method.rawValue) \(endpoint.target) HTTP/1.1\r
            Host: \(endpoint.hostField)\r
            User-Agent: \(userAgent)\r
            Accept-Language: en\r
            Connection: close\r\n
            """
        )
        if let body {
            buffer.writeString("Content-Type: application/jose+json\r\nContent-Length: \(body.count)\r\n")
        }
        buffer.writeString("\r\n")
        if let body { buffer.writeBytes(body) }
        return buffer
    }
}
