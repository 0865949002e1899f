import Foundation
import HysteriaStats
import Testing

/// How one gateway takes the place of another.
@Suite(.startsPrograms)
struct HandoverTests {
    /// The configuration of a scene, for the port that its gateway has got.
    private func configuration(of scene: Scene, threads: Int) throws -> String {
        let text = try String(contentsOfFile: scene.folder.path(of: "config.yaml"), encoding: .utf8)
        return try scene.folder.write(
            text.replacing("\"127.0.0.1:0\"", with: "\"127.0.0.1:\(scene.gateway.port)\"")
                .replacing(/threads: \d/, with: "threads: \(threads)"),
            to: "successor-\(threads).yaml"
        )
    }

    @Test(
        "nobody is refused and no request lost while one replaces another",
        arguments: [[2, 2], [1, 3, 1], [3, 1, 2]]
    )
    func nobodyIsRefusedAndNoRequestLostWhileOneReplacesAnother(threads: [Int]) async throws {
        let folder = try TemporaryFolder()
        var setting = Scene.Setting()
        setting.threads = threads[0]
        setting.options = ["--handover", folder.path(of: "handover")]
        try await Scene.play(setting) { [setting] scene in
            let load = Load(port: scene.gateway.port, endsWhenRefused: false)
            let last = Observed(scene.gateway)
            let tally = try await load.run(callers: 4) {
                var running = scene.gateway
                for count in threads.dropFirst() {
                    try await load.answers(100)
                    let successor = try await GatewayProcess.start(
                        configuration: configuration(of: scene, threads: count),
                        options: setting.options + ["--take-over"]
                    )
                    #expect(successor.port == scene.gateway.port)
                    let end = try await running.process.end()
                    #expect(end.ending == .exit(0))
                    #expect(!end.errorText.contains("before they had finished"))
                    running = successor
                }
                try await load.answers(100)
                last.update { [running] in $0 = running }
            }
            #expect(tally.losses.isEmpty, "\(tally)")
            #expect(tally.refusals == 0, "\(tally)")
            #expect(try await last.value.stop().ending == .exit(0))
            #expect(!FileManager.default.fileExists(atPath: folder.path(of: "handover")))
        }
    }

    @Test("without being told to no gateway replaces another")
    func withoutBeingToldToNoGatewayReplacesAnother() async throws {
        let folder = try TemporaryFolder()
        var setting = Scene.Setting()
        setting.options = ["--handover", folder.path(of: "handover")]
        try await Scene.play(setting) { [setting] scene in
            let path = try configuration(of: scene, threads: 2)
            let second = try await BuiltProgram.run(
                "serve",
                "--config",
                path,
                "--handover",
                folder.path(of: "handover")
            )
            #expect(second.ending == .exit(69))
            #expect(second.errorText.contains("with --take-over this one takes its place"))
            let elsewhere = try await BuiltProgram.run(
                "serve",
                "--config",
                path,
                "--handover",
                folder.path(of: "other"),
                "--take-over"
            )
            #expect(elsewhere.ending == .exit(69))
            #expect(elsewhere.errorText.contains("no gateway is running that could be replaced"))
            #expect(elsewhere.errorText.contains("another program listens there"))
            #expect(try await scene.curl.get("/healthz").status == 200)

            // What a gateway that was killed leaves behind is in nobody's way.
            scene.gateway.process.send(SIGKILL)
            try await scene.gateway.process.end()
            #expect(FileManager.default.fileExists(atPath: folder.path(of: "handover")))
            let third = try await GatewayProcess.start(configuration: path, options: setting.options)
            #expect(try await scene.curl.get("/healthz").status == 200)
            #expect(try await third.stop().ending == .exit(0))
        }
    }

    @Test("who cannot serve does not take over")
    func whoCannotServeDoesNotTakeOver() async throws {
        let folder = try TemporaryFolder()
        var setting = Scene.Setting()
        setting.options = ["--handover", folder.path(of: "handover")]
        try await Scene.play(setting) { scene in
            let path = try configuration(of: scene, threads: 2)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            // An address that is not this machine's.
            try scene.folder.write(
                text.replacing(/listen: (".*")/) { "listen: [\($0.1), \"192.0.2.1:1\"]" },
                to: "bad.yaml"
            )
            let second = try await BuiltProgram.run(
                "serve",
                "--config",
                scene.folder.path(of: "bad.yaml"),
                "--handover",
                folder.path(of: "handover"),
                "--take-over"
            )
            #expect(second.ending == .exit(69))
            for _ in 0..<10 { #expect(try await scene.curl.get("/healthz").status == 200) }
            #expect(!scene.gateway.process.state.errorText.contains("draining"))
        }
    }
}
