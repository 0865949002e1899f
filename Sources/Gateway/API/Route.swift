import HTTPServer
import Text

/// What can be asked for, by path.
enum Route: Int, CaseIterable {
    case summary, traffic, online, streams, kick, metrics, health, description

    /// The path, compared as a whole with what a caller sent, percent-decoded once.
    var path: StaticString {
        switch self {
        case .summary: "/"
        case .traffic: "/traffic"
        case .online: "/online"
        case .streams: "/dump/streams"
        case .kick: "/kick"
        case .metrics: "/metrics"
        case .health: "/healthz"
        case .description: "/openapi.json"
        }
    }

    /// The scope a token needs; nil where none is asked for.
    var scope: Scope? {
        switch self {
        case .summary, .traffic: .traffic
        case .online: .online
        case .streams: .streams
        case .kick: .kick
        case .metrics: .metrics
        case .health, .description: nil
        }
    }

    /// Whether it is asked with POST; all others with GET or HEAD.
    var changes: Bool { self == .kick }

    /// The value of `Allow`.
    var allow: String { changes ? "OPTIONS, POST" : "GET, HEAD, OPTIONS" }

    /// The form of the answer where the caller does not ask for one.
    var defaultFormat: AnswerFormat { self == .summary || self == .metrics ? .text : .json }

    /// Whether a request with this method is for this route at all.
    func accepts(_ method: HTTPMethod) -> Bool {
        switch method {
        case .get, .head: !changes
        case .post: changes
        case .options: true
        case .other: false
        }
    }

    /// The route with exactly this path.
    init?(path: UnsafeRawBufferPointer) {
        for route in Route.allCases where path.equals(route.path) {
            self = route
            return
        }
        return nil
    }
}
