/// One method of one path.
public struct DescribedOperation: Sendable {
    /// The path.
    public let path: String
    /// The method, in capital letters.
    public let method: String
    /// The ways to show a token, and the scopes that it has to have; an empty one where none need be shown.
    public let security: [[String: [String]]]
    /// The values that each parameter of the query may have; none where any text is taken.
    public let parameters: [String: [String]]
    /// The answers by their status.
    public let answers: [Int: DescribedAnswer]
    /// The media types of the body.
    public let body: [String]

    init(path: String, method: String, _ operation: JSONTree, in document: JSONTree) {
        self.path = path
        self.method = method
        security = operation["security"].elements.map { $0.members.mapValues(\.texts) }
        body = Array(operation["requestBody"]["content"].members.keys)
        var parameters: [String: [String]] = [:]
        for parameter in operation["parameters"].elements.map(document.resolve) where parameter["in"].text == "query" {
            parameters[parameter["name"].text ?? ""] = parameter["schema"]["enum"].texts
        }
        self.parameters = parameters
        var answers: [Int: DescribedAnswer] = [:]
        for (status, answer) in operation["responses"].members {
            answers[Int(status) ?? 0] = DescribedAnswer(document.resolve(answer), in: document)
        }
        self.answers = answers
    }
}
