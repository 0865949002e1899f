@testable import Ledger

/// A ledger, the Hysteria that it reads, its file and its consumers, in a history that a seed decides.
///
/// The model knows the truth and what cannot have been seen of it, and compares to the byte.
struct AccountingModel {
    /// What the file is asked to do at the moment.
    enum Operation {
        case append([JournalRow])
        case fold(LedgerFold)
        case reopen(whole: Bool)
        case close
    }

    /// A look that is under way: taken, and not arrived yet.
    struct Sight {
        let reading: LedgerReading
        let look: ModelLook
        let truth: [Traffic]
        let source: ReadingSource
    }

    /// Where Hysteria runs, and so what a mark is worth.
    enum Place: CaseIterable { case ownMachine, behindTunnel, unknown }

    let seed: UInt64
    var random: SeededGenerator
    let place: Place
    var settings: LedgerSettings
    var hysteria: ModelHysteria
    var now = LedgerTime(wall: 1_790_000_000_000, boot: 100_000, bootID: 7)

    var machine: LedgerStateMachine?
    var file = MemoryFile(id: "first")
    var copy: MemoryFile
    /// Whether the disk takes anything.
    var isDiskBroken = false
    var operation: Operation?
    var isReading = false
    var sight: Sight?
    var connection: UInt64 = 1
    var tunnel = 1
    var isReleased = false
    /// The last reading of the fold that is under way.
    var foldedReading: LedgerTime?
    /// Whether nothing fails any more.
    var isOver = false
    var calls = 0
    /// Whether an older file took the place of a newer one, and nobody was left to write what it lacks.
    var isRolledBack = false
    /// What each view began without.
    var viewsBegan: [String: UInt64] = [:]

    /// What the ledger knows of Hysteria: in memory, and by the times of readings that may be in the file.
    var look: ModelLook?
    var looks: [LedgerTime: ModelLook] = [:]
    var wasEmptied = false
    /// What was shown as committed: it must never fall.
    var shown: [Traffic]

