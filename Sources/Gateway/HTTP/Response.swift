import NIOCore

/// An answer as calls make it, before a version of HTTP puts it into bytes.
struct Response {
    /// The status.
    var status: HTTPStatus
    /// What `body` is; nil for an answer without content.
    var contentType: ContentType?
    /// The content. It may be shared with other answers: it is read, never written to.
    var body: ByteBuffer
    /// Fields of this answer alone, besides those that every answer has.
    var fields: [Field]
    /// Called on the event loop if the answer does not leave for the caller; for answers that cannot be had again.
    var onLoss: (() -> Void)?

    /// One header field. Values are the gateway's own text, never a caller's.
    struct Field {
        var name: StaticString
        var value: String
    }

    /// A media type as it stands in `Content-Type`.
    struct ContentType: Equatable, Sendable, CustomStringConvertible {
        let value: StaticString

        var description: String { value.description }

        static let json = ContentType(value: "application/json; charset=utf-8")
        static let text = ContentType(value: "text/plain; charset=utf-8")
        static let html = ContentType(value: "text/html; charset=utf-8")
        static let bytes = ContentType(value: "application/octet-stream")
        static let problem = ContentType(value: "application/problem+json")

        static func == (left: ContentType, right: ContentType) -> Bool {
            left.value.description == right.value.description
        }
    }

    init(
        status: HTTPStatus,
        contentType: ContentType? = nil,
        body: ByteBuffer = ByteBuffer(),
        fields: [Field] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.fields = fields
    }
}
