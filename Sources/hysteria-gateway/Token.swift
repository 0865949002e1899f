import Access
import ArgumentParser
import Gateway
import Glibc

/// `token`: a new token and its lines for the configuration.
struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a token and print its lines for the configuration.",
        discussion: """
            The token is printed once and stored nowhere: the configuration only has its SHA-256. No file is changed; copy \
            the lines to the configuration yourself.

              hysteria-gateway token phone
              hysteria-gateway token prometheus --scopes metrics
              hysteria-gateway token wang --users wang --expires 2027-01-01

            With --quiet, for scripts, only the token goes to standard output, and the lines to standard error:

              TOKEN=$(hysteria-gateway token phone --quiet 2> lines.yaml)

            The scopes: \(Scope.allCases.map { "\($0.name) \($0.purpose)" }.joined(separator: "; ")).
            """
    )

    @Argument(help: "A name for the logs: letters, digits and -_.@")
    var name: String

    @Option(help: ArgumentHelp("What the token may do: scopes, separated by commas.", valueName: "scopes"))
    var scopes: String = "traffic,online"

    @Option(
        help: ArgumentHelp(
            "The only users that the token can see and kick, separated by commas. May be repeated.",
            valueName: "users"
        )
    )
    var users: [String] = []

    @Option(
        help: ArgumentHelp(
            "When the token expires: 2027-01-01 (at the start of that day, in UTC) or 2027-01-01T12:00:00Z.",
            valueName: "date"
        )
    )
    var expires: String?

    @Option(
        help: ArgumentHelp(
            "The only addresses, or ranges such as 192.0.2.0/24, from which the token is valid, separated by commas. "
                + "May be repeated.",
            valueName: "addresses"
        )
    )
    var addresses: [String] = []

    @Flag(
        name: .shortAndLong,
        help: "Print only the token to standard output, and the lines for the configuration to standard error."
    )
    var quiet = false

    func run() throws {
        let token = NewToken()
        let lines = try lines(for: token)
        if quiet {
            Terminal.print(token.text)
            Terminal.remark(lines.text)
            return
        }
        Terminal.print(
            """
            The token, shown this once:

              \(token.text)

            The lines for the configuration, below 'tokens:':

            \(lines.text)

            To try it, once the gateway has read them:

              TOKEN=\(token.text)
              curl -H "Authorization: Bearer $TOKEN" \(lines.trial)
            """
        )
    }

    private func lines(for token: NewToken) throws -> TokenSnippet {
        do throws(TokenSnippet.ValueError) {
            return try TokenSnippet(
                name: name,
                digest: token.digest,
                scopes: Token.parts(of: scopes),
                users: users.flatMap(Token.parts),
                expires: expires,
                addresses: addresses.flatMap(Token.parts),
                now: Int64(time(nil))
            )
        } catch {
            throw CommandError("\(error)", .validationFailure)
        }
    }

    private static func parts(of list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false)
            .map { String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }
    }
}
