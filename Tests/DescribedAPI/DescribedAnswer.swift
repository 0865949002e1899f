/// What an answer has to look like.
public struct DescribedAnswer: Sendable {
    /// The media types that it can have; none where it has no content.
    public let mediaTypes: Set<String>
    /// The names of its header fields in lower case, and whether each has to be there.
    public let fields: [String: Bool]
    /// The types of the problems that it can tell of.
    public let problems: Set<String>
    /// The statuses that those problems can have.
    public let statuses: Set<Int>

    /// Fields that an OpenAPI description leaves to HTTP, and those that depend on who asks from where.
    private static let passedOver: Set<String> = ["content-type", "content-length", "connection", "vary"]

    init(_ answer: JSONTree, in document: JSONTree) {
        let content = answer["content"].members
        mediaTypes = Set(content.keys)
        let problem = content["application/problem+json"]?["schema"]["properties"]
        problems = Set(problem.map { $0["type"]["enum"].texts + [$0["type"]["const"].text].compactMap { $0 } } ?? [])
        statuses = Set([problem?["status"]["const"].number].compactMap { $0 })
        var fields: [String: Bool] = [:]
        for (name, field) in answer["headers"].members {
            fields[name.lowercased()] = document.resolve(field)["required"].isTrue
        }
        self.fields = fields
    }

    func complaint(contentType: String?, fields: [String], problem: String?) -> String? {
        let mediaType = contentType.map { String($0.prefix { $0 != ";" }) }
        if let mediaType, !mediaTypes.contains(mediaType) { return "\(mediaType) is not described" }
        if mediaType == nil, !mediaTypes.isEmpty { return "there is no Content-Type" }
        let names = Set(fields.map { $0.lowercased() })
        let further = names.subtracting(Self.passedOver).filter { !$0.hasPrefix("access-control-") }
        if let name = further.subtracting(self.fields.keys).first { return "\(name) is not described" }
        if let name = self.fields.first(where: { $1 && !names.contains($0) })?.key { return "\(name) is missing" }
        if let problem, !problems.contains(problem) { return "\(problem) is not described" }
        return nil
    }
}
