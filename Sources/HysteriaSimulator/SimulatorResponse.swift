import HysteriaStats
import NIOCore

/// An answer of the simulator before it is framed.
struct SimulatorResponse {
    var status: String
    var contentType: String?
    var body: ByteBuffer
    /// Errors of Go's handlers carry this.
    var isError = false

    static func json(_ body: ByteBuffer) -> Self {
        Self(status: "200 OK", contentType: "application/json; charset=utf-8", body: body)
    }

    static func error(_ status: String, _ text: String) -> Self {
        Self(
            status: status,
            contentType: "text/plain; charset=utf-8",
            body: ByteBuffer(string: text + "\n"),
            isError: true
        )
    }

    static func empty(_ status: String) -> Self {
        Self(status: status, contentType: nil, body: ByteBuffer())
    }

    /// Writes the answer as Go does: with a length up to 2,048 bytes, above that in one chunk, and to an HTTP/1.0
    /// client up to the end of the connection.
    func write(
        into buffer: inout ByteBuffer,
        for request: SimulatorRequest,
        keepsAlive: Bool,
        lengthError: Int = 0,
        date: String
    ) {
        buffer.writeString("HTTP/1.\(request.isHTTP10 ? 0 : 1) \(status)\r\n")
        if let contentType = self.contentType { buffer.writeString("Content-Type: \(contentType)\r\n") }
        if isError { buffer.writeString("X-Content-Type-Options: nosniff\r\n") }
        buffer.writeString("Date: \(date)\r\n")
        let isChunked = body.readableBytes > 2048 && lengthError == 0
        if !isChunked {
            buffer.writeString("Content-Length: \(body.readableBytes + lengthError)\r\n")
        } else if !request.isHTTP10 {
            buffer.writeString("Transfer-Encoding: chunked\r\n")
        }
        if !keepsAlive, !request.isHTTP10 {
            buffer.writeString("Connection: close\r\n")
        } else if keepsAlive, request.isHTTP10 {
            buffer.writeString("Connection: keep-alive\r\n")
        }
        buffer.writeString("\r\n")
        guard !request.method.elementsEqual("HEAD".utf8) else { return }
        guard isChunked, !request.isHTTP10 else {
            buffer.writeImmutableBuffer(body)
            return
        }
        buffer.writeString("\(String(body.readableBytes, radix: 16))\r\n")
        buffer.writeImmutableBuffer(body)
        buffer.writeString("\r\n0\r\n\r\n")
    }

    /// Whether the framing for this request lets the connection carry another one.
    func letsKeepAlive(_ request: SimulatorRequest) -> Bool {
        !request.isHTTP10 || body.readableBytes <= 2048
    }
}