    var consumers: [ModelConsumer]
    var nextWaiter: UInt64 = 1
    var met = ModelEvents()
    var events: [String] = []
    var failures: [String] = []

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        let isLonely = seed % 10 == 0
        let users = isLonely ? 1 : [1, 2, 3, 5, 12][random.pick(0...4)]
        place = Place.allCases[random.pick(0...2)]
        let limit = random.chance(20) ? random.pick(0...users) : 1000
        settings = LedgerSettings(period: 10_000, userLimit: limit, pendingRows: random.pick(4...64))
        isLimited = limit < users
        hysteria = ModelHysteria(users: users, everybodyIsActive: isLonely, &random)
        shown = .init(repeating: Traffic(), count: users)
        copy = file
        consumers = [
            ModelConsumer(.plain, view: "plain"), ModelConsumer(.plain, view: "limited", only: ["user-0"]),
            ModelConsumer(.keyed, view: "keyed"), ModelConsumer(.since, view: "since"),
            ModelConsumer(.scrape, view: ""),
        ]
    }

    /// Whether somebody may have been without a place.
    var isLimited = false

    mutating func fail(_ text: String) {
        guard failures.count < 5 else { return }
        failures.append("seed \(seed), event \(events.count): \(text)")
    }

    // MARK: The ledger

    mutating func startGateway() {
        do {
            connection += 1
            machine = try LedgerStateMachine(replaying: file.image, server: ServerID(1), settings: settings, now: now)
        } catch {
            fail("the file cannot be replayed: \(error)")
            return
        }
        operation = nil
        isReading = false
        sight = nil
        isReleased = false
        look = file.lastReading.flatMap { looks[$0] }
        viewsBegan = file.viewsBegan
        perform { $0.start(now: $1) }
    }

    /// The process is gone, whatever it was doing. What the file was asked to do may have been done.
    mutating func killGateway() {
        if let operation, random.chance(50) { _ = carryOut(operation) }
        if let machine, file.last < machine.accounts.sequence - Int64(machine.pending.count) {
            // What only memory knew is lost with it.
            isRolledBack = true
            shown = shown.map { _ in Traffic() }
        }
        machine = nil
        operation = nil
        isReading = false
        sight = nil
        for index in consumers.indices { consumers[index].connectionLost() }
    }

    /// Lets the machine handle an event, and does what it asks for.
    mutating func perform(_ event: (inout LedgerStateMachine, LedgerTime) -> [LedgerAction]) {
        // Moments differ, as they do.
        now.boot += 1
        now.wall += 1
        calls += 1
        guard var machine else { return }
        self.machine = nil
        let (last, readings) = (machine.accounts.sequence, machine.statistics.readings)
        let actions = event(&machine, now)
        self.machine = machine
        if machine.accounts.sequence == last, machine.statistics.readings > readings { met.note("merged rows") }
        for row in machine.pending.rows {
            if case .view(let view) = row.entry { viewsBegan[view.name] = view.taken.sum }
        }
        if calls % 4 == 0 { for violation in machine.accounts.violations() { fail(violation) } }
        for action in actions { handle(action) }
    }

    private mutating func handle(_ action: LedgerAction) {
        switch action {
        case .read:
            if isReading { fail("two readings at once") }
            isReading = true
        case .append(let rows): begin(.append(rows))
        case .fold(let fold):
            foldedReading = machine?.accounts.servers[ServerID(1)]?.lastReading
            begin(.fold(fold))
        case .reopen(let whole): begin(.reopen(whole: whole))
        case .close: begin(.close)
        case .publish: if calls % 2 == 0 { checkCommitted() }
        case .notice(let notice): take(notice)
        case .answer(let waiter, let answer): self.answer(waiter, answer)
        case .release: isReleased = true
        }
    }

    private mutating func take(_ notice: LedgerNotice) {
        switch notice {
        case .emptied:
            wasEmptied = true
            met.note("anew")
        case .assumed: met.note("assumed difference")
        case .behind: met.note("behind")
        case .durable: met.note("durable again")
        case .replaced: met.note("replaced file")
        case .returnedClear: met.note("returned clear")
        case .userLimitReached: met.note("user limit")
        case .clockStepped: met.note("clock step")
        case .undecidedClear: met.note("undecided at start")
        case .refused, .stillBehind, .lostAtEnd, .closedViews: break
        }
    }

    private mutating func begin(_ next: Operation) {
        if operation != nil { fail("two things asked of the file at once") }
        operation = next
        // Folds are rare, and so are their failures.
        if !isOver, case .fold = next, random.chance(10) { isDiskBroken = true }
    }

    // MARK: The file

    /// The file does what it was asked for, or fails.
    mutating func finishOperation() {
        guard let operation, machine != nil else { return }
        let totals = machine?.accounts.servers[ServerID(1)]?.totals
        self.operation = nil
        if isDiskBroken {
            // Some of what is reported as failed was done.
            if random.chance(30) {
                _ = carryOut(operation)
                if case .append = operation { met.note("append done though it failed") }
            }
            if case .fold = operation { met.note("fold failed") }
            let failure: LedgerStorageFailure = random.chance(15) ? .corrupt : .inputOutput
            perform { $0.storageFailed(failure, now: $1) }
            if machine?.accounts.servers[ServerID(1)]?.totals != totals { fail("a failure changed figures (I9)") }
            return
        }
        if let problem = carryOut(operation) { fail(problem) }
        switch operation {
        case .append: perform { $0.appended(now: $1) }
        case .fold: perform { $0.folded(now: $1) }
        case .close: perform { $0.closed(now: $1) }
        case .reopen(let whole): reopened(whole: whole)
        }
        // It replays the file, which takes longer than all the rest.
        if calls % 8 == 0 { checkFile(after: operation) }
    }

    private mutating func reopened(whole: Bool) {
        if whole, random.chance(50) {
            let image = file.image
            perform { $0.reopened(image, now: $1) }
        } else if whole {
            // The file was damaged: a copy takes its place, or an empty one.
            file = random.chance(70) ? copy : MemoryFile(id: "new-\(events.count)")
            events.append("replaced")
            let image = file.image
            perform { $0.reopened(image, now: $1) }
        } else {
            let image = file.image
            let last = file.last
            perform { $0.reopened(durable: last, folded: image.folded, now: $1) }
        }
    }

    /// - Returns: what is wrong with what was asked for.
    private mutating func carryOut(_ operation: Operation) -> String? {
        switch operation {
        case .append(let rows): return file.append(rows)
        case .fold(let fold):
            let isRestoring = fold.through > file.last
            let problem = file.fold(fold)
            guard isRestoring else { return problem }
            file.viewsBegan = viewsBegan
            file.lastReading = foldedReading
            return problem
        case .reopen, .close: return nil
        }
    }
}
