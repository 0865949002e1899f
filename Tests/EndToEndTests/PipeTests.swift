import Foundation
import HysteriaStats
import Testing

/// A pipe lies where a file should: opening it waits for somebody who writes to it.
@Suite(.startsPrograms)
struct PipeTests {
    private static let files = ["config.yaml", "certificate.pem", "key.pem", "secret"]

    private static func replaceByPipe(_ name: String, in folder: TemporaryFolder) throws {
        let path = folder.path(of: name)
        try FileManager.default.removeItem(atPath: path)
        try #require(mkfifo(path, 0o600) == 0)
    }

    @Test("nothing is started and both commands say which file", arguments: files)
    func nothingIsStartedAndBothCommandsSayWhichFile(name: String) async throws {
        let folder = try TemporaryFolder()
        let path = try Scene.write(Scene.Setting(), upstream: StatsAddress(host: "127.0.0.1", port: 9), to: folder)
        try Self.replaceByPipe(name, in: folder)
        let serve = try await BuiltProgram.run("serve", "--config", path)
        #expect(serve.ending == .exit(78), "\(serve)")
        #expect(serve.errorText.contains("\(folder.path(of: name)) is a pipe"), "\(serve)")
        let check = try await BuiltProgram.run("check", "--config", path)
        #expect(check.ending == .exit(1), "\(check)")
        #expect(check.outputText.contains("\(folder.path(of: name)) is a pipe"), "\(check)")
    }

    @Test("a reload changes nothing and the gateway serves and stops", arguments: files)
    func aReloadChangesNothingAndTheGatewayServesAndStops(name: String) async throws {
        try await Scene.play { scene in
            let before = try Data(contentsOf: URL(fileURLWithPath: scene.folder.path(of: name)))
            // curl reads the certificate as well.
            let served = try Data(contentsOf: URL(fileURLWithPath: scene.folder.path(of: "certificate.pem")))
            let curl = Curl(certificate: try scene.folder.write(served, to: "trusted.pem"), port: scene.gateway.port)
            try Self.replaceByPipe(name, in: scene.folder)
            scene.gateway.process.send(SIGHUP)
            _ = try await scene.gateway.log("the configuration is rejected", "\(name) is a pipe")
            #expect(try await curl.get("/traffic", token: Tokens.reader.text).status == 200)
            // And takes the next good one.
            try FileManager.default.removeItem(atPath: scene.folder.path(of: name))
            try scene.folder.write(before, to: name)
            try await scene.gateway.reload()
            try Self.replaceByPipe(name, in: scene.folder)
            #expect(try await scene.gateway.stop().ending == .exit(0))
        }
    }
}
