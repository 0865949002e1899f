import NIOCore

/// Puts responses into HTTP/1.1 bytes.
enum HTTP1ResponseEncoder {
    /// How an answer speaks of the connection it goes out on.
    enum Connection {
        /// Nothing: HTTP/1.1 keeps connections.
        case implicit
        /// To an HTTP/1.0 caller, whose connection is kept.
        case keepAlive
        case close
    }

    /// The interim answer that asks for the body (RFC 9110, section 15.2.1).
    static let continueResponse: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"

    // Every answer has these. no-store: the figures are of this moment, and of this caller. nosniff: user names are
    // text that others chose.
    private static let standing: StaticString = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    // RFC 6797, section 7.2: not over plain HTTP.
    private static let transportSecurity: StaticString = "Strict-Transport-Security: max-age=31536000\r\n"

    /// Writes the head of `response`, with the length of its body, to the end of `buffer`.
    static func encodeHead(
        of response: Response,
        connection: Connection,
        isSecure: Bool,
        date: [UInt8],
        into buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString("HTTP/1.1 ")
        writeDecimal(response.status.rawValue, into: &buffer)
        buffer.writeStaticString(" ")
        buffer.writeStaticString(response.status.reason)
        buffer.writeStaticString("\r\nDate: ")
        buffer.writeBytes(date)
        buffer.writeStaticString("\r\n")
        if let contentType = response.contentType {
            buffer.writeStaticString("Content-Type: ")
            buffer.writeStaticString(contentType.value)
            buffer.writeStaticString("\r\n")
        }
        // RFC 9110, section 8.6: none with 204.
        if response.status != .noContent {
            buffer.writeStaticString("Content-Length: ")
            writeDecimal(response.body.readableBytes, into: &buffer)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString(standing)
        if isSecure { buffer.writeStaticString(transportSecurity) }
        for field in response.fields {
            buffer.writeStaticString(field.name)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        switch connection {
        case .implicit: break
        case .keepAlive: buffer.writeStaticString("Connection: keep-alive\r\n")
        case .close: buffer.writeStaticString("Connection: close\r\n")
        }
        buffer.writeStaticString("\r\n")
    }

    /// Decimal digits without a `String` in between.
    private static func writeDecimal(_ number: Int, into buffer: inout ByteBuffer) {
        if number >= 10 { writeDecimal(number / 10, into: &buffer) }
        buffer.writeInteger(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
