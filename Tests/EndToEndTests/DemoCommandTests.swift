import Foundation
import Testing

/// The first thing that anybody tries.
@Suite(.startsPrograms)
struct DemoCommandTests {
    /// Starts a demo and waits for its instructions.
    private static func start(_ further: String...) async throws -> (demo: ChildProcess, instructions: String) {
        let demo = try ChildProcess(BuiltProgram.path, ["demo", "--port", "0"] + further)
        let instructions = try await demo.first("instructions") { state in
            state.outputText.contains("Ctrl-C") ? state.outputText : nil
        }
        return (demo, instructions)
    }

    /// The line that sets the variable of the other lines.
    private static func token(in instructions: String) throws -> String {
        String(try #require(instructions.firstMatch(of: /TOKEN=hg_\S+/)).output)
    }

    @Test("the lines it prints work as printed")
    func theLinesItPrintsWorkAsPrinted() async throws {
        let (demo, instructions) = try await Self.start()
        let lines = instructions.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("curl ") }
        #expect(lines.count >= 5)
        let token = try Self.token(in: instructions)
        #expect(instructions.matches(of: /TOKEN=/).count == 1)
        for line in lines {
            let end = try await ChildProcess(
                "/bin/sh",
                ["-c", "\(token); \(line) --silent --show-error --write-out ' %{http_code}'"]
            )
            .end()
            #expect(end.ending == .exit(0), "\(line): \(end)")
            #expect(end.outputText.hasSuffix(line.contains("Authorization") ? " 200" : " 401"), "\(line): \(end)")
        }

        let certificate = try #require(instructions.firstMatch(of: /--cacert (\S+)/)).1
        let folder = (String(certificate) as NSString).deletingLastPathComponent
        #expect(FileManager.default.fileExists(atPath: folder))
        demo.send(SIGINT)
        let end = try await demo.end()
        #expect(end.ending == .exit(0))
        #expect(end.errors.isEmpty, "\(end)")
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test("it runs on a machine without a time zone database")
    func itRunsOnAMachineWithoutATimeZoneDatabase() async throws {
        let arguments = ["TZDIR=/nonexistent", BuiltProgram.path, "demo", "--port", "0", "--users", "0"]
        let demo = try ChildProcess("/usr/bin/env", arguments)
        _ = try await demo.first("instructions") { $0.outputText.contains("Ctrl-C") ? true : nil }
        demo.send(SIGINT)
        let end = try await demo.end()
        #expect(end.ending == .exit(0), "\(end)")
    }

    @Test("its folder is removed however it is stopped", arguments: [SIGINT, SIGTERM])
    func itsFolderIsRemovedHoweverItIsStopped(signal: Int32) async throws {
        let (demo, instructions) = try await Self.start("--users", "0")
        let certificate = String(try #require(instructions.firstMatch(of: /--cacert (\S+)/)).1)
        demo.send(signal)
        demo.send(signal)
        try await demo.end()
        #expect(!FileManager.default.fileExists(atPath: (certificate as NSString).deletingLastPathComponent))
    }

    @Test("a port that is taken is named")
    func aPortThatIsTakenIsNamed() async throws {
        let (demo, instructions) = try await Self.start()
        let port = String(try #require(instructions.firstMatch(of: /https:\/\/localhost:(\d+)/)).1)
        let second = try await BuiltProgram.run("demo", "--port", port)
        #expect(second.ending == .exit(69))
        #expect(second.errorText.contains("127.0.0.1:\(port)"))
        demo.send(SIGINT)
        try await demo.end()
    }

    @Test("figures move")
    func figuresMove() async throws {
        let (demo, instructions) = try await Self.start()
        let line = try #require(instructions.split(separator: "\n").first { $0.hasSuffix("/traffic") })
        let token = try Self.token(in: instructions)
        var answers: Set<String> = []
        while answers.count < 2 {
            let script = "\(token); \(line) --silent --show-error"
            answers.insert(try await ChildProcess("/bin/sh", ["-c", script]).end().outputText)
        }
        demo.send(SIGINT)
        #expect(try await demo.end().ending == .exit(0))
    }
}
