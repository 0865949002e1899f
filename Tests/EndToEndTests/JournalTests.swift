import Foundation
import HysteriaStats
import Testing

/// The gateway's own messages, as systemd and programs read them.
@Suite(.startsPrograms)
struct JournalTests {
    /// Serves, with standard error where `JOURNAL_STREAM` says or not, until it listens; returns what it wrote there.
    private static func log(_ further: String = "", stream: String) async throws -> [Substring] {
        let folder = try TemporaryFolder()
        let manager = try ServiceManager(in: folder, isAbstract: true)
        var setting = Scene.Setting()
        // More than any process may have open: a warning.
        setting.limits["connections"] = "1000000"
        setting.further = further
        let path = try Scene.write(setting, upstream: StatsAddress(host: "127.0.0.1", port: 9), to: folder)
        let log = folder.path(of: "log")
        let script = """
            exec 2>"$3"; ulimit -n 512; export NOTIFY_SOCKET="$2" JOURNAL_STREAM=\(stream)
            exec "$0" serve --config "$1"
            """
        let process = try ChildProcess(
            "/bin/bash",
            ["-c", script, BuiltProgram.path, path, manager.notifySocket, log]
        )
        _ = try await manager.message("READY=1")
        process.send(SIGTERM)
        #expect(try await process.end().ending == .exit(0))
        return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    }

    private static let itself = "$(stat -L -c %d:%i /dev/fd/2)"

    @Test("The journal gets the priority of each line, and no second time")
    func theJournalGetsPriorities() async throws {
        let lines = try await Self.log(stream: Self.itself)
        #expect(lines.contains { $0.hasPrefix("<4>limits.connections is 1000000") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("<6>listening address=127.0.0.1:") }, "\(lines)")
        #expect(lines.allSatisfy { $0.contains(/^<[2-7]>/) }, "\(lines)")
    }

    @Test(
        "A stream that is no more the journal's gets lines with time and level",
        arguments: ["1:1", "\"\"", "x:y", "9"]
    )
    func otherStreamsGetTimes(stream: String) async throws {
        let lines = try await Self.log(stream: stream)
        let listening = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ info hysteria-gateway: listening address=/
        #expect(lines.contains { $0.contains(listening) }, "\(lines)")
        #expect(lines.allSatisfy { $0.contains(/^\d{4}-/) }, "\(lines)")
    }

    @Test("One format for one stream", arguments: ["accessLog: json", "log: json", "accessLog: none\nlog: json"])
    func ownMessagesAreJSONToo(further: String) async throws {
        for line in try await Self.log(further, stream: "1:1") {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            #expect(object["time"] != nil && object["level"] != nil && object["message"] != nil)
        }
        let priority = try await Self.log(further, stream: Self.itself)
        let listening = /^<6>\{"time":"[^"]+","level":"info","message":"listening","address":/
        #expect(priority.contains { $0.contains(listening) }, "\(priority)")
    }

    @Test("Text beside an access log in JSON, where it is asked for")
    func theFormatCanBeChosen() async throws {
        let lines = try await Self.log("accessLog: json\nlog: text", stream: "1:1")
        #expect(lines.contains { $0.contains(" info hysteria-gateway: listening address=") }, "\(lines)")
    }

    @Test("What keeps the gateway from starting is an error in the journal, on each of its lines")
    func errorsAtTheStartHaveTheirPriority() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("thread: 2\nlisten: nowhere\n", to: "config.yaml")
        let script = "export JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/2); exec \"$0\" serve --config \"$1\""
        let end = try await ChildProcess("/bin/bash", ["-c", script, BuiltProgram.path, path]).end()
        #expect(end.ending == .exit(78))
        #expect(end.errorLines.count > 1)
        #expect(end.errorLines.allSatisfy { $0.hasPrefix("<3>") && $0.contains("config.yaml") }, "\(end)")
    }
}
