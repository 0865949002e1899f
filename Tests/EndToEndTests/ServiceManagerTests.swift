import Foundation
import HysteriaStats
import Testing

/// The gateway as a service of systemd's kind.
@Suite(.startsPrograms)
struct ServiceManagerTests {
    /// A configuration for the port of a service manager.
    private func configuration(in folder: TemporaryFolder, port: Int, threads: Int = 2) throws -> String {
        var setting = Scene.Setting()
        setting.threads = threads
        let path = try Scene.write(setting, upstream: StatsAddress(host: "127.0.0.1", port: 9), to: folder)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try folder.write(text.replacing("\"127.0.0.1:0\"", with: "\"127.0.0.1:\(port)\""), to: "config.yaml")
    }

    @Test("it is told when callers are served of reloads and of the end", arguments: [false, true])
    func itIsToldWhenCallersAreServedOfReloadsAndOfTheEnd(isAbstract: Bool) async throws {
        let folder = try TemporaryFolder()
        let manager = try ServiceManager(in: folder, isAbstract: isAbstract)
        let path = try configuration(in: folder, port: manager.port)
        let process = try manager.start(configuration: path)
        let ready = try await manager.message("READY=1")
        #expect(ready == "READY=1\nSTATUS=listening on 127.0.0.1:\(manager.port)")
        let curl = Curl(certificate: folder.path(of: "certificate.pem"), port: manager.port)
        #expect(try await curl.get("/healthz").status == 200)

        process.send(SIGHUP)
        let reloading = try await manager.message("RELOADING=1")
        #expect(reloading.contains(/\nMONOTONIC_USEC=[1-9]\d*\n/))
        _ = try await manager.message("READY=1", count: 2)

        process.send(SIGTERM)
        _ = try await manager.message("STOPPING=1")
        #expect(try await process.end().ending == .exit(0))
        #expect(!manager.messages.contains("WATCHDOG=1"))
    }

    @Test("it hears that every event loop turns")
    func itHearsThatEveryEventLoopTurns() async throws {
        let folder = try TemporaryFolder()
        let manager = try ServiceManager(in: folder, isAbstract: true)
        let path = try configuration(in: folder, port: manager.port)
        let process = try manager.start(configuration: path, watchdog: 100_000)
        _ = try await manager.message("WATCHDOG=1", count: 3)
        process.send(SIGTERM)
        #expect(try await process.end().ending == .exit(0))
    }

    @Test("a restart on its socket turns nobody away and loses no request", arguments: [1, 3])
    func aRestartOnItsSocketTurnsNobodyAwayAndLosesNoRequest(threads: Int) async throws {
        try await Scene.play { scene in
            let folder = try TemporaryFolder()
            let manager = try ServiceManager(in: folder, isAbstract: true)
            var setting = Scene.Setting()
            setting.threads = threads
            let written = try Scene.write(setting, upstream: scene.hysteria.address, to: folder)
            let text = try String(contentsOfFile: written, encoding: .utf8)
            let path = try folder.write(
                text.replacing("\"127.0.0.1:0\"", with: "\"127.0.0.1:\(manager.port)\""),
                to: "config.yaml"
            )
            let process = try manager.start(configuration: path)
            _ = try await manager.message("READY=1")
            let load = Load(port: manager.port, endsWhenRefused: false)
            let last = Observed<ChildProcess?>(nil)
            let tally = try await load.run(callers: 4) {
                var running = process
                for _ in 0..<2 {
                    try await load.answers(100)
                    running.send(SIGTERM)
                    #expect(try await running.end().ending == .exit(0))
                    running = try manager.start(configuration: path)
                }
                try await load.answers(100)
                last.update { [running] in $0 = running }
            }
            let end = try #require(last.value)
            #expect(tally.losses.isEmpty, "\(tally)")
            #expect(tally.refusals == 0, "\(tally)")
            end.send(SIGTERM)
            #expect(try await end.end().ending == .exit(0))
        }
    }

    @Test("a socket that the configuration does not have is refused")
    func aSocketThatTheConfigurationDoesNotHaveIsRefused() async throws {
        let folder = try TemporaryFolder()
        let manager = try ServiceManager(in: folder, isAbstract: true)
        let path = try configuration(in: folder, port: manager.port == 1 ? 2 : manager.port - 1)
        let end = try await manager.start(configuration: path).end()
        // The other port may be taken, which is an error of its own.
        guard end.ending != .exit(69) else { return }
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains("which the configuration does not have"))
    }

    @Test("what is no listening socket is refused")
    func whatIsNoListeningSocketIsRefused() async throws {
        let folder = try TemporaryFolder()
        let path = try configuration(in: folder, port: 1)
        let script = "export LISTEN_PID=$$ LISTEN_FDS=1; exec 3</dev/null; exec \"$0\" serve --config \"$1\""
        let end = try await ChildProcess("/bin/bash", ["-c", script, BuiltProgram.path, path]).end()
        #expect(end.ending == .exit(78))
        #expect(end.errorText.contains("descriptor 3 is not a TCP socket that listens"))
    }
}
