import Testing

@testable import Gateway

/// A configuration with a mistake in it, and all that is said of it.
struct ConfigurationMistake: Sendable, CustomTestStringConvertible {
    /// The text of the file.
    let text: String
    /// The problems, or the warnings where there are none, one per line.
    let messages: [String]

    /// The lines that differ from a good configuration.
    let testDescription: String
}

/// What people write in `config.yaml`, with the exact message of each: the tables are in the extensions.
///
/// A line of the file begins with `|`, a problem with `>`, a warning with `?`, the rest of a long one with `>+` or `?+`;
/// an empty line ends the entry. `@upstream`, `@certificates`, `@tokens` and, for all three, `@minimal` stand for what is
/// right; `@secret`, `@token` and `@digits` for what must not be in any message.
enum ConfigurationMistakes {
    static let secret = "s3cr3tValue"
    static let token = "hg_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY"
    static let digits = String(repeating: "0123456789abcdef", count: 4)

    static let all: [ConfigurationMistake] = [
        inListenAddresses, inUpstreamAddress, inPlaceholders, inSyntax, inKeys, inScopes, inLists, inValues,
        inCredentials, inPaths,
    ].flatMap(read)

    private static func read(_ table: String) -> [ConfigurationMistake] {
        table.split(separator: "\n\n").map { entry in
            var lines: [String] = []
            var messages: [String] = []
            for line in entry.split(separator: "\n") {
                let content = String(line.drop { $0 != " " }.dropFirst())
                switch line.prefix(while: { $0 != " " }) {
                case "|": lines.append(content)
                case ">", "?": messages.append(content)
                case ">+", "?+": messages[messages.count - 1] += " " + content
                default: preconditionFailure("a table of mistakes has the line \(line)")
                }
            }
            let ownLines = lines.filter { !$0.hasPrefix("@") }
            return ConfigurationMistake(
                text: lines.map(written).joined(),
                messages: messages.map(filled),
                testDescription: ownLines.joined(separator: " ⏎ ")
            )
        }
    }

    private static func written(_ line: String) -> String {
        switch line {
        case "@minimal": ConfigurationFixture.upstream + ConfigurationFixture.certificates + tokens
        case "@upstream": ConfigurationFixture.upstream
        case "@certificates": ConfigurationFixture.certificates
        case "@tokens": tokens
        default: filled(line) + "\n"
        }
    }

    private static let tokens = "tokens: [{name: phone, hash: sha256:\(digits), scopes: [traffic]}]\n"

    private static func filled(_ line: String) -> String {
        line.replacing("@digits", with: digits).replacing("@token", with: token).replacing("@secret", with: secret)
    }
}
