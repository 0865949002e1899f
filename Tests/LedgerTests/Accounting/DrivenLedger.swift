@testable import Ledger

/// A state machine with a clock and a file in memory, where everything is done at once unless a test holds it back.
struct DrivenLedger {
    var machine: LedgerStateMachine
    var file: MemoryFile
    var now: LedgerTime
    /// Whether the file does what it is asked to at once.
    var isFileHeld = false
    var isDiskFull = false
    /// What was asked for and is held back.
    var held: [LedgerAction] = []
    /// What was asked for in the last event.
    var actions: [LedgerAction] = []
    var answers: [WaiterID: LedgerAnswer] = [:]
    var source = ReadingSource(connection: 1, mark: "boot-1", isOwnMachine: true)

    static let server = ServerID(1)
    /// A full slot of the clock.
    static let morning = LedgerTime(wall: 1_790_001_000_000 / 900_000 * 900_000, boot: 5_000_000, bootID: 7)

    init(
        _ file: MemoryFile = MemoryFile(id: "first"),
        settings: LedgerSettings = LedgerSettings(),
        now: LedgerTime = morning
    ) throws {
        self.file = file
        self.now = now
        machine = try LedgerStateMachine(replaying: file.image, server: Self.server, settings: settings, now: now)
        perform { $0.start(now: $1) }
    }

    mutating func pass(_ milliseconds: Int64) {
        now.wall += milliseconds
        now.boot += milliseconds
    }

    mutating func perform(_ event: (inout LedgerStateMachine, LedgerTime) -> [LedgerAction]) {
        actions = event(&machine, now)
        for action in actions {
            switch action {
            case .answer(let waiter, let answer): answers[waiter] = answer
            case .append, .fold, .reopen, .close: held.append(action)
            case .read, .publish, .notice, .release: break
            }
        }
        let done = actions
        while !isFileHeld, !held.isEmpty { doNext() }
        actions = done + actions.filter { !done.contains($0) }
    }

    /// The file does what is held back.
    mutating func doNext() {
        guard !held.isEmpty else { return }
        let action = held.removeFirst()
        if isDiskFull {
            perform { $0.storageFailed(.full, now: $1) }
            return
        }
        switch action {
        case .append(let rows):
            _ = file.append(rows)
            perform { $0.appended(now: $1) }
        case .fold(let fold):
            _ = file.fold(fold)
            perform { $0.folded(now: $1) }
        case .reopen(true):
            let image = file.image
            perform { $0.reopened(image, now: $1) }
        case .reopen(false):
            let (last, folded) = (file.last, file.image.folded)
            perform { $0.reopened(durable: last, folded: folded, now: $1) }
        case .close: perform { $0.closed(now: $1) }
        default: break
        }
    }

    /// Hysteria answers the reading that is under way.
    mutating func read(_ users: KeyValuePairs<String, (UInt64, UInt64)>) {
        var reading = LedgerReading()
        for (name, counter) in users { reading.append(name, up: counter.0, down: counter.1) }
        let source = source
        perform { $0.readingArrived(reading, from: source, now: $1) }
    }

    /// The next period, and Hysteria's answer.
    mutating func readNext(after milliseconds: Int64 = 10_000, _ users: KeyValuePairs<String, (UInt64, UInt64)>) {
        pass(milliseconds)
        perform { $0.timePassed(now: $1) }
        read(users)
    }

    func total(_ name: String) -> Traffic { machine.snapshot.user(named: Array(name.utf8))?.total ?? Traffic() }
    var others: Traffic { machine.accounts.servers[Self.server]?.totals.of(0) ?? Traffic() }

    /// A process that starts with what is in the file.
    func restarted(settings: LedgerSettings = LedgerSettings()) throws -> DrivenLedger {
        var next = try DrivenLedger(file, settings: settings, now: now)
        next.source = source
        next.source.connection += 1
        return next
    }

    func notices() -> [LedgerNotice] {
        actions.compactMap { if case .notice(let notice) = $0 { notice } else { nil } }
    }
}

extension Traffic {
    init(_ up: UInt64, _ down: UInt64) { self.init(up: up, down: down) }
}
