import Gateway
import Testing

/// What the program says of itself.
@Suite(.startsPrograms)
struct CommandLineTests {
    @Test("version is printed", arguments: ["--version", "version", "-V"])
    func versionIsPrinted(words: String) async throws {
        let end = try await BuiltProgram.run(words)
        #expect(end.ending == .exit(0))
        #expect(end.outputText == "\(GatewayVersion.description)\n")
        #expect(end.errors.isEmpty)
    }

    @Test("help names every subcommand")
    func helpNamesEverySubcommand() async throws {
        let end = try await BuiltProgram.run("--help")
        #expect(end.ending == .exit(0))
        for subcommand in ["serve", "check", "token", "certificate", "demo", "version"] {
            #expect(end.outputText.contains("\n  \(subcommand) "), "\(subcommand)")
        }
    }

    @Test("help of a subcommand teaches it", arguments: ["serve", "check", "token", "certificate", "demo", "version"])
    func helpOfASubcommandTeachesIt(subcommand: String) async throws {
        let end = try await BuiltProgram.run(subcommand, "--help")
        #expect(end.ending == .exit(0))
        #expect(end.outputText.contains("USAGE: hysteria-gateway \(subcommand)"))
        #expect(end.outputText.contains("OVERVIEW: "))
    }

    @Test(
        "unknown arguments are a mistake of use",
        arguments: [["--frobnicate"], ["frobnicate"], ["serve", "--confg", "x"], ["serve", "surplus"]]
    )
    func unknownArgumentsAreAMistakeOfUse(arguments: [String]) async throws {
        let end = try await ChildProcess(BuiltProgram.path, arguments).end()
        #expect(end.ending == .exit(64))
        #expect(end.output.isEmpty)
        #expect(end.errorText.contains("Usage: hysteria-gateway"))
    }

    @Test("help is no mistake", arguments: [["help"], ["help", "serve"], ["serve", "--help"], ["-h"]])
    func helpIsNoMistake(arguments: [String]) async throws {
        let end = try await ChildProcess(BuiltProgram.path, arguments).end()
        #expect(end.ending == .exit(0))
        #expect(end.errors.isEmpty)
        #expect(end.outputText.contains("USAGE: hysteria-gateway"))
    }

    @Test(
        "A command that is misspelt, or has another name elsewhere, is suggested",
        arguments: [
            ("srve", "serve"), ("Serve", "serve"), ("chekc", "check"), ("tokens", "token"), ("cert", "certificate"),
            ("versoin", "version"), ("start", "serve"), ("validate", "check"),
        ]
    )
    func theNearestCommandIsSuggested(word: String, command: String) async throws {
        for arguments in [[word], [word, "--config", "x"], ["help", word]] {
            let end = try await ChildProcess(BuiltProgram.path, arguments).end()
            #expect(end.ending == .exit(64))
            #expect(end.output.isEmpty)
            #expect(end.errorText.contains("There is no command '\(word)'. Did you mean '\(command)'?"), "\(end)")
        }
    }
}
