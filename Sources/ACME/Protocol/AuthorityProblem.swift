import JSON
import NIOCore

/// What an authority says is wrong (RFC 8555, 6.7; RFC 9457).
package struct AuthorityProblem: Hashable, Sendable {
    /// Without `urn:ietf:params:acme:error:`; empty if the authority did not say.
    package let type: String
    package let detail: String
    /// A page for a person to read.
    package let instance: String?
    package let status: Int
    /// The same for single names (RFC 8555, 6.7.1), each with what it is about.
    package let subproblems: [Subproblem]

    package struct Subproblem: Hashable, Sendable {
        package let identifier: String
        package let type: String
        package let detail: String
    }

    /// The problem of an answer; made up from its status if its body has none, as of a proxy on the way.
    package init(_ response: AuthorityResponse) {
        let json = try? JSONValue(parsing: ByteBuffer(bytes: response.body), valueLimit: 4096)
        self.init(json ?? .null, status: response.status)
    }

    /// The problem in another document, such as a challenge.
    package init(_ json: JSONValue, status: Int? = nil) {
        type = Self.shortType(json["type"]?.string)
        self.status = status ?? json["status"]?.integer ?? 0
        detail = (json["detail"]?.string ?? json["title"]?.string ?? "").asLine
        instance = json["instance"]?.string?.asLine
        subproblems = (json["subproblems"]?.array ?? []).prefix(100)
            .map { part in
                Subproblem(
                    identifier: (part["identifier"]?["value"]?.string ?? "").asLine,
                    type: Self.shortType(part["type"]?.string),
                    detail: (part["detail"]?.string ?? "").asLine
                )
            }
    }

    private static func shortType(_ text: String?) -> String {
        guard let text else { return "" }
        for prefix in ["urn:ietf:params:acme:error:", "urn:acme:error:"] where text.hasPrefix(prefix) {
            return String(text.dropFirst(prefix.count)).asLine
        }
        return text == "about:blank" ? "" : text.asLine
    }

    /// Whether it says nothing of what was asked for: the same request may succeed later, and an order is as good as before.
    package var isTransient: Bool { status >= 500 || status == 429 || Self.transientTypes.contains(type) }

    private static let transientTypes: Set<String> = ["badNonce", "rateLimited", "serverInternal"]

    /// What the authority said, whole: it names dates, and pages on which a person can do something.
    package var words: String {
        var words = type.isEmpty ? (status == 0 ? "no reason given" : "status \(status)") : type
        if !detail.isEmpty { words += ": \(detail)" }
        for part in subproblems { words += "; \(part.identifier): \(part.type): \(part.detail)" }
        if let instance { words += " (\(instance))" }
        return words
    }
}
