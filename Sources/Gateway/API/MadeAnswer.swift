import HTTPServer
import NIOCore

/// An answer on its way from where it was made to its event loop: without what is to be done once it has left.
struct MadeAnswer: Sendable {
    private let status: HTTPStatus
    private let contentType: Response.ContentType?
    private let body: ByteBuffer
    private let fields: [Response.Field]

    init(_ response: Response) {
        precondition(response.onLoss == nil && response.onDelivery == nil, "only an event loop follows an answer")
        status = response.status
        contentType = response.contentType
        body = response.body
        fields = response.fields
    }

    var response: Response { Response(status: status, contentType: contentType, body: body, fields: fields) }
}
