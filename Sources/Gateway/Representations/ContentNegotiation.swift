import HTTPServer
import NIOCore

/// Finds out what a caller gets of a good answer: the content as it is, compressed, or the word that it has not changed.
struct ContentNegotiation {
    /// Below this many bytes nothing is gained: the answer fits the packet that it needs anyway.
    private static let shortest = 1024

    let rules: ContentRules
    let wishes: AnswerWishes

    /// Whether there is anything to find out.
    static func concerns(_ response: Response, _ wishes: AnswerWishes) -> Bool {
        let count = response.body.readableBytes
        return response.status == .ok && (count >= Self.shortest || wishes.coding == .gzipOnly && count > 0)
    }

    /// Calls back with the answer, perhaps at once.
    func choose(_ response: Response, among contents: TurnContents, _ send: @escaping (Response) -> Void) {
        guard !rules.isDisjoint(with: [.compressed, .tagged]) else { return send(response) }
        let content = contents.content(response.body)
        var response = response
        response.fields.append(rules.vary)
        guard rules.contains(.tagged) else { return chooseCoding(response, content, tag: nil, send) }
        content.tag.assumeIsolated().whenComplete { [response] result in
            // Too much to do: neither is compressed what would take far longer.
            guard let tag = try? result.get() else { return send(response) }
            if let coding = wishes.held?.coding(of: tag, among: codings) {
                return send(.notModified(tag, coding, of: response))
            }
            chooseCoding(response, content, tag: tag, send)
        }
    }

    private var codings: [ContentCoding] { wishes.codings(isCompressed: rules.contains(.compressed)) }

    private func chooseCoding(
        _ response: Response,
        _ content: SharedContent,
        tag: EntityTag?,
        _ send: @escaping (Response) -> Void
    ) {
        guard codings.first == .gzip else { return send(response.tagged(tag, .identity)) }
        content.compressed.assumeIsolated().whenComplete { result in
            guard let body = try? result.get() else { return send(response.tagged(tag, .identity)) }
            send(response.compressed(body).tagged(tag, .gzip))
        }
    }
}

extension Response {
    /// The word that a content has not changed (RFC 9110, section 15.4.5), with the fields that the answer with it would have.
    static func notModified(_ tag: EntityTag, _ coding: ContentCoding, of response: Response) -> Response {
        var unchanged = response
        unchanged.status = .notModified
        unchanged.contentType = nil
        unchanged.body = ByteBuffer()
        return unchanged.tagged(tag, coding)
    }

    /// It, with its tag.
    func tagged(_ tag: EntityTag?, _ coding: ContentCoding) -> Response {
        guard let tag else { return self }
        var response = self
        response.fields.append(tag.field(for: coding))
        return response
    }

    /// It, with its content compressed.
    func compressed(_ body: ByteBuffer) -> Response {
        var response = self
        response.body = body
        response.fields.append(Field(name: "Content-Encoding", value: "gzip"))
        return response
    }
}
