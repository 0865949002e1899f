import GatewayConfiguration
import HysteriaStats
import Ledger
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Text

/// The ledger of a running gateway: reads Hysteria's counters by itself, keeps the totals, and answers all event loops.
final class LedgerService: StateReceiver {
    /// By which its days begin.
    let zone: CivilZone
    let clock: LedgerClock
    private let storage: LedgerStorage
    private let group: MultiThreadedEventLoopGroup
    private let driver: NIOLoopBound<LedgerDriver>
    private let published: NIOLockedValueBox<(snapshot: LedgerSnapshot, file: LedgerFileFigures)>
    private let state: NIOLockedValueBox<(ledger: LedgerConfiguration, quotas: QuotaTable)>
    /// Whether the file was too large to be checked when it was opened, though the last process did not close it.
    private let needsCheck: Bool

    /// Opens the file and starts to read.
    ///
    /// - Parameter zone: the proof that the process has the ledger's zone.
    static func start(
        _ configuration: LedgerConfiguration,
        quotas: [ByteKey: Quota],
        reading upstream: NamedUpstream,
        zone: CivilZone,
        clock: LedgerClock = .system(),
        logger: Logger
    ) async throws -> LedgerService {
        let storage = LedgerStorage(LedgerStorageOptions(configuration), zone: zone)
        let opened = try await storage.open()
        var image = opened.image
        let server = image.server(named: configuration.server)
        let machine = try LedgerStateMachine(
            replaying: image,
            server: server,
            settings: LedgerSettings(configuration),
            now: clock.now()
        )
        let published = NIOLockedValueBox((snapshot: machine.snapshot, file: LedgerFileFigures()))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let driver = try await eventLoop.submit {
            let log = LedgerLog(logger)
            log.opened(opened)
            let driver = LedgerDriver(
                machine,
                storage: storage,
                reader: LedgerReader(upstream.settings, isOwnMachine: upstream.isOwnMachine, on: eventLoop),
                clock: clock,
                log: log,
                on: eventLoop,
                publish: { snapshot, file in published.withLockedValue { $0 = (snapshot, file) } }
            )
            driver.start()
            return NIOLoopBound(driver, eventLoop: eventLoop)
        }.get()
        return LedgerService((configuration, quotas), zone, clock, storage, group, driver, published, opened.needsCheck)
    }

    private init(
        _ configuration: (ledger: LedgerConfiguration, quotas: [ByteKey: Quota]),
        _ zone: CivilZone,
        _ clock: LedgerClock,
        _ storage: LedgerStorage,
        _ group: MultiThreadedEventLoopGroup,
        _ driver: NIOLoopBound<LedgerDriver>,
        _ published: NIOLockedValueBox<(snapshot: LedgerSnapshot, file: LedgerFileFigures)>,
        _ needsCheck: Bool
    ) {
        self.zone = zone
        self.clock = clock
        self.storage = storage
        self.group = group
        self.driver = driver
        self.published = published
        self.needsCheck = needsCheck
        state = NIOLockedValueBox((configuration.ledger, QuotaTable(configuration.quotas)))
    }

    /// The last figures.
    var snapshot: LedgerSnapshot { published.withLockedValue(\.snapshot) }
    /// Its file, as of the last figures.
    var file: LedgerFileFigures { published.withLockedValue(\.file) }

    /// What the configuration says of it.
    var configuration: LedgerConfiguration { state.withLockedValue(\.ledger) }
    /// What users may move, by their names.
    var quotas: QuotaTable { state.withLockedValue(\.quotas) }

    private var eventLoop: any EventLoop { driver.eventLoop }

    // MARK: Questions

    /// Asks; the answer comes on the event loop that is given.
    func ask(_ wish: LedgerWish, on caller: any EventLoop) -> EventLoopFuture<LedgerReply> {
        let promise = eventLoop.makePromise(of: LedgerReply.self)
        eventLoop.execute { [driver] in driver.value.ask(wish, promise) }
        return promise.futureResult.hop(to: caller)
    }

    /// Says what became of the answer to a clear.
    func clearEnded(_ clear: ClearID, _ verdict: ClearVerdict) {
        eventLoop.execute { [driver] in driver.value.clearEnded(clear, verdict) }
    }

    /// The past, up to now.
    func usage(_ query: UsageQuery, on caller: any EventLoop) -> EventLoopFuture<UsageReport> {
        ask(.figures, on: caller).flatMap { [self] reply in
            file(on: caller) { storage, now throws(LedgerStorageError) in
                try await storage.usage(query) { reply.snapshot.unfolded(after: $0, now: now) }
            }
        }
    }

    /// Today and the current period of each user, as of the last figures.
    ///
    /// - Parameter now: seconds since 1970.
    func overview(now: Int64, on caller: any EventLoop) -> EventLoopFuture<PeriodFigures> {
        file(on: caller) { [self] storage, time throws(LedgerStorageError) in
            try await periodFigures(now: now, storage, time)
        }
    }

