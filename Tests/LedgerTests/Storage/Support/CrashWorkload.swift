@testable import Ledger

/// What is done to a ledger's file one after the other, as a seed makes it, and what the file has to hold after each step.
///
/// A child does the steps; its parent makes the same ones, and so knows what has to be found.
struct CrashWorkload {
    enum Step {
        case append([JournalRow])
        case fold(LedgerFold)
        case writeBack
        case backUp
        case reopen(isClean: Bool)
    }

    private(set) var model: LedgerModel
    private var random: StorageRandom
    /// How many of the steps so far changed what the file holds.
    private(set) var changes = 0

    init(seed: UInt64) {
        model = LedgerModel(seed: seed)
        random = StorageRandom(seed: ~seed)
    }

    mutating func next() -> Step {
        switch random.below(20) {
        case 0: return .reopen(isClean: random.chance(50))
        case 1: return .backUp
        case 2, 3: return .writeBack
        // A fold of nothing is none.
        case 4...8 where model.sequence > model.folded:
            changes += 1
            return .fold(model.fold(active: random.below(30)))
        default:
            changes += 1
            return .append(model.rows(random.below(4) + 1))
        }
    }

    /// What the file holds after each of the first changes.
    static func contents(seed: UInt64, changes: Int) -> [LedgerContent] {
        var workload = CrashWorkload(seed: seed)
        var contents = [LedgerContent(workload.model)]
        while workload.changes < changes {
            let before = workload.changes
            _ = workload.next()
            if workload.changes > before { contents.append(LedgerContent(workload.model)) }
        }
        return contents
    }
}

/// Does the steps of a workload to a file.
final class CrashWorker {
    let options: LedgerStorageOptions
    private(set) var store: LedgerStore

    init(_ options: LedgerStorageOptions) throws(LedgerStorageError) {
        self.options = options
        store = try LedgerStore.open(options, zone: LedgerFolder.zone).store
    }

    /// - Parameter pause: Called between the parts of a step, where a process may end, with the place's name.
    func perform(_ step: CrashWorkload.Step, pause: (String) -> Void = { _ in }) throws(LedgerStorageError) {
        switch step {
        case .append(let rows):
            pause("before an append")
            try store.append(rows)
            pause("after an append")
        case .fold(let fold):
            pause("before a fold")
            try store.fold(fold)
            pause("after a fold")
            if let error = store.writeBack() { throw error }
        case .writeBack:
            if let error = store.writeBack() { throw error }
            pause("after writing back")
        case .backUp:
            guard let folder = options.backupFolder else { return }
            let backup = try LedgerBackup(of: store, into: folder)
            store.backup = backup
            repeat { pause("in a backup") } while try !backup.step()
            store.backup = nil
            pause("before a backup is named")
            try LedgerBackups(folder: folder, ledger: options.path).finish(
                draft: backup.draft,
                as: backup.path,
                keep: options.backupsKept
            )
        case .reopen(let isClean):
            if store.database.isOpen { if isClean { try store.close() } else { store.abandon() } }
            pause("between closing and opening")
            store = try LedgerStore.open(options, zone: LedgerFolder.zone).store
        }
    }

    /// Leaves a backup that failed.
    func abandonBackup() {
        store.backup?.abandon()
        store.backup = nil
    }

    /// Goes on with another connection, after the system has failed.
    func recover() throws(LedgerStorageError) {
        store = try store.reopen()
    }
}
