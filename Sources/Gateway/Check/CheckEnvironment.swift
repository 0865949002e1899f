import ACME
import GatewayConfiguration
import HysteriaStats
import NIOOpenSSL
import NIOPosix

/// The world that a configuration is checked against, so that a test can hold it.
package struct CheckEnvironment: Sendable {
    /// Files, time and the user.
    package var configuration: ConfigurationEnvironment
    /// Binds an address for a moment; gives the system's error number, or nil where it worked.
    package var bind: @Sendable (ListenAddress) -> CInt?
    /// The listening sockets of this machine.
    package var listeners: @Sendable () -> [ListeningProcess]
    /// How many descriptors a process may have.
    package var descriptors: @Sendable () -> Int
    /// Loads an identity.
    package var identity: @Sendable (any IdentitySource) throws(TLSError) -> TLSIdentity
    /// Asks Hysteria who is online.
    package var ask: @Sendable (StatsUpstream) async -> Result<StatsAnswer, StatsError>
    /// Finds out what an authority for certificates will find, by where the gateway listens and whether it runs.
    package var survey: @Sendable (ACMESettings, ProofReach, _ isServing: Bool) async -> [SurveyFinding]

    /// Makes an environment.
    package init(
        configuration: ConfigurationEnvironment,
        bind: @escaping @Sendable (ListenAddress) -> CInt?,
        listeners: @escaping @Sendable () -> [ListeningProcess],
        descriptors: @escaping @Sendable () -> Int,
        identity: @escaping @Sendable (any IdentitySource) throws(TLSError) -> TLSIdentity,
        ask: @escaping @Sendable (StatsUpstream) async -> Result<StatsAnswer, StatsError>,
        survey: @escaping @Sendable (ACMESettings, ProofReach, _ isServing: Bool) async -> [SurveyFinding]
    ) {
        self.configuration = configuration
        self.bind = bind
        self.listeners = listeners
        self.descriptors = descriptors
        self.identity = identity
        self.ask = ask
        self.survey = survey
    }

    /// This machine, now.
    package static func system() -> CheckEnvironment {
        CheckEnvironment(
            configuration: .system(),
            bind: { SocketProbe.bind($0) },
            listeners: { ListeningProcess.all() },
            descriptors: { DescriptorLimit.current().hard },
            identity: { source throws(TLSError) in try source.load() },
            ask: { await StatsProbe.ask($0, on: MultiThreadedEventLoopGroup.singleton.any()) },
            survey: { await CertificateSurvey(settings: $0, reach: $1, isServing: $2).run() }
        )
    }
}
