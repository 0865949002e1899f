import ArgumentParser
import Gateway
import GatewayConfiguration

/// What people type for a command.
enum CommandWords {
    /// No such command.
    struct UnknownWordError: Error, CustomStringConvertible {
        let description: String
    }

    /// What other programs call it.
    private static let synonyms = [
        "run": "serve", "start": "serve", "validate": "check", "test": "check", "configtest": "check",
    ]

    private static var known: [String] {
        HysteriaGateway.configuration.subcommands.map { $0._commandName } + ["help"]
    }

    /// The arguments with `-V` as the parser knows it.
    ///
    /// - Throws: ``UnknownWordError`` where the first word looks like a command and is none. The parser calls that an unexpected
    ///   argument.
    static func corrected(_ arguments: [String]) throws(UnknownWordError) -> [String] {
        if arguments.first == "-V" { return ["--version"] + arguments.dropFirst() }
        // `help serve` and `serve` are the same question.
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        guard let word = words.first, !word.hasPrefix("-"), !known.contains(word) else { return arguments }
        let meant = synonyms[word] ?? NearestWord.find(word, among: known)
        throw UnknownWordError(
            description: """
                Error: There is no command '\(LogText.escaped(word))'.\(meant.map { " Did you mean '\($0)'?" } ?? "")
                The commands: \(known.joined(separator: ", ")).
                Usage: hysteria-gateway <subcommand>
                  See 'hysteria-gateway --help' for more information.
                """
        )
    }
}
