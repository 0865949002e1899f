import Access
import GatewayConfiguration
import NIOCore

/// The lines of the configuration for a new token, checked as the configuration will check them.
package struct TokenSnippet: Sendable {
    /// Why there can be no such token.
    package struct ValueError: Error, Sendable, CustomStringConvertible {
        /// What is wrong and what was expected.
        package let description: String
    }

    /// The lines, to stand under `tokens:`.
    package let text: String
    /// What `curl` is given besides the token to try it: the URL of a call that this token may make, and what that needs.
    package let trial: String

    /// Describes a token.
    ///
    /// - Parameters:
    ///   - name: The name for the logs.
    ///   - digest: What the configuration keeps of the token.
    ///   - scopes: The names of the scopes.
    ///   - users: The users that it is limited to; none means all of them.
    ///   - expires: A date or a moment; nil means never.
    ///   - addresses: The addresses, or ranges of them, that it is limited to; none means all of them.
    ///   - now: The seconds since 1970.
    package init(
        name: String,
        digest: TokenDigest,
        scopes: [String],
        users: [String],
        expires: String?,
        addresses: [String] = [],
        now: Int64
    ) throws(ValueError) {
        var lines = ["- name: \(YAMLText.quote(name))", "  hash: \(digest.text)"]
        lines.append("  scopes: [\(scopes.map(YAMLText.quote).joined(separator: ", "))]")
        if !users.isEmpty { lines.append("  users: [\(users.map(YAMLText.quote).joined(separator: ", "))]") }
        if let expires {
            lines.append("  expires: \(ExpiryText.parse(expires) == nil ? YAMLText.quote(expires) : expires)")
        }
        if !addresses.isEmpty {
            lines.append("  addresses: [\(addresses.map(YAMLText.quote).joined(separator: ", "))]")
        }
        text = lines.map { "  " + $0 }.joined(separator: "\n")
        trial = TokenTrial(scopes: Set(scopes), user: users.first).arguments

        if let problem = TokenSnippet.problem(in: text, now: now) { throw problem }
        // A user of Hysteria can be called "", but `--users ''` hardly means that one.
        if let index = users.firstIndex(of: "") {
            throw ValueError(
                description: "users[\(index)]: found ''; expected the name of a user; for all users, leave 'users' out"
            )
        }
    }

    /// What the configuration would say of these lines.
    private static func problem(in text: String, now: Int64) -> ValueError? {
        let problems = ProblemCollector(file: "", keys: Configuration.keyPlaces)
        let environment = ConfigurationEnvironment(
            files: .none,
            variables: [:],
            workingDirectory: "/",
            now: { now },
            cores: 1,
            user: "",
            groups: []
        )
        let files = ReferencedFiles(configuration: "/", environment: environment)
        if let document = YAMLDocument(Array("tokens:\n\(text)\n".utf8), problems: problems),
            let top = document.root.mapping(keys: [TokensSection.key])
        {
            SectionReader(top, files).value(of: TokensSection.self)
        }
        guard
            let problem = problems.error?.problems.first
                // A token that has ended is a mistake where it is made; the names of users are the operator's own affair.
                ?? problems.sortedWarnings.first(where: { $0.key?.hasSuffix(".expires") ?? false })
        else { return nil }
        let key = problem.key?.replacing("tokens[0].", with: "") ?? "token"
        let words = ConfigurationProblem(
            file: key,
            found: problem.found,
            expected: problem.expected,
            nearest: problem.nearest,
            advice: problem.advice
        )
        return ValueError(description: "\(words)")
    }
}

extension FileAccess {
    /// A file system with nothing in it.
    static let none = FileAccess(
        status: { _ in .failure(.missing) },
        target: { _ in nil },
        permits: { _, _ in false },
        read: { _, _ in .failure(.missing) }
    )
}

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
