import Logging
import NIOCore
import NIOOpenSSL
import ServiceLifecycle

/// The gateway as a whole: listens, serves until it is told to stop, and drains.
public struct GatewayService: Service {
    /// How long connections may go on when the gateway is told to stop.
    public static let drainLimit = TimeAmount.seconds(10)

    private let state: ServingState
    private let source: StateSource?
    private let pace: ReloadPace
    private let triggers = ReloadTriggers()
    private let clock: WallClock
    private let accessLogOutput: AccessLogOutput
    private let logger: Logger
    private let whenListening: @Sendable ([SocketAddress]) -> Void

    /// Makes a gateway; nothing is bound yet.
    ///
    /// - Parameters:
    ///   - state: What it serves from at first.
    ///   - source: Where that was read from, to be read again when something changes; nil to serve from it for ever.
    ///   - pace: How often the files of the source are looked at.
    ///   - whenListening: Called once every address is bound, with the addresses as they are.
    public init(
        state: ServingState,
        source: StateSource? = nil,
        pace: ReloadPace = ReloadPace(),
        clock: WallClock = .system,
        accessLogOutput: AccessLogOutput = .standardOutput,
        logger: Logger,
        whenListening: @escaping @Sendable ([SocketAddress]) -> Void = { _ in }
    ) {
        self.state = state
        self.source = source
        self.pace = pace
        self.clock = clock
        self.accessLogOutput = accessLogOutput
        self.logger = logger
        self.whenListening = whenListening
    }

    /// Has the configuration read again, and all that it depends on, whether it has changed or not.
    public func reload() {
        triggers.pull(.demand)
    }

    /// Serves until the service group shuts down gracefully, then drains.
    public func run() async throws {
        let configuration = state.configuration
        ServingWarnings(state, now: clock.now()).log(to: logger)
        let accessLog = configuration.accessLog.style.map {
            AccessLog(style: $0, output: accessLogOutput, logger: logger)
        }
        let workers = try await WorkerPool(threads: configuration.threads) { [self] eventLoop in
            Worker(
                eventLoop: eventLoop,
                state: state,
                clock: clock,
                accessLog: accessLog,
                logger: logger
            )
        }
        let result: Result<Void, any Error>
        do {
            try await TicketKeyRefresh(keys: state.ticketKeys, logger: logger).run { try await serve(on: workers) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await workers.shutDown()
        await accessLog?.close()
        try result.get()
    }

    private func serve(on workers: WorkerPool) async throws {
        let setup = ConnectionSetup(
            limits: state.configuration.limits,
            room: DescriptorBudget(state.configuration).connections(within: DescriptorLimit.current().soft),
            handshakes: HandshakeQueue.share(eventLoops: workers.eventLoops.count),
            clock: clock,
            logger: logger
        )
        var listeners: [Listener] = []
        do {
            try await bind(workers, setup, into: &listeners)
        } catch {
            for listener in listeners { await listener.close() }
            throw error
        }
        whenListening(listeners.compactMap(\.localAddress))
        for listener in listeners { logger.info("listening", metadata: ["address": "\(listener.name)"]) }

        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await keepUpToDate(workers, setup) }
            try? await gracefulShutdown()
            tasks.cancelAll()
        }
        let end = NIODeadline.now() + Self.drainLimit
        await workers.beginDrain()
        logger.info("draining", metadata: ["limit": "\(Self.drainLimit.nanoseconds / 1_000_000_000) s"])
        await withTaskGroup(of: Void.self) { tasks in
            for listener in listeners { tasks.addTask { await listener.drain() } }
        }
        let closed = await workers.drain(limit: end - .now())
        if closed > 0 {
            logger.warning("connections were closed before they had finished", metadata: ["count": "\(closed)"])
        }
    }

    /// Serves from the newest good state, until the task is cancelled.
    private func keepUpToDate(_ workers: WorkerPool, _ setup: ConnectionSetup) async {
        guard let source else { return }
        let loop = ReloadLoop(
            source: source,
            state: state,
            pace: pace,
            triggers: triggers,
            clock: clock,
            logger: logger,
            adopt: { [logger] state in
                setup.adopt(state.configuration.limits)
                await workers.adopt(state)
                GatewayLog.setLevel(state.configuration.logLevel, of: logger)
            }
        )
        await loop.run(on: workers.eventLoops[0])
    }

    private func bind(_ workers: WorkerPool, _ setup: ConnectionSetup, into listeners: inout [Listener]) async throws {
        for address in state.configuration.listen {
            let listener = try await Listener.bind(address, on: workers.boundWorkers) { channel, worker in
                setup.secure(channel, worker)
            }
            listeners.append(listener)
        }
        guard let redirect = state.configuration.redirect else { return }
        let port = listeners.first?.localAddress?.port ?? 443
        let listener = try await Listener.bind(redirect, on: workers.boundWorkers) { channel, worker in
            setup.redirecting(channel, worker, port: port)
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
