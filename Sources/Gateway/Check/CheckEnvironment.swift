import HysteriaStats
import NIOOpenSSL
import NIOPosix

/// The world that a configuration is checked against, so that a test can hold it.
public struct CheckEnvironment: Sendable {
    /// Files, time and the user.
    public var configuration: ConfigurationEnvironment
    /// Binds an address for a moment; gives the system's error number, or nil where it worked.
    public var bind: @Sendable (ListenAddress) -> CInt?
    /// The listening sockets of this machine.
    public var listeners: @Sendable () -> [ListeningProcess]
    /// How many descriptors a process may have.
    public var descriptors: @Sendable () -> Int
    /// Loads an identity.
    public var identity: @Sendable (any IdentitySource) throws(TLSError) -> TLSIdentity
    /// Asks Hysteria who is online.
    public var ask: @Sendable (StatsUpstream) async -> Result<StatsAnswer, StatsError>

    /// Makes an environment.
    public init(
        configuration: ConfigurationEnvironment,
        bind: @escaping @Sendable (ListenAddress) -> CInt?,
        listeners: @escaping @Sendable () -> [ListeningProcess],
        descriptors: @escaping @Sendable () -> Int,
        identity: @escaping @Sendable (any IdentitySource) throws(TLSError) -> TLSIdentity,
        ask: @escaping @Sendable (StatsUpstream) async -> Result<StatsAnswer, StatsError>
    ) {
        self.configuration = configuration
        self.bind = bind
        self.listeners = listeners
        self.descriptors = descriptors
        self.identity = identity
        self.ask = ask
    }

    /// This machine, now.
    public static func system() -> CheckEnvironment {
        CheckEnvironment(
            configuration: .system(),
            bind: { SocketProbe.bind($0) },
            listeners: { ListeningProcess.all() },
            descriptors: { DescriptorLimit.current().hard },
            identity: { source throws(TLSError) in try source.load() },
            ask: { await StatsProbe.ask($0, on: MultiThreadedEventLoopGroup.singleton.any()) }
        )
    }
}
