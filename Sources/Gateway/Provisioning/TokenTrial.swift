import HysteriaStats
import NIOCore

/// A call with which a new token can be tried.
struct TokenTrial {
    /// What is tried, the harmless first. Each token may make one of these: `clear` alone is refused.
    private static let routes: [Route] = [.traffic, .online, .metrics, .streams, .kick]

    /// What `curl` is given, in the words of a shell.
    let arguments: String

    /// - Parameters:
    ///   - scopes: The names of what the token may do.
    ///   - user: One whom it may act on; nil for any.
    init(scopes: Set<String>, user: String?) {
        let route = Self.routes.first { $0.scope.map { scopes.isSuperset(of: $0.names) } ?? false } ?? .health
        let url = "https://my.site.com\(route.path)"
        guard route == .kick else {
            arguments = url
            return
        }
        var body = ByteBuffer()
        body.writeStaticString("[")
        body.writeJSONString(user ?? "some-user")
        body.writeStaticString("]")
        arguments = "-d \(ShellText.quote(String(buffer: body))) \(url)"
    }
}
