import Foundation
import Logging
import NIOOpenSSL

@testable import Gateway
@testable import GatewayConfiguration

/// A reloader over real files, which a test changes and then has looked at.
final class ReloadScene {
    let folder: URL
    let log = LogRecorder()
    let reloader: Reloader

    /// Every state that was adopted.
    let adopted: Adopted

    /// What the reloader had the gateway serve from.
    final class Adopted {
        var states: [ServingState] = []
    }

    /// Makes a folder with a configuration and an identity, and serves from it.
    ///
    /// - Parameter prepare: Changes the files before they are read first.
    init(_ configuration: String = ReloadScene.configuration(), _ prepare: (URL) throws -> Void = { _ in }) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("reload-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.write(Array(configuration.utf8), folder, "config.yaml")
        try Self.write(TLSIdentity.throwaway(names: ["first.example"]), folder)
        try prepare(folder)
        let path = folder.appendingPathComponent("config.yaml").path
        let first = try Configuration.load(path: path)
        let state = try ServingState(configuration: first, identities: try first.loadIdentities())
        let adopted = Adopted()
        self.adopted = adopted
        var timing = ReloadTiming()
        timing.settling = .milliseconds(1)
        reloader = Reloader(
            source: StateSource(path: path),
            state: state,
            timing: timing,
            clock: .system,
            logger: log.logger,
            watch: { _ in },
            adopt: { adopted.states.append($0) }
        )
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// A configuration, with what a test changes in it.
    static func configuration(
        listen: String = "127.0.0.1:0",
        secret: String = "some_secret",
        hash: Character = "a",
        further: String = ""
    ) -> String {
        """
        listen: "\(listen)"
        threads: 1
        upstream: {address: "127.0.0.1:9999", secret: \(secret)}
        certificates: [{certificate: fullchain.pem, key: privkey.pem}]
        tokens: [{name: phone, hash: "sha256:\(String(repeating: hash, count: 64))", scopes: [traffic]}]
        \(further)

        """
    }

    /// The names of the identity that is served.
    var servedNames: [String] { reloader.state.identities.identities[0].leaf.names }

    /// Has the files looked at, as if the kernel had told of a change, and returns what was logged.
    @discardableResult
    func look(_ reason: ReloadTriggers.Reasons = .change) async -> [String] {
        await reloader.handle(reason)
        return log.take()
    }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Self.write(bytes, folder, name)
    }

    func write(_ text: String, _ name: String = "config.yaml") throws {
        try Self.write(Array(text.utf8), folder, name)
    }

    /// Writes in place: another content in the same file.
    static func write(_ bytes: [UInt8], _ folder: URL, _ name: String) throws {
        let path = folder.appendingPathComponent(name).path
        guard let file = fopen(path, "w") else { throw CocoaError(.fileWriteUnknown) }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count, chmod(path, 0o600) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    /// Writes an identity in place, the key first.
    static func write(_ identity: TLSIdentity, _ folder: URL) throws {
        try write(identity.privateKeyPEM, folder, "privkey.pem")
        try write(identity.certificateChainPEM, folder, "fullchain.pem")
    }
}
