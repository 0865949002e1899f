import Foundation

/// The OpenAPI description that the gateway gives out, read so that tests can hold the code to it.
public struct DescribedAPI: Sendable {
    /// All operations.
    public let operations: [DescribedOperation]
    /// The answers that operations refer to, by their names.
    public let answers: [String: DescribedAnswer]
    /// The types of problems, as the schema lists them.
    public let problems: Set<String>
    /// The version of the gateway.
    public let version: String
    /// The addresses that it is given out for.
    public let servers: [String]
    /// Why operations, answers or parameters are not as they should be: references that lead nowhere, or that nobody makes.
    public let loose: [String]

    /// The description in the sources, from which the program gets it.
    public static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Gateway/Embedded/openapi.json").standardizedFileURL.path

    /// The description, read once.
    public static let shared = Result { try DescribedAPI(Data(contentsOf: URL(filePath: path))) }

    /// Reads a description.
    public init(_ data: Data) throws {
        let document = JSONTree(try JSONSerialization.jsonObject(with: data))
        let components = document["components"]
        answers = components["responses"].members.mapValues { DescribedAnswer($0, in: document) }
        problems = Set(components["schemas"]["Problem"]["properties"]["type"]["enum"].texts)
        version = document["info"]["version"].text ?? ""
        servers = document["servers"].elements.compactMap { $0["url"].text }
        operations = document["paths"].members.flatMap { path, item in
            item.members.map { DescribedOperation(path: path, method: $0.uppercased(), $1, in: document) }
        }
        let made = Set(document.references)
        let there = components.members.flatMap { kind, members in
            kind == "securitySchemes" ? [] : members.members.keys.map { "#/components/\(kind)/\($0)" }
        }
        loose = made.symmetricDifference(there).sorted()
    }

    /// The operation with this path and method; nil where there is none.
    public func operation(_ method: String, _ path: String) -> DescribedOperation? {
        operations.first { $0.path == path && $0.method == method }
    }

    /// What is wrong with an answer by the description; nil if nothing is.
    ///
    /// - Parameters:
    ///   - target: path and query as they were sent.
    ///   - contentType: the answer's `Content-Type`.
    ///   - fields: the names of the answer's header fields.
    ///   - problem: the `type` of a problem.
    public func complaint(
        method: String,
        target: String,
        status: Int,
        contentType: String?,
        fields: [String],
        problem: String?
    ) -> String? {
        let path = String(target.prefix { $0 != "?" })
        let isKnown = operations.contains { $0.path == path }
        let candidates: [DescribedAnswer]
        if let operation = operation(method, path) {
            guard let answer = operation.answers[status] else {
                return "\(method) \(path) is not described to answer \(status)"
            }
            candidates = [answer]
        } else {
            // Whatever else can be said of them, paths and methods that are not there are not served.
            guard status >= 400 || !isKnown else { return "\(method) \(path) is not described and answers \(status)" }
            candidates = answers.values.filter { $0.statuses.contains(status) || $0.statuses.isEmpty }
        }
        let complaints = candidates.map { $0.complaint(contentType: contentType, fields: fields, problem: problem) }
        guard !complaints.contains(where: { $0 == nil }) else { return nil }
        return "\(method) \(target), \(status): \(complaints.compactMap { $0 }.first ?? "no such answer is described")"
    }
}
