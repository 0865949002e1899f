import HTTPServer
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
        Response(
            status: .badRequest,
            contentType: .text,
            body: ByteBuffer(string: hasCredential ? explanation + warning : explanation)
        ).lastBytes(isHead: isHead, date: date)
    }
}
