import HTTPServer

@testable import Access
@testable import Gateway

/// The routes that tests speak of.
extension Route {
    static let summary = Route("/")
    static let traffic = Route("/traffic")
    static let online = Route("/online")
    static let streams = Route("/dump/streams")
    static let kick = Route("/kick")
    static let health = Route("/healthz")

    private init(_ path: String) {
        self = Route.allCases.first { $0.path.description == path }!
    }

    /// The scope that a token needs; nil where none is asked for.
    var scope: Scope? { endpoint.scope }

    /// Whether a request with this method is for this route at all.
    func accepts(_ method: HTTPMethod) -> Bool { endpoint.methods.accepts(method) }
}
