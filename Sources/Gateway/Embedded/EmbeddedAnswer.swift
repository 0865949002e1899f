import HTTPServer
import NIOCore

/// An answer embedded in the program: the same for every caller and without data of users, so it needs no token, and may be
/// kept by whoever asks each time whether it has changed.
struct EmbeddedAnswer: Sendable {
    /// The media type.
    let contentType: Response.ContentType
    private let plain: ByteBuffer
    private let compressed: ByteBuffer?
    private let tag: EntityTag
    private let fields: [Response.Field]

    /// Takes some milliseconds: it is compressed as well as that can be done.
    ///
    /// - Parameters:
    ///   - content: a file that the build put into the program.
    ///   - rules: what it is chosen by.
    init(
        _ content: [UInt8],
        _ contentType: Response.ContentType,
        rules: ContentRules = .compressed,
        fields: [Response.Field] = []
    ) {
        self.contentType = contentType
        plain = ByteBuffer(bytes: content)
        compressed = plain.compressed(.best)
        tag = EntityTag(of: plain)
        self.fields = fields + [rules.vary]
    }

    /// The answer. All of them share the content.
    func response(_ wishes: AnswerWishes) -> Response {
        var response = Response(status: .ok, contentType: contentType, body: plain, fields: fields)
        response.caching = .revalidated
        let codings = wishes.codings(isCompressed: compressed != nil)
        if let coding = wishes.held?.coding(of: tag, among: codings) {
            return .notModified(tag, coding, of: response)
        }
        guard codings.first == .gzip, let compressed else { return response.tagged(tag, .identity) }
        return response.compressed(compressed).tagged(tag, .gzip)
    }
}
