import ACME
import GatewayConfiguration
import Glibc
import Ledger
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOOpenSSL
import ServiceLifecycle
import Time

/// The gateway as a whole: listens, serves until it is stopped, and drains.
package struct GatewayService: Service {
    /// How long connections may stay open during a graceful shutdown.
    package static let drainLimit = TimeAmount.seconds(10)
    /// How long a validation of Hysteria holds a port at most.
    private static let validationLimit = TimeAmount.seconds(60)

    /// How many threads make large answers, beside so many event loops.
    static func offLoopThreads(_ eventLoops: Int) -> Int { min(eventLoops, 4) }

    private let state: ServingState
    private let source: StateSource?
    private let ticketKeys: TicketKeyRefresh
    private let timing: ReloadTiming
    private let triggers = ReloadTriggers()
    private let clock: WallClock
    private let accessLogOutput: LogOutput
    private let inheritance: ListenerInheritance
    private let notifier: ServiceNotifier
    private let descriptors: @Sendable () -> Int
    private let ledgerZone: CivilZone?
    private let proofs: ProofTable?
    private let acme = NIOLockedValueBox<ACMEService?>(nil)
    private let logger: Logger
    private let whenListening: @Sendable ([SocketAddress]) -> Void

    /// Makes a gateway; nothing is bound yet.
    ///
    /// - Parameters:
    ///   - state: What it serves from at first.
    ///   - source: Where that was read from, to be read again when something changes; nil to never reload.
    ///   - timing: How often the files of the source are polled.
    ///   - inheritance: Where its listening sockets come from, and who may take them over.
    ///   - notifier: The service manager to notify.
    ///   - descriptors: How many descriptors the process may have open, asked when it begins to listen.
    ///   - ledgerZone: By which the ledger's days begin; nil where there is no ledger.
    ///   - proofs: What listeners answer authorities from, the responder of the state; nil to get no certificates.
    ///   - whenListening: Called once every address is bound, with the addresses as they are.
    package init(
        state: ServingState,
        source: StateSource? = nil,
        timing: ReloadTiming = ReloadTiming(),
        clock: WallClock = .system,
        accessLogOutput: LogOutput = .standardOutput,
        inheritance: ListenerInheritance = .none,
        notifier: ServiceNotifier = .none,
        descriptors: @escaping @Sendable () -> Int = { DescriptorLimit.current().soft },
        ledgerZone: CivilZone? = nil,
        proofs: ProofTable? = nil,
        logger: Logger,
        whenListening: @escaping @Sendable ([SocketAddress]) -> Void = { _ in }
    ) {
        self.state = state
        self.source = source
        ticketKeys = TicketKeyRefresh(keys: state.ticketKeys, logger: logger)
        self.timing = timing
        self.clock = clock
        self.accessLogOutput = accessLogOutput
        self.inheritance = inheritance
        self.notifier = notifier
        self.descriptors = descriptors
        self.ledgerZone = ledgerZone
        self.proofs = proofs
        self.logger = logger
        self.whenListening = whenListening
    }

    /// Reloads the configuration and everything that it depends on, whether it has changed or not.
    package func reload() {
        triggers.pull(.demand)
        acme.withLockedValue { $0 }?.demand()
    }

    /// Serves until the service group shuts down gracefully, then drains.
    package func run() async throws {
        let configuration = state.configuration
        ServingWarnings(state, now: clock.now()).log(to: logger)
        if !configuration.warnings.contains(where: { $0.key == "trafficStats.listen" }) {
            let sockets = UpstreamExposure.listeningSockets()
            for upstream in state.upstreams {
                if let words = UpstreamExposure(upstream.settings, listening: sockets).words {
                    logger.warning("\(words)")
                }
            }
        }
        let accessLog = configuration.accessLog.map {
            AccessLog(format: $0, output: accessLogOutput, logger: logger)
        }
        let metrics = GatewayMetrics(started: clock.now())
        if let proofs {
            let service = ACMEService(proofs: proofs, metrics: metrics, logger: logger)
            acme.withLockedValue { $0 = service }
        }
        // They are compressed when they are first named: now, and not in a turn of an event loop.
        _ = (PageAnswer.page, APIDescription.answer)
        let offLoop = OffLoop(threads: Self.offLoopThreads(configuration.threads))
        let upstreams = SharedUpstreams(configuration.metrics, offLoop: offLoop, logger: logger)
        let workers = try await WorkerPool(threads: configuration.threads) { [self] eventLoop in
            Worker(
                eventLoop: eventLoop,
                state: state,
                clock: clock,
                accessLog: accessLog,
                gatewayMetrics: metrics,
                offLoop: offLoop,
                logger: logger,
                sharedUpstreams: upstreams
            )
        }
        metrics.setSources(workers.counterSources)
        let result: Result<Void, any Error>
        do {
            try await ticketKeys.run {
                try await serve(on: workers, metrics)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        metrics.setSources([])
        // Before the event loops, which get what came of it.
        await offLoop.shutDown()
        await workers.shutDown()
        await accessLog?.close()
        try result.get()
    }

    private func serve(on workers: WorkerPool, _ metrics: GatewayMetrics) async throws {
        let setup = ConnectionSetup(
            workers: workers.boundWorkers,
            limits: state.configuration.limits,
            room: DescriptorBudget(state.configuration).connections(within: descriptors()),
            handshakes: HandshakeQueue.share(eventLoops: workers.eventLoops.count),
            clock: clock,
            logger: logger
        )
        let offer = try inheritance.handoverPath.map { path throws(HandoverError) in
            try HandoverOffer(path: path, logger: logger)
        }
        let listeners: ListenerSet
        let ledger = NIOLockedValueBox<LedgerService?>(nil)
        do {
            listeners = try await listen(on: workers, setup) { isTakeover in
                let service = try await openLedger(isTakeover: isTakeover)
                ledger.withLockedValue { $0 = service }
                if let service { await workers.use(service) }
            }
            try offer?.publish(listeners.duplicates())
        } catch {
            offer?.close()
            await ledger.withLockedValue { $0 }?.shutDown()
            throw error
        }
        whenListening(listeners.addresses)
        for name in listeners.names { logger.info("listening", metadata: ["address": "\(name)"]) }
        let status = "listening on \(listeners.names.joined(separator: ", "))"
        notifier.tell(.ready(status: status), logger: logger)

        let service = ledger.withLockedValue { $0 }
        let acceptance = await keepServing(workers, setup, offer, status, metrics, service)
        notifier.tell(.stopping, logger: logger)
        // The gateway that takes over opens the file as soon as this one says that it may have the listeners.
        if acceptance != nil { await service?.stop() }
        await stop(workers, listeners, offer, acceptance)
        await service?.shutDown()
    }

    /// Opens the ledger, if there is to be one.
    ///
    /// - Parameter isTakeover: whether another gateway has stopped for this one: then callers are served in any case.
    private func openLedger(isTakeover: Bool) async throws -> LedgerService? {
        guard let configuration = state.configuration.ledger, let ledgerZone, let upstream = state.upstreams.first
        else {
            return nil
        }
        do {
            return try await LedgerService.start(
                configuration,
                quotas: state.configuration.quotas,
                reading: upstream,
                zone: ledgerZone,
                logger: logger
            )
        } catch  where isTakeover {
            logger.critical("the gateway serves without its ledger: \(error)")
            return nil
        }
    }

    /// Listens on every address: on sockets that were there before, and on new ones for the rest.
    ///
    /// - Parameter prepare: called before the first connection is accepted.
    private func listen(
        on workers: WorkerPool,
        _ setup: ConnectionSetup,
        prepare: (_ isTakeover: Bool) async throws -> Void
    ) async throws -> ListenerSet {
        let claim = try inheritance.claim(logger: logger)
        var sockets = claim?.sockets ?? inheritance.sockets
        let listeners = try await bind(on: workers, setup, inheriting: &sockets)
        guard let claim else {
            if let stray = sockets.rest.first {
                await listeners.close()
                throw ServiceEnvironment.EnvironmentError(unwanted: stray.address)
            }
            do {
                try await prepare(false)
            } catch {
                await listeners.close()
                throw error
            }
            await listeners.start()
            return listeners
        }
        // Addresses that the configuration does not have any more are left to the other gateway, which closes them.
        sockets.closeRest()
        claim.complete(listeners.inheritedNames)
        try await prepare(true)
        await listeners.start()
        logger.notice(
            "took over from another gateway",
            metadata: ["addresses": "\(listeners.inheritedNames.joined(separator: ", "))"]
        )
        return listeners
    }

    /// Binds the addresses. A Hysteria that gets certificates by itself holds the ports while it is validated: that is waited for.
    private func bind(
        on workers: WorkerPool,
        _ setup: ConnectionSetup,
        inheriting sockets: inout InheritedSockets
    ) async throws -> ListenerSet {
        let mayComeFree = state.configuration.hostChallenges != nil && sockets.rest.isEmpty
        let end = NIODeadline.now() + Self.validationLimit
        var hasTold = false
        while true {
            do throws(ListenerError) {
                return try await ListenerSet.bind(state.configuration, on: workers, setup, inheriting: &sockets)
            } catch {
                guard mayComeFree, error.code == EADDRINUSE, NIODeadline.now() < end else { throw error }
                if !hasTold { logger.warning("\(error); if it is Hysteria, which is being validated, it leaves soon") }
                hasTold = true
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Serves until the gateway is stopped, or until another one takes over, which is returned.
    private func keepServing(
        _ workers: WorkerPool,
        _ setup: ConnectionSetup,
        _ offer: HandoverOffer?,
        _ status: String,
        _ metrics: GatewayMetrics,
        _ ledger: LedgerService?
    ) async -> HandoverOffer.Acceptance? {
        let watchdog = ServiceWatchdog(eventLoops: workers.eventLoops, notifier: notifier, logger: logger)
        return await withTaskGroup(of: HandoverOffer.Acceptance??.self) { tasks in
            tasks.addTask {
                await keepUpToDate(workers, setup, status, metrics, ledger)
                return nil
            }
            tasks.addTask {
                await watchdog.run()
                return nil
            }
            tasks.addTask { [acme, state] in
                await acme.withLockedValue { $0 }?.run(state, on: workers.eventLoops[0])
                return nil
            }
            tasks.addTask {
                await ledger?.backUpDaily(wait: { try await Task.sleep(for: $0) }, logger: logger)
                return nil
            }
            tasks.addTask {
                try? await gracefulShutdown()
                return .some(nil)
            }
            tasks.addTask {
                for await acceptance in offer?.acceptances ?? .finished { return acceptance }
                return nil
            }
            defer { tasks.cancelAll() }
            for await end in tasks {
                if let end { return end }
            }
            return nil
        }
    }

    private func stop(
        _ workers: WorkerPool,
        _ listeners: ListenerSet,
        _ offer: HandoverOffer?,
        _ acceptance: HandoverOffer.Acceptance?
    ) async {
        let end = NIODeadline.now() + Self.drainLimit
        let isTaken = offer?.close(isTaken: acceptance != nil) ?? false
        await workers.beginDrain()
        logger.info("draining", metadata: ["limit": "\(Self.drainLimit.nanoseconds / 1_000_000_000) s"])
        // A gateway that has the sockets but has not yet said which of them it takes may take all of them.
        let others = acceptance?.addresses ?? (isTaken ? Set(listeners.names) : [])
        await listeners.drain(leaving: others) { acceptance?.confirm() }
        let closed = await workers.drain(limit: end - .now())
        if closed > 0 {
            logger.warning("connections were closed before they had finished", metadata: ["count": "\(closed)"])
        }
    }

    /// Serves from the newest good state, until the task is cancelled.
    private func keepUpToDate(
        _ workers: WorkerPool,
        _ setup: ConnectionSetup,
        _ status: String,
        _ metrics: GatewayMetrics,
        _ ledger: LedgerService?
    ) async {
        guard let source else { return }
        var receivers: [any StateReceiver] = [setup, workers, LogLevel(logger: logger)]
        if let ledger { receivers.append(ledger) }
        if let acme = acme.withLockedValue({ $0 }) { receivers.append(acme) }
        let loop = ReloadLoop(
            source: source,
            state: state,
            ticketKeys: ticketKeys,
            timing: timing,
            triggers: triggers,
            clock: clock,
            logger: logger,
            tell: { [notifier, logger] isReloading in
                notifier.tell(isReloading ? .reloadingNow() : .ready(status: status), logger: logger)
            },
            adopt: { [receivers] state in
                metrics.countReload(isAccepted: true)
                for receiver in receivers { await receiver.adopt(state) }
            },
            reject: { metrics.countReload(isAccepted: false) }
        )
        await loop.run(on: workers.eventLoops[0])
    }
}

/// The level from which on messages are logged.
private struct LogLevel: StateReceiver {
    let logger: Logger

    func adopt(_ state: ServingState) {
        GatewayLog.setLevel(state.configuration.logLevel, of: logger)
    }
}
