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

    // Every answer has one of these. nosniff: user names are text that others chose.
    private static let standing: StaticString = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    private static let revalidated: StaticString = "Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n"
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
        // With room to spare for all but the fields of this answer alone.
        let size = response.fields.reduce(512) { $0 + $1.name.utf8CodeUnitCount + $1.value.utf8.count + 4 }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
            var writer = HTTP1HeadWriter(memory)
            write(response, connection, isSecure, date, to: &writer)
            return writer.count
        }
    }

    private static func write(
        _ response: Response,
        _ connection: Connection,
        _ isSecure: Bool,
        _ date: [UInt8],
        to writer: inout HTTP1HeadWriter
    ) {
        writer.write("HTTP/1.1 ")
        writer.write(decimal: response.status.rawValue)
        writer.write(" ")
        writer.write(response.status.reason)
        writer.write("\r\nDate: ")
        date.withUnsafeBytes { writer.write($0) }
        if let contentType = response.contentType {
            writer.write("\r\nContent-Type: ")
            writer.write(contentType.value)
        }
        if response.status.hasLength {
            writer.write("\r\nContent-Length: ")
            writer.write(decimal: response.body.readableBytes)
        }
        writer.write("\r\n")
        writer.write(response.caching == .none ? standing : revalidated)
        if isSecure { writer.write(transportSecurity) }
        for field in response.fields {
            writer.write(field.name)
            writer.write(": ")
            writer.write(field.value)
            writer.write("\r\n")
        }
        switch connection {
        case .implicit: break
        case .keepAlive: writer.write("Connection: keep-alive\r\n")
        case .close: writer.write("Connection: close\r\n")
        }
        writer.write("\r\n")
    }
}
