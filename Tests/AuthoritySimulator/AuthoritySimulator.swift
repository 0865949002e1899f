import NIOCore
import NIOHTTP1
import NIOOpenSSL
import NIOPosix
import Time

/// A certificate authority over HTTPS on this machine (RFC 8555, 8737, 8738, 9773), for tests. It is strict with its clients, and goes
/// wrong on request.
///
/// ```swift
/// let authority = try await AuthoritySimulator.start(.init(httpPort: 8080, tlsPort: 8443))
/// authority.directoryURL                  // https://127.0.0.1:…/directory
/// authority.trustPEM                      // what a client has to trust to talk to it
/// authority.rootPEM                       // what the certificates that it issues end at
/// await authority.change { $0.validation = .passed; $0.retryAfter = .date(after: 3) }
/// await authority.add(.init(.problem(.init("rateLimited", "too many", status: 429)), at: .newOrder))
/// await authority.requests; await authority.certificates; await authority.validations
/// ```
///
/// What it is like at a time is an ``AuthorityBehaviour``; what befalls single requests is an ``AuthorityFault``.
package final class AuthoritySimulator: Sendable {
    /// What does not change while it runs.
    package struct Configuration: Sendable {
        /// Where it listens; the same address is in its URLs.
        package var host = "127.0.0.1"
        /// 0 takes a free one.
        package var port = 0
        /// What stands for port 80 and port 443 of those who prove something.
        package var httpPort: Int
        package var tlsPort: Int
        /// Where a name leads; nil for nowhere.
        package var resolve: @Sendable (_ name: String) -> String? = { _ in "127.0.0.1" }
        /// The TXT records of a name, besides those that `set(records:of:)` gives it.
        package var textRecords: @Sendable (_ name: String) -> [String] = { _ in [] }
        /// How long a proof is waited for.
        package var validationTimeout = TimeAmount.seconds(5)
        /// Seconds since 1970. Certificates and windows go by it.
        package var now: @Sendable () -> Int64 = { WallClock.system.now() }
        package var behaviour = AuthorityBehaviour()

        package init(httpPort: Int = 80, tlsPort: Int = 443) {
            self.httpPort = httpPort
            self.tlsPort = tlsPort
        }
    }

    /// What lives on the event loop.
    private struct Core {
        let authority: SimulatedAuthority
        let validator: ProofValidator
        let connections: Connections
    }

    private final class Connections {
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    package let directoryURL: String
    /// The certificate of its own HTTPS.
    package let trustPEM: String
    /// The root of the certificates that it issues.
    package let rootPEM: String

    private let listener: any Channel
    private let core: NIOLoopBound<Core>

    private init(listener: any Channel, core: NIOLoopBound<Core>, origin: String, trustPEM: String, rootPEM: String) {
        self.listener = listener
        self.core = core
        directoryURL = "\(origin)/directory"
        self.trustPEM = trustPEM
        self.rootPEM = rootPEM
    }

    /// Starts a simulator; all of it runs on the given event loop.
    package static func start(
        _ configuration: Configuration = Configuration(),
        on eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    ) async throws -> AuthoritySimulator {
        let identity = try TLSIdentity.throwaway(names: ["localhost", "127.0.0.1", "::1"])
        let context = try TLSContext.server(
            identity: identity,
            configuration: .intermediate(applicationProtocols: ["http/1.1"])
        )
        // The connections need the core and the core needs the port: the box is filled before the first connection is taken.
        let box = try await eventLoop.submit { NIOLoopBoundBox<Core?>(nil, eventLoop: eventLoop) }.get()
        let listener = try await ServerBootstrap(group: eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let core = box.value else { throw ChannelError.ioOnClosedChannel }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(OpenSSLServerHandler(context: context))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(SimulatorConnection(core.authority))
                    let id = ObjectIdentifier(channel)
                    core.connections.channels[id] = channel
                    channel.closeFuture.assumeIsolated().whenComplete { _ in core.connections.channels[id] = nil }
                }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
        let port = listener.localAddress?.port ?? configuration.port
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let origin = "https://\(host):\(port)"
        let (core, rootPEM) = try await eventLoop.submit {
            let validator = ProofValidator(configuration, on: eventLoop)
            let authority = try SimulatedAuthority(
                origin: origin,
                behaviour: configuration.behaviour,
                clock: configuration.now,
                validate: validator.validate
            )
            let core = Core(authority: authority, validator: validator, connections: Connections())
            box.value = core
            return (NIOLoopBound(core, eventLoop: eventLoop), authority.issuer.rootPEM)
        }.get()
        try await listener.setOption(.autoRead, value: true).get()
        return AuthoritySimulator(
            listener: listener,
            core: core,
            origin: origin,
            trustPEM: String(decoding: try identity.certificateChainPEM, as: UTF8.self),
            rootPEM: rootPEM
        )
    }

    /// Stops listening and closes every connection.
    package func shutDown() async {
        try? await listener.close()
        await closeConnections()
    }

    /// Closes every connection that is open.
    package func closeConnections() async {
        let channels = await run { Array($0.connections.channels.values) }
        for channel in channels { try? await channel.close() }
    }

    // MARK: How it behaves

    /// Changes how it behaves, for what comes from then on.
    package func change(_ change: @escaping @Sendable (inout AuthorityBehaviour) -> Void) async {
        await run { change(&$0.authority.behaviour) }
    }

    /// Adds a fault behind those that there are: of several that meet a request, the first one decides.
    package func add(_ faults: AuthorityFault...) async {
        await run { $0.authority.faults += faults }
    }

    /// Ends all faults.
    package func removeFaults() async {
        await run { $0.authority.faults = [] }
    }

    /// Forgets accounts, orders and nonces, as an authority that was set up anew.
    package func reset() async {
        await run { $0.authority.reset() }
    }

    /// Sets the TXT records of a name, which has no final dot.
    package func set(records: [String], of name: String) async {
        await run { $0.validator.records[name] = records }
    }

    // MARK: What happened

    /// All requests, in their order.
    package var requests: [SimulatedRequest] {
        get async { await run { $0.authority.requests } }
    }

    /// All certificates that were issued, in their order.
    package var certificates: [SimulatedCertificate] {
        get async { await run { $0.authority.certificates } }
    }

    /// All proofs that were asked for, in their order.
    package var validations: [SimulatedValidation] {
        get async { await run { $0.validator.validations } }
    }

    /// How many authorizations wait for a proof, or for nobody any more: each client has to leave none.
    package var pendingAuthorizations: Int {
        get async { await run { $0.authority.authorizations.values.count { $0.status == "pending" } } }
    }

    /// How many accounts there are.
    package var accounts: Int {
        get async { await run { $0.authority.accounts.count } }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable (Core) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let core = self.core
            listener.eventLoop.execute { continuation.resume(returning: body(core.value)) }
        }
    }
}