    /// Not for event loops: it looks at each quota.
    private func periodFigures(
        now: Int64,
        _ storage: LedgerStorage,
        _ time: LedgerTime
    ) async throws(LedgerStorageError) -> PeriodFigures {
        let (snapshot, quotas) = (snapshot, quotas)
        var exceptions: [UserID: Int] = [:]
        for (name, day) in quotas.billingDays {
            if let id = snapshot.id(of: name) { exceptions[id] = day }
        }
        let query = OverviewQuery(now: now, monthBegins: configuration.monthBegins, exceptions: exceptions)
        let report = try await storage.overview(query) { snapshot.unfolded(after: $0, now: time) }
        return PeriodFigures(report: report, snapshot: snapshot)
    }

    private func file<Value: Sendable>(
        on caller: any EventLoop,
        _ use: @escaping @Sendable (LedgerStorage, LedgerTime) async throws(LedgerStorageError) -> Value
    ) -> EventLoopFuture<Value> {
        let promise = caller.makePromise(of: Value.self)
        Task { [storage, clock] in
            do throws(LedgerStorageError) {
                promise.succeed(try await use(storage, clock.now()))
            } catch {
                promise.fail(error)
            }
        }
        return promise.futureResult
    }

    // MARK: Life

    /// Goes by another configuration, and reads another upstream, from now on. Where the new one has no ledger, that waits for
    /// a restart.
    func adopt(_ new: ServingState) async {
        guard let configuration = new.configuration.ledger, let upstream = new.upstreams.first else { return }
        let quotas = QuotaTable(new.configuration.quotas)
        state.withLockedValue { $0 = (configuration, quotas) }
        let settings = LedgerSettings(configuration)
        let (address, isOwnMachine) = (upstream.settings, upstream.isOwnMachine)
        eventLoop.execute { [driver] in
            driver.value.adopt(settings)
            driver.value.adopt(address, isOwnMachine: isOwnMachine)
        }
    }

    /// Makes a backup each day, until the task is cancelled. A backup is checked, and so a file that has to be is backed up at once.
    func backUpDaily(wait: @Sendable (Duration) async throws -> Void, logger: Logger) async {
        if needsCheck { await backUp(isDue: true, logger: logger) }
        guard configuration.backupFolder != nil else { return }
        while (try? await wait(.seconds(3600))) != nil { await backUp(isDue: false, logger: logger) }
    }

    private func backUp(isDue: Bool, logger: Logger) async {
        do {
            guard configuration.backupFolder != nil else { return try await storage.check() }
            let newest = try await storage.status().newestBackup ?? 0
            guard isDue || clock.now().wall / 1000 - newest >= 86_400 else { return }
            if let path = try await storage.backUp() {
                logger.info("backed up the ledger", metadata: ["file": "\(path)"])
            }
        } catch {
            logger.error("cannot back up or check the ledger: \(error)")
        }
    }

    /// Takes a last reading, writes all, and lets the file go. Reads are answered from the last figures from then on, and
    /// nothing is cleared.
    func stop() async {
        let promise = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { [driver] in driver.value.stop(promise) }
        try? await promise.futureResult.get()
    }

    /// Ends the event loop, once nobody asks any more.
    func shutDown() async {
        await stop()
        try? await group.shutdownGracefully()
    }
}

extension LedgerService: MetricsLedger {
    func committed(on eventLoop: any EventLoop) -> EventLoopFuture<CommittedFigures> {
        ask(.committed, on: eventLoop).map { reply in
            CommittedFigures(snapshot: reply.snapshot, isFresh: reply.answer == .fresh)
        }
    }
}

extension LedgerService {
    /// The current periods of those who have a quota; none where nobody has one.
    func quotaFigures(on eventLoop: any EventLoop) -> EventLoopFuture<[QuotaFigures]> {
        let limits = quotas.limits
        guard !limits.isEmpty else { return eventLoop.makeSucceededFuture([]) }
        let second = clock.now().wall / 1000
        return file(on: eventLoop) { [self] storage, time throws(LedgerStorageError) in
            let overview = try await periodFigures(now: second, storage, time)
            return limits.map { limit in
                let id = overview.snapshot.id(of: limit.user)
                let moved = id.map { overview.report[user: $0].period } ?? Traffic()
                return QuotaFigures(user: limit.user, moved: moved, quota: limit.bytes)
            }
        }
    }
}

/// What users moved today and in their periods, and the figures that this rests on.
struct PeriodFigures: Sendable {
    let report: OverviewReport
    let snapshot: LedgerSnapshot
}

extension LedgerSettings {
    init(_ configuration: LedgerConfiguration) {
        self.init(
            period: configuration.period.nanoseconds / 1_000_000,
            userLimit: configuration.userLimit
        )
    }
}

extension LedgerStorageOptions {
    /// Where the configuration says that the file is.
    package init(_ configuration: LedgerConfiguration) {
        self.init(path: configuration.file, backupFolder: configuration.backupFolder)
        backupsKept = configuration.backupsKept
        quarterDays = Int64(configuration.quarterDays)
        // A gateway that hands over closes the file within a second or two.
        waitForLock = 10_000
    }
}
