import Foundation
import HysteriaSimulator
import HysteriaStats
import NIOOpenSSL
import NIOPosix
import OwnHosts
import Testing

/// A gateway before a simulated Hysteria, with all that a test wants to do to them.
struct Scene: Sendable {
    /// How a scene is set.
    struct Setting: Sendable {
        /// Hysteria's users. These stand still, so that every answer is known.
        var users = [
            SimulatedUser(name: "anna", devices: 2, tx: 7_790, rx: 446_623),
            SimulatedUser(name: "wang", tx: 514, rx: 4_017),
            SimulatedUser(name: "<b>&\u{1B}[31m", devices: 0, tx: 1_048_576, rx: 0),
        ]
        /// Hysteria's time.
        var now: @Sendable () -> Int64 = SystemClock.nanosecondsSince1970
        /// The secret that the gateway sends; nil for Hysteria's own.
        var secret: String?
        /// How long the gateway waits for Hysteria.
        var timeout = "20s"
        /// Event loops of the gateway.
        var threads = 2
        /// Whether plain HTTP is redirected.
        var redirects = false
        /// The gateway's limits, by name. No part of most tests, the times are such as no busy machine comes near.
        var limits = [
            "handshakeTimeout": "5m", "headTimeout": "5m", "bodyTimeout": "5m", "idleTimeout": "5m",
        ]
        /// Further options of `serve`.
        var options: [String] = []
        /// Further lines of the configuration.
        var further = ""
        /// Further entries of its tokens.
        var furtherTokens = ""
    }

    /// Where the configuration lies.
    let folder: TemporaryFolder
    /// The upstream.
    let hysteria: HysteriaSimulator
    /// Stops and continues the upstream.
    let gate: Gate
    /// The program under test.
    let gateway: GatewayProcess
    /// A client of the program.
    let curl: Curl

    /// The secret of every simulated Hysteria.
    static let secret = "hysteria-secret-\(UUID().uuidString)"
    /// The identity of every gateway under test.
    static let identity = Result { try TLSIdentity.throwaway(names: ["localhost", "gateway.example", "127.0.0.1"]) }

    /// Sets a scene, plays it, and clears up: nothing may be left running, and nothing that it printed may tell a
    /// secret.
    static func play(
        _ setting: Setting = Setting(),
        sourceLocation: SourceLocation = #_sourceLocation,
        _ act: @Sendable (Scene) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let gate = Gate(group.next())
        let hysteria = try await HysteriaSimulator.start(
            .init(
                secret: try Secret(secret),
                users: setting.users,
                seed: 7,
                now: setting.now,
                host: OwnHost.next()
            ),
            on: group.next()
        )
        let folder = try TemporaryFolder()
        let configuration = try write(setting, upstream: hysteria.address, to: folder)
        let gateway: GatewayProcess
        do {
            gateway = try await GatewayProcess.start(
                configuration: configuration,
                listeners: setting.redirects ? 2 : 1,
                options: setting.options
            )
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        let scene = Scene(
            folder: folder,
            hysteria: hysteria,
            gate: gate,
            gateway: gateway,
            curl: Curl(certificate: folder.path(of: "certificate.pem"), port: gateway.port)
        )
        let result: Result<Void, any Error>
        do {
            result = .success(try await act(scene))
        } catch {
            result = .failure(error)
        }
        gate.open()
        gateway.process.send(SIGKILL)
        let end = try await gateway.process.end()
        await hysteria.shutDown()
        try await group.shutdownGracefully()
        try result.get()
        for secret in Tokens.texts + [secret] {
            #expect(!end.outputText.contains(secret), sourceLocation: sourceLocation)
            #expect(!end.errorText.contains(secret), sourceLocation: sourceLocation)
        }
        #expect(!end.errorText.contains("Fatal error"), sourceLocation: sourceLocation)
    }

    /// Writes the configuration of a setting, with the files that it names.
    static func write(
        _ setting: Setting,
        upstream: StatsAddress,
        to folder: TemporaryFolder
    ) throws -> String {
        try folder.write(identity.get().certificateChainPEM, to: "certificate.pem")
        try folder.write(identity.get().privateKeyPEM, to: "key.pem")
        try folder.write("\(setting.secret ?? secret)\n", to: "secret")
        return try folder.write(
            """
            listen: "127.0.0.1:0"
            \(setting.redirects ? "redirect: \"127.0.0.1:0\"" : "")
            threads: \(setting.threads)
            upstream:
              address: \(upstream)
              secretFile: secret
              timeout: \(setting.timeout)
            certificates:
              - certificate: certificate.pem
                key: key.pem
            \(Tokens.configuration)\(setting.furtherTokens)
            limits: {\(setting.limits.map { "\($0): \($1)" }.sorted().joined(separator: ", "))}
            \(setting.further)
            """,
            to: "config.yaml"
        )
    }
}
