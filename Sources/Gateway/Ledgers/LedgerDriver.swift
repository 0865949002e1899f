import HysteriaStats
import Ledger
import Logging
import NIOCore

/// Drives ``LedgerStateMachine`` on the ledger's event loop: carries out its actions, and tells it what became of them.
///
/// Not `Sendable`: it is made and used on its event loop only.
final class LedgerDriver {
    private let eventLoop: any EventLoop
    private var machine: LedgerStateMachine
    private let storage: LedgerStorage
    private let reader: LedgerReader
    private let clock: LedgerClock
    private let log: LedgerLog
    private let publish: (LedgerSnapshot, LedgerFileFigures) -> Void
    private var file = LedgerFileFigures()
    private var waiters: [WaiterID: EventLoopPromise<LedgerReply>] = [:]
    private var lastWaiter: UInt64 = 0
    private var wake: Scheduled<Void>?
    private var whenReleased: [EventLoopPromise<Void>] = []
    private var isReleased = false

    init(
        _ machine: LedgerStateMachine,
        storage: LedgerStorage,
        reader: LedgerReader,
        clock: LedgerClock,
        log: LedgerLog,
        on eventLoop: any EventLoop,
        publish: @escaping (LedgerSnapshot, LedgerFileFigures) -> Void
    ) {
        self.machine = machine
        self.storage = storage
        self.reader = reader
        self.clock = clock
        self.log = log
        self.eventLoop = eventLoop
        self.publish = publish
    }

    // MARK: Events

    func start() {
        machine.clockSynchronized(clock.isSynchronized())
        handle(machine.start(now: clock.now()))
    }

    /// Asks for something; the answer comes once.
    func ask(_ wish: LedgerWish, _ promise: EventLoopPromise<LedgerReply>) {
        lastWaiter += 1
        let waiter = WaiterID(lastWaiter)
        waiters[waiter] = promise
        let now = clock.now()
        switch wish {
        case .figures: handle(machine.readingWanted(by: waiter, now: now))
        case .committed: handle(machine.readingWanted(by: waiter, committed: true, now: now))
        case .view(let request): handle(machine.viewWanted(request.name, by: waiter, now: now))
        case .clear(let request, let key): handle(machine.clearWanted(request, key: key, by: waiter, now: now))
        case .since(let request, let cursor): handle(machine.sinceWanted(request, cursor: cursor, by: waiter, now: now))
        }
    }

    func clearEnded(_ clear: ClearID, _ verdict: ClearVerdict) {
        handle(machine.clearEnded(clear, verdict, now: clock.now()))
    }

    func adopt(_ settings: LedgerSettings) {
        handle(machine.settingsChanged(settings, now: clock.now()))
    }

    func adopt(_ upstream: StatsUpstream, isOwnMachine: Bool) {
        guard upstream.address != reader.upstream.address || upstream.secret != reader.upstream.secret else { return }
        if upstream.address != reader.upstream.address { machine.upstreamChanged() }
        reader.adopt(upstream, isOwnMachine: isOwnMachine)
    }

    /// Reads, writes and closes for the last time; then `promise` is kept.
    func stop(_ promise: EventLoopPromise<Void>) {
        guard !isReleased else { return promise.succeed() }
        whenReleased.append(promise)
        handle(machine.stop(now: clock.now()))
    }

    private func timePassed() {
        wake = nil
        machine.clockSynchronized(clock.isSynchronized())
        handle(machine.timePassed(now: clock.now()))
    }

    // MARK: Actions

    private func handle(_ actions: [LedgerAction]) {
        for action in actions { perform(action) }
        schedule()
    }

    private func perform(_ action: LedgerAction) {
        switch action {
        case .read: read()
        case .append(let rows):
            let began = eventLoop.now
            store({ storage throws(LedgerStorageError) in try await storage.append(rows) }) { driver, _ in
                driver.file.appends.record(driver.eventLoop.now - began)
                return driver.machine.appended(now: driver.clock.now())
            }
        case .fold(let fold):
            store({ storage throws(LedgerStorageError) in try await storage.fold(fold) }) { driver, problem in
                if let problem { driver.log.storageProblem(problem) }
                return driver.machine.folded(now: driver.clock.now())
            }
        case .reopen(whole: false):
            store({ storage throws(LedgerStorageError) in try await storage.reopen() }) { driver, file in
                driver.machine.reopened(durable: file.durable, folded: file.folded, now: driver.clock.now())
            }
        case .reopen(whole: true):
            store({ storage throws(LedgerStorageError) in try await storage.open() }) { driver, opened in
                driver.log.opened(opened)
                return driver.machine.reopened(opened.image, now: driver.clock.now())
            }
        case .close:
            store({ storage throws(LedgerStorageError) in try await storage.close() }) { driver, _ in
                driver.machine.closed(now: driver.clock.now())
            }
        case .publish:
            file.bytes = storage.fileBytes
            publish(machine.snapshot, file)
        case .answer(let waiter, let answer):
            waiters.removeValue(forKey: waiter)?
                .succeed(LedgerReply(answer: answer, snapshot: machine.snapshot))
        case .notice(let notice): log.write(notice)
        case .release: release()
        }
    }

    private func read() {
        reader.read { [self] outcome in
            switch outcome {
            case .success(let (reading, source)):
                log.readingSucceeded()
                handle(machine.readingArrived(reading, from: source, now: clock.now()))
            case .failure(let error):
                log.readingFailed(error)
                handle(machine.readingFailed(now: clock.now()))
            }
        }
    }

    /// Has the file used on its own thread, and goes on here.
    private func store<Value: Sendable>(
        _ use: @escaping @Sendable (LedgerStorage) async throws(LedgerStorageError) -> Value,
        then: @escaping @Sendable (LedgerDriver, Value) -> [LedgerAction]
    ) {
        let driver = NIOLoopBound(self, eventLoop: eventLoop)
        Task { [storage, eventLoop] in
            let result: Result<Value, LedgerStorageError>
            do throws(LedgerStorageError) {
                result = .success(try await use(storage))
            } catch {
                result = .failure(error)
            }
            eventLoop.execute {
                let driver = driver.value
                switch result {
                case .success(let value): driver.handle(then(driver, value))
                case .failure(let error):
                    driver.log.storageProblem(error)
                    driver.handle(driver.machine.storageFailed(LedgerStorageFailure(error), now: driver.clock.now()))
                }
            }
        }
    }

    private func release() {
        isReleased = true
        wake?.cancel()
        reader.shutDown()
        for promise in whenReleased { promise.succeed() }
        whenReleased = []
    }

    private func schedule() {
        wake?.cancel()
        wake = nil
        guard !isReleased, let next = machine.nextWake else { return }
        let delay = max(0, next - clock.now().boot)
        wake = eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(delay)) { [self] in timePassed() }
    }
}

extension LedgerStorageFailure {
    init(_ error: LedgerStorageError) {
        switch error.kind {
        case .full: self = .full
        case .corrupt: self = .corrupt
        case .inputOutput, .locked, .newer, .foreign, .replaced, .timeLimit, .tooMuch, .access, .closed, .other:
            self = .inputOutput
        }
    }
}
