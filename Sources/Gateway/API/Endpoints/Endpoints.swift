import Text

/// The calls that there are.
enum Endpoints {
    /// All of them, the harmless first: a new token is tried with the first one that it may make.
    static let all: [any Endpoint] = [
        TrafficEndpoint(),
        OnlineEndpoint(),
        MetricsEndpoint(),
        UsersEndpoint(),
        UsageEndpoint(),
        ViewEndpoint(),
        StreamsEndpoint(),
        KickEndpoint(),
        SubscriptionEndpoint(),
        SummaryEndpoint(),
        HealthEndpoint(),
        DescriptionEndpoint(),
    ]

    /// The methods of the server as a whole, as `OPTIONS *` answers them.
    static let allow = all.reduce(into: EndpointMethods()) { $0.formUnion($1.methods) }.allow

    /// What the answer to an unknown path suggests.
    static let suggestions = paths(of: all.filter(\.isSuggested))

    /// Where browsers get a page.
    static let pathsOfPages = paths(of: all.filter { $0.page != nil })

    /// Where a parameter means something.
    static func paths(taking parameter: RequestTarget.Parameter) -> String {
        paths(of: all.filter { $0.parameters.contains(parameter) })
    }

    /// Paths in a sentence: `/a, /b or /c`.
    private static func paths(of endpoints: [any Endpoint]) -> String {
        let paths = endpoints.map(\.path.description)
        guard let last = paths.last, paths.count > 1 else { return paths.first ?? "" }
        return paths.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// An endpoint by its number in ``Endpoints/all``.
struct Route: Hashable, Sendable, CaseIterable {
    /// The number, which is also that of its row in the request counters.
    let number: Int

    static let allCases = Endpoints.all.indices.map(Route.init(number:))
    private static let paths = Endpoints.all.map(\.path)
    private static let allows = Endpoints.all.map(\.methods.allow)

    private init(number: Int) {
        self.number = number
    }

    /// The route with exactly this path; nil where there is none.
    init?(path: UnsafeRawBufferPointer) {
        guard let number = Self.paths.firstIndex(where: { path.equals($0) }) else { return nil }
        self.number = number
    }

    /// The route whose path this one begins with, before a slash and a token, and how long that is; nil where there is none.
    static func withToken(path: UnsafeRawBufferPointer) -> (route: Route, length: Int)? {
        for route in allCases where route.endpoint.hasTokenInPath {
            let length = route.path.utf8CodeUnitCount + 1
            guard path.count > length, path[length - 1] == UInt8(ascii: "/"),
                UnsafeRawBufferPointer(rebasing: path[..<(length - 1)]).equals(route.path)
            else { continue }
            return (route, length)
        }
        return nil
    }

    /// The endpoint.
    var endpoint: any Endpoint { Endpoints.all[number] }

    /// Its path.
    var path: StaticString { Self.paths[number] }

    /// The value of `Allow`.
    var allow: String { Self.allows[number] }
}
