import NIOCore

/// A call with which a new token can be tried.
struct TokenTrial {
    /// What `curl` is given, in the words of a shell.
    let arguments: String

    /// - Parameters:
    ///   - scopes: The names of what the token may do. `clear` alone opens nothing, and is refused elsewhere.
    ///   - user: One whom it may act on; nil for any.
    init(scopes: Set<String>, user: String?) {
        let own = Endpoints.all.first { $0.scope.map { scopes.contains($0.name) } ?? false }
        let endpoint = own ?? HealthEndpoint()
        let url = "https://my.site.com\(endpoint.path)"
        let body = endpoint.exampleBody(user: user ?? "some-user")
        arguments = body.map { "-d \(ShellText.quote(String(buffer: $0))) \(url)" } ?? url
    }
}
