import HTTPServer

/// The methods of a path. OPTIONS is one of every path, and so is not in the set.
struct EndpointMethods: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let get = EndpointMethods(rawValue: 1 << 0)
    static let head = EndpointMethods(rawValue: 1 << 1)
    static let post = EndpointMethods(rawValue: 1 << 2)

    /// What reads: whoever may GET may ask for the HEAD of it.
    static let read: EndpointMethods = [.get, .head]

    /// Whether a request with this method is for the path at all.
    func accepts(_ method: HTTPMethod) -> Bool {
        switch method {
        case .get: contains(.get)
        case .head: contains(.head)
        case .post: contains(.post)
        case .options: true
        case .other: false
        }
    }

    /// The value of `Allow`.
    var allow: String {
        let all: [(name: String, method: HTTPMethod)] = [
            ("GET", .get), ("HEAD", .head), ("OPTIONS", .options), ("POST", .post),
        ]
        return all.filter { accepts($0.method) }.map(\.name).joined(separator: ", ")
    }
}
