import NIOCore

/// The answer to a request that came to a TLS listener without TLS.
enum PlainHTTPAnswer {
    private static let explanation = "400 Bad Request: this port speaks HTTPS. Write https:// in place of http://.\n"
    private static let warning =
        "This request carries a token, and anyone on its way could read it: have the token replaced.\n"

    /// The answer, as bytes.
    ///
    /// - Parameters:
    ///   - hasCredential: whether there was a token in the request.
    ///   - isHead: whether the answer has no content.
    static func bytes(hasCredential: Bool, isHead: Bool, date: [UInt8]) -> ByteBuffer {
        let response = Response(
            status: .badRequest,
            contentType: .text,
            body: ByteBuffer(string: hasCredential ? explanation + warning : explanation)
        )
        var bytes = ByteBuffer()
        HTTP1ResponseEncoder.encodeHead(of: response, connection: .close, isSecure: false, date: date, into: &bytes)
        if !isHead { bytes.writeImmutableBuffer(response.body) }
        return bytes
    }

    /// The request, if its header section is complete and valid.
    static func request(in bytes: ByteBuffer) -> Request? {
        let end = bytes.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
        guard let end, let head = bytes.getSlice(at: bytes.readerIndex, length: end - bytes.readerIndex) else {
            return nil
        }
        return try? HTTP1HeadParser.parse(head).request
    }
}
