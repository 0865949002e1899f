import Access
import GatewayConfiguration
import HysteriaStats
import Logging
import NIOCore
import NIOOpenSSL

/// A gateway to try out: a self-signed certificate and a new token, in front of a Hysteria that is started for it.
package struct DemoGateway: Sendable {
    /// What the demo's identity is for.
    static let names = ["localhost", "127.0.0.1", "::1"]

    /// A Hysteria that runs as long as the demo.
    package struct Hysteria: Sendable {
        let address: StatsAddress
        let shutDown: @Sendable () async -> Void

        /// Describes one that listens at this address.
        package init(address: StatsAddress, shutDown: @escaping @Sendable () async -> Void) {
            self.address = address
            self.shutDown = shutDown
        }
    }

    private let port: Int
    private let startHysteria: @Sendable (Secret) async throws -> Hysteria
    private let logger: Logger
    private let print: @Sendable (String) -> Void

    /// Describes a demo.
    ///
    /// - Parameters:
    ///   - port: The port on this machine's loopback addresses; 0 takes a free one.
    ///   - startHysteria: Starts a Hysteria that answers to this secret.
    ///   - print: Shows a person what to try.
    package init(
        port: Int,
        logger: Logger,
        startHysteria: @escaping @Sendable (Secret) async throws -> Hysteria,
        print: @escaping @Sendable (String) -> Void
    ) {
        self.port = port
        self.startHysteria = startHysteria
        self.logger = logger
        self.print = print
    }

    /// Serves until a signal stops the process.
    package func run() async throws {
        // An event loop for the gateway and one for the simulator.
        try StartingResources(eventLoops: 2, listeners: 1).claim()
        let token = NewToken()
        let identity = try ThrowawayIdentity(names: Self.names).load()
        let secret = try Secret(NewToken().text)
        let folder = try DemoFolder(certificate: identity.certificateChainPEM)
        defer { folder.remove() }
        let hysteria = try await startHysteria(secret)
        let service = GatewayService(
            state: try ServingState(
                configuration: configuration(hysteria.address, secret, token),
                identities: TLSIdentitySet([identity])
            ),
            logger: logger,
            whenListening: { [print] addresses in
                let port = addresses.first?.port ?? 0
                print(Self.instructions(port: port, token: token.text, certificate: folder.certificate))
            }
        )
        try await SignalledRun.run([service], logger: logger) { folder.remove() }
        await hysteria.shutDown()
    }

    private func configuration(_ address: StatsAddress, _ secret: Secret, _ token: NewToken) -> Configuration {
        var values = SectionValues.defaults
        values[ListenSection.self] = [ListenSettings(address: ListenAddress(host: "127.0.0.1", port: port))]
        values[ThreadsSection.self] = 1
        values[UpstreamSection.self] = StatsUpstream(address: address, secret: secret)
        values[CertificatesSection.self] = []
        values[TokensSection.self] = [
            TokenEntry(digest: token.digest, grant: TokenGrant(name: "demo", scopes: .all))
        ]
        values[AccessLogSection.self] = .some(nil)
        values[LogLevelSection.self] = logger.logLevel
        return Configuration(values)
    }

    private static func instructions(port: Int, token: String, certificate: String) -> String {
        let curl = "curl --cacert \(certificate) -H \"Authorization: Bearer $TOKEN\""
        let site = "https://localhost:\(port)"
        return """

            The gateway serves a simulated Hysteria on \(site). Open it in a browser, accept its self-signed
            certificate, and enter the token:

              \(token)

            Or try, in another terminal:

              TOKEN=\(token)
              \(curl) \(site)/
              \(curl) \(site)/traffic
              \(curl) -H 'Accept: text/plain' \(site)/traffic
              \(curl) '\(site)/online?format=text'
              \(curl) '\(site)/dump/streams?format=text'
              \(curl) -d '["wang"]' \(site)/kick
              \(curl) '\(site)/traffic?clear=1'

            Without the token, or with a wrong one, it says 401:

              curl --cacert \(certificate) -i \(site)/traffic

            Ctrl-C ends it.

            """
    }
}
