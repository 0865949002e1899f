import NIOCore

/// An answer embedded in the program: the same for every caller and without data of users, so it needs no token.
package struct EmbeddedAnswer: Sendable {
    private let contentType: Response.ContentType
    private let body: ByteBuffer
    private let fields: [Response.Field]

    /// - Parameter content: a file that the build put into the program.
    package init(_ content: [UInt8], _ contentType: Response.ContentType, fields: [Response.Field] = []) {
        self.contentType = contentType
        self.body = ByteBuffer(bytes: content)
        self.fields = fields
    }

    /// The answer. All of them share the body.
    package var response: Response {
        Response(status: .ok, contentType: contentType, body: body, fields: fields)
    }
}
