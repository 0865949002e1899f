import Gateway
import Testing

/// What the program says of itself.
@Suite(.startsPrograms)
struct CommandLineTests {
    @Test
    func versionIsPrinted() async throws {
        let end = try await BuiltProgram.run("--version")
        #expect(end.ending == .exit(0))
        #expect(end.outputText == "\(GatewayVersion.description)\n")
        #expect(end.errors.isEmpty)
    }

    @Test
    func helpNamesEverySubcommand() async throws {
        let end = try await BuiltProgram.run("--help")
        #expect(end.ending == .exit(0))
        for subcommand in ["serve", "check", "token", "certificate", "demo"] {
            #expect(end.outputText.contains("\n  \(subcommand) "), "\(subcommand)")
        }
    }

    @Test(arguments: ["serve", "check", "token", "certificate", "demo"])
    func helpOfASubcommandTeachesIt(subcommand: String) async throws {
        let end = try await BuiltProgram.run(subcommand, "--help")
        #expect(end.ending == .exit(0))
        #expect(end.outputText.contains("USAGE: hysteria-gateway \(subcommand)"))
        #expect(end.outputText.contains("OVERVIEW: "))
    }

    @Test(arguments: [["--frobnicate"], ["frobnicate"], ["serve", "--confg", "x"], ["serve", "surplus"]])
    func unknownArgumentsAreAMistakeOfUse(arguments: [String]) async throws {
        let end = try await ChildProcess(BuiltProgram.path, arguments).end()
        #expect(end.ending == .exit(64))
        #expect(end.output.isEmpty)
        #expect(end.errorText.contains("Usage: hysteria-gateway"))
    }
}
