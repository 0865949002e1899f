import NIOCore

/// An answer as calls make it, before a version of HTTP puts it into bytes.
package struct Response {
    /// The status.
    package var status: HTTPStatus
    /// What `body` is; nil for an answer without content.
    package var contentType: ContentType?
    /// The content. It may be shared with other answers: it is read, never written to.
    package var body: ByteBuffer
    /// Fields of this answer alone, besides those that every answer has.
    package var fields: [Field]
    /// What caches may do with it.
    package var caching = Caching.none
    /// What is called on the event loop, by what becomes of the answer; nil for nearly all, which saves each copy two closures.
    private(set) var watch: Watch?

    /// Who wants to know what has become of an answer.
    final class Watch {
        let onLoss: (() -> Void)?
        let onDelivery: (() -> Void)?

        init(onLoss: (() -> Void)?, onDelivery: (() -> Void)?) {
            self.onLoss = onLoss
            self.onDelivery = onDelivery
        }
    }

    /// Called on the event loop if the answer does not leave for the caller; for answers that cannot be had again.
    package var onLoss: (() -> Void)? {
        get { watch?.onLoss }
        set { watch = Watch(onLoss: newValue, onDelivery: onDelivery) }
    }

    /// Called on the event loop once the caller has the answer, as far as its kernel tells; for answers that are given once.
    /// Where it is set, ``onLoss`` is called for an answer too that left and was not taken.
    package var onDelivery: (() -> Void)? {
        get { watch?.onDelivery }
        set { watch = Watch(onLoss: onLoss, onDelivery: newValue) }
    }

    /// What `Cache-Control` says.
    package enum Caching: Sendable {
        /// It is kept nowhere: figures are of this moment, and of this caller.
        case none
        /// It may be kept, and is used again only once the gateway has said that it has not changed.
        case revalidated
    }

    /// One header field. Values are the gateway's own text, never a caller's.
    package struct Field {
        package var name: StaticString
        package var value: String

        package init(name: StaticString, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A media type as it stands in `Content-Type`.
    package struct ContentType: Equatable, Sendable, CustomStringConvertible {
        package let value: StaticString

        package init(value: StaticString) {
            self.value = value
        }

        package var description: String { value.description }

        package static let json = ContentType(value: "application/json; charset=utf-8")
        package static let text = ContentType(value: "text/plain; charset=utf-8")
        package static let csv = ContentType(value: "text/csv; charset=utf-8")
        package static let html = ContentType(value: "text/html; charset=utf-8")
        package static let bytes = ContentType(value: "application/octet-stream")
        package static let problem = ContentType(value: "application/problem+json")

        package static func == (left: ContentType, right: ContentType) -> Bool {
            left.value.description == right.value.description
        }
    }

    package init(
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
