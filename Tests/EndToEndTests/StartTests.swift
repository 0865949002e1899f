import Foundation
import HysteriaStats
import Testing

/// What the process begins with can lack something.
@Suite(.startsPrograms)
struct StartTests {
    /// Runs `script` with the program as `$0`.
    private static func run(_ script: String, _ arguments: String...) async throws -> ChildProcess.State {
        try await ChildProcess("/bin/bash", ["-c", script, BuiltProgram.path] + arguments).end()
    }

    @Test("Standard streams that are closed stay nobody's: no descriptor of the gateway takes their place")
    func closedStreamsAreNotTaken() async throws {
        let folder = try TemporaryFolder()
        let manager = try ServiceManager(in: folder, isAbstract: true)
        let path = try Scene.write(Scene.Setting(), upstream: StatsAddress(host: "127.0.0.1", port: 9), to: folder)
        let process = try ChildProcess(
            "/bin/bash",
            [
                "-c", "export NOTIFY_SOCKET=\"$2\"; exec \"$0\" serve --config \"$1\" <&- >&- 2>&-", BuiltProgram.path,
                path, manager.notifySocket,
            ]
        )
        _ = try await manager.message("READY=1")
        for descriptor in 0...2 {
            let file = "/proc/\(process.identifier)/fd/\(descriptor)"
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == "/dev/null")
        }
        process.send(SIGTERM)
        #expect(try await process.end().ending == .exit(0))
    }

    /// Whether this user may hide /proc from a program.
    private static let canHide: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "unshare --user --map-root-user --mount mount -t tmpfs none /proc 2>/dev/null"]
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test("Without /proc the arguments are read all the same", .enabled(if: canHide, "no mount namespaces here"))
    func theArgumentsAreReadWithoutProc() async throws {
        let hidden =
            "exec unshare --user --map-root-user --mount sh -c 'mount -t tmpfs none /proc && exec \"$0\" \"$@\"' \"$0\""
        let check = try await Self.run("\(hidden) check --config /nonexistent/config.yaml")
        #expect(check.ending == .exit(1), "\(check)")
        #expect(check.outputText.contains("/nonexistent/config.yaml"))
        let serve = try await Self.run("\(hidden) serve --config /nonexistent/config.yaml")
        #expect(serve.ending == .exit(78), "\(serve)")
        #expect(serve.errorText.contains("/nonexistent/config.yaml"))
    }

    @Test("Too few descriptors are an error that says how many are needed", arguments: [6, 12, 20])
    func tooFewDescriptorsAreTold(limit: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try Scene.write(Scene.Setting(), upstream: StatsAddress(host: "127.0.0.1", port: 9), to: folder)
        for command in ["serve --config \"$1\"", "demo --port 0"] {
            let end = try await Self.run("ulimit -n \(limit); exec \"$0\" \(command)", path)
            #expect(end.ending == .exit(71), "\(end)")
            #expect(end.errorText.contains("the limit is \(limit): raise LimitNOFILE="), "\(end)")
        }
    }

    @Test("More threads than the address space has room for are an error that says so")
    func tooLittleAddressSpaceIsTold() async throws {
        let folder = try TemporaryFolder()
        var setting = Scene.Setting()
        setting.threads = 200
        let path = try Scene.write(setting, upstream: StatsAddress(host: "127.0.0.1", port: 9), to: folder)
        let end = try await Self.run("ulimit -v 1000000; exec \"$0\" serve --config \"$1\"", path)
        #expect(end.ending == .exit(71), "\(end)")
        #expect(end.errorText.contains("212 threads are needed"), "\(end)")
        #expect(end.errorText.contains("the address space is limited to 976 MiB: raise LimitAS="), "\(end)")
    }

    @Test(
        "No thread asks for another priority",
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/strace"))
    )
    func noPriorityIsAskedFor() async throws {
        let folder = try TemporaryFolder()
        let path = try Scene.write(Scene.Setting(), upstream: StatsAddress(host: "127.0.0.1", port: 9), to: folder)
        let trace = folder.path(of: "trace")
        let process = try ChildProcess(
            "/usr/bin/strace",
            ["-D", "-f", "-e", "trace=setpriority,listen", "-o", trace, BuiltProgram.path, "serve", "--config", path]
        )
        _ = try await GatewayProcess.listening(process)
        process.send(SIGTERM)
        try await process.end()
        let calls = try String(contentsOfFile: trace, encoding: .utf8)
        #expect(calls.contains("listen("))
        #expect(!calls.contains("setpriority("))
    }
}
