import Foundation
import HysteriaStats
import NIOCore
import NIOOpenSSL
import Testing

@testable import Gateway
@testable import GatewayConfiguration

/// A folder with an identity in it that somebody made elsewhere, and what the program says of it.
final class IdentityBench {
    /// What it has with an authority and an intermediate one in it, made once.
    private static let authorities = Result {
        let folder = try makeFolder()
        try IssuedCertificate.authority("Root").write("root", in: folder)
        try IssuedCertificate.authority("Intermediate").write("middle", by: "root", in: folder)
        return folder
    }

    let folder: URL

    init() throws {
        folder = try Self.makeFolder()
        let authorities = try Self.authorities.get()
        for name in ["root.crt", "root.key", "middle.crt", "middle.key"] {
            try FileManager.default.copyItem(
                at: authorities.appendingPathComponent(name),
                to: folder.appendingPathComponent(name)
            )
        }
        try write(Data(ReloadScene.configuration().utf8), "config.yaml")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private static func makeFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("identity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    func write(_ data: Data, _ name: String) throws {
        let file = folder.appendingPathComponent(name)
        try data.write(to: file)
        chmod(file.path, 0o600)
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

    /// Makes files one behind the other what is served.
    func serve(_ chain: [String], key: String) throws {
        try write(chain.map(read).reduce(Data(), +), "fullchain.pem")
        try write(read(key), "privkey.pem")
    }

    private var configuration: String { folder.appendingPathComponent("config.yaml").path }

    /// The words without the folder, which has another name each time.
    private func plain(_ words: String, _ name: String) -> String { words.replacing(folder.path + "/", with: name) }

    /// The lines of `check` but for those that are good.
    ///
    /// - Parameter name: What stands for the folder and the slash behind it.
    func check(folder name: String = "") async -> [String] {
        var environment = CheckEnvironment.system()
        environment.bind = { _ in nil }
        environment.configuration.user = "gateway"
        environment.ask = { _ in .success(StatsAnswer(body: ByteBuffer(string: "{}"))) }
        let results = await ConfigurationCheck(path: configuration, environment: environment).run()
        return results.filter { $0.verdict != .ok }.map { plain("\($0.verdict.rawValue): \($0.words)", name) }
    }

    /// What `serve` logs when it starts, or why it does not.
    func start(folder name: String = "") throws -> [String] {
        let read = try Configuration.load(path: configuration)
        do {
            let state = try ServingState(configuration: read, identities: try read.loadIdentities())
            let log = LogRecorder()
            ServingWarnings(state, now: Int64(Date().timeIntervalSince1970), descriptors: 65_536).log(to: log.logger)
            return log.lines.map { plain($0, name) }
        } catch let errors as IdentityErrors {
            return errors.errors.map { plain("refused: \($0)", name) }
        }
    }

    /// Whether a running gateway takes it in place of a good certificate.
    func isTakenAtReload() async throws -> Bool {
        let scene = try ReloadScene()
        await scene.look()
        let (chain, key) = (try read("fullchain.pem"), try read("privkey.pem"))
        try scene.write([UInt8](key), "privkey.pem")
        try scene.write([UInt8](chain), "fullchain.pem")
        await scene.look(.demand)
        return scene.servedNames != ["first.example"]
    }
}
