import Logging
import NIOCore
import NIOOpenSSL
import ServiceLifecycle

/// The gateway as a whole: listens, serves until it is told to stop, and drains.
public struct GatewayService: Service {
    /// How long connections may go on when the gateway is told to stop.
    public static let drainLimit = TimeAmount.seconds(10)

    private let configuration: Configuration
    private let identity: TLSIdentity
    private let context: TLSContext
    private let ticketKeys: TLSTicketKeys?
    private let clock: WallClock
    private let accessLogOutput: AccessLogOutput
    private let logger: Logger
    private let whenListening: @Sendable ([SocketAddress]) -> Void

    /// Makes a gateway of this configuration; nothing is bound yet.
    ///
    /// - Parameters:
    ///   - identity: What it proves itself with.
    ///   - whenListening: Called once every address is bound, with the addresses as they are.
    /// - Throws: If OpenSSL does not take the identity, the ticket keys or the authority of the callers.
    public init(
        configuration: Configuration,
        identity: TLSIdentity,
        clock: WallClock = .system,
        accessLogOutput: AccessLogOutput = .standardOutput,
        logger: Logger,
        whenListening: @escaping @Sendable ([SocketAddress]) -> Void = { _ in }
    ) throws(TLSError) {
        self.configuration = configuration
        self.identity = identity
        ticketKeys = try configuration.tls.ticketKeys()
        context = try TLSContext.server(
            identity: identity,
            configuration: configuration.tls.negotiation,
            ticketKeys: ticketKeys,
            clientVerification: try configuration.clientCertificates?.load()
        )
        self.clock = clock
        self.accessLogOutput = accessLogOutput
        self.logger = logger
        self.whenListening = whenListening
    }

    /// Serves until the service group shuts down gracefully, then drains.
    public func run() async throws {
        let accessLog = configuration.accessLog.style.map {
            AccessLog(style: $0, output: accessLogOutput, logger: logger)
        }
        let tokens = TokenTable(configuration.tokens)
        let workers = try await WorkerPool(threads: configuration.threads) { [self] eventLoop in
            Worker(
                eventLoop: eventLoop,
                configuration: configuration,
                tokens: tokens,
                clock: clock,
                accessLog: accessLog,
                logger: logger
            )
        }
        let result: Result<Void, any Error>
        do {
            try await TicketKeyRefresh(keys: ticketKeys, logger: logger).run { try await serve(on: workers) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await workers.shutDown()
        await accessLog?.close()
        try result.get()
    }

    private func serve(on workers: WorkerPool) async throws {
        var listeners: [Listener] = []
        do {
            try await bind(workers, into: &listeners)
        } catch {
            for listener in listeners { await listener.close() }
            throw error
        }
        whenListening(listeners.compactMap(\.localAddress))
        for listener in listeners { logger.info("listening", metadata: ["address": "\(listener.name)"]) }

        try? await gracefulShutdown()
        logger.info("draining", metadata: ["limit": "\(Self.drainLimit.nanoseconds / 1_000_000_000) s"])
        for listener in listeners { await listener.close() }
        let closed = await workers.drain(limit: Self.drainLimit)
        if closed > 0 {
            logger.warning("connections were closed before they had finished", metadata: ["count": "\(closed)"])
        }
    }

    private func bind(_ workers: WorkerPool, into listeners: inout [Listener]) async throws {
        let setup = ConnectionSetup(limits: configuration.limits, clock: clock, logger: logger)
        for address in configuration.listen {
            let listener = try await Listener.bind(address, on: workers.boundWorkers) { [context] channel, worker in
                setup.secure(channel, worker, context: context)
            }
            listeners.append(listener)
        }
        guard let redirect = configuration.redirect else { return }
        let port = listeners.first?.localAddress?.port ?? 443
        let listener = try await Listener.bind(redirect, on: workers.boundWorkers) {
            [leaf = identity.leaf] channel, worker in
            setup.redirecting(channel, worker, certificate: leaf, port: port)
        }
        listeners.append(listener)
    }
}

extension AccessLogFormat {
    fileprivate var style: AccessLogLine.Style? {
        switch self {
        case .text: .text
        case .json: .json
        case .none: nil
        }
    }
}

extension Configuration {
    /// Reads the certificate and key that callers get.
    public func loadIdentity() throws(TLSError) -> TLSIdentity {
        try TLSIdentity(certificateFile: certificates[0].certificate, keyFile: certificates[0].key)
    }
}
