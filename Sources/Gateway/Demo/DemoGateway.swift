import Access
import GatewayConfiguration
import HysteriaStats
import Ledger
import Logging
import NIOCore
import NIOOpenSSL
import Text

/// A gateway to try out: a self-signed certificate and a new token, in front of a Hysteria that is started for it.
package struct DemoGateway: Sendable {
    /// What the demo's identity is for.
    static let names = ["localhost", "127.0.0.1", "::1"]

    /// A Hysteria that runs as long as the demo.
    package struct Hysteria: Sendable {
        let address: StatsAddress
        let users: [TrafficAnswer.Entry]
        let shutDown: @Sendable () async -> Void

        /// Describes one that listens at this address.
        ///
        /// - Parameter users: its users, with what its counters say of them.
        package init(
            address: StatsAddress,
            users: [TrafficAnswer.Entry],
            shutDown: @escaping @Sendable () async -> Void
        ) {
            self.address = address
            self.users = users
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
        let zone = try CivilZone.adopt(CivilZone.machineName)
        var history = DemoHistory(hysteria.users, now: LedgerClock.system().now().wall / 1000)
        try await history.write(to: LedgerStorageOptions(folder.ledger), zone: zone)
        let service = GatewayService(
            state: try ServingState(
                configuration: configuration(hysteria, secret, token, folder.ledger),
                identities: TLSIdentitySet([identity])
            ),
            ledgerZone: zone,
            logger: logger,
            whenListening: { [print] addresses in
                let port = addresses.first?.port ?? 0
                print(Self.instructions(port: port, token: token.text, certificate: folder.certificate))
            }
        )
        try await SignalledRun.run([service], logger: logger) { folder.remove() }
        await hysteria.shutDown()
    }

    private func configuration(
        _ hysteria: Hysteria,
        _ secret: Secret,
        _ token: NewToken,
        _ ledger: LedgerConfiguration
    ) -> Configuration {
        var values = SectionValues.defaults
        values[ListenSection.self] = [ListenSettings(address: ListenAddress(host: "127.0.0.1", port: port))]
        values[ThreadsSection.self] = 1
        values[UpstreamSection.self] = StatsUpstream(address: hysteria.address, secret: secret)
        values[CertificatesSection.self] = []
        values[LedgerSection.self] = .some(ledger)
        values[QuotasSection.self] = Self.quotas(of: hysteria.users.map(\.user))
        values[TokensSection.self] = [
            TokenEntry(digest: token.digest, grant: TokenGrant(name: "demo", scopes: .all))
        ]
        values[AccessLogSection.self] = .some(nil)
        values[LogLevelSection.self] = logger.logLevel
        return Configuration(values)
    }

    /// A quota that is nearly used up, one that is not, and one with another billing day.
    private static func quotas(of users: [String]) -> [ByteKey: Quota] {
        let gibibyte: UInt64 = 1 << 30
        let quotas = [
            Quota(bytes: 20 * gibibyte, monthBegins: nil), Quota(bytes: 500 * gibibyte, monthBegins: nil),
            Quota(bytes: 50 * gibibyte, monthBegins: 15),
        ]
        return Dictionary(zip(users.map { ByteKey($0) }, quotas)) { first, _ in first }
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
              \(curl) '\(site)/users?format=text'
              \(curl) '\(site)/usage?format=text'
              \(curl) '\(site)/dump/streams?format=text'
              \(curl) -d '["wang"]' \(site)/kick
              \(curl) '\(site)/traffic?clear=1'

            Without the token, or with a wrong one, it says 401:

              curl --cacert \(certificate) -i \(site)/traffic

            Ctrl-C ends it.

            """
    }
}
