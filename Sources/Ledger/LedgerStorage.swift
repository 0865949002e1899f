/// The ledger's file, on a thread of its own. Calls are done one after the other, in the order in which they come.
package actor LedgerStorage {
    /// How many rows of old quarter hours go at a time.
    private static let expiredAtATime = 5000

    private let thread: LedgerThread
    private let options: LedgerStorageOptions
    private let zone: CivilZone
    /// nil before it is opened, after it was closed, and after an attempt to open it again that failed.
    private var store: LedgerStore?
    /// What the last store knew, for an attempt to open the file again.
    private var last: LedgerStore?
    private var isExpiring = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init(_ options: LedgerStorageOptions, zone: CivilZone) {
        thread = LedgerThread()
        self.options = options
        self.zone = zone
    }

    /// Opens the file, creates it, or puts one that is broken aside and restores a backup.
    package func open() throws(LedgerStorageError) -> OpenedLedger {
        store?.abandon()
        store = nil
        last = nil
        let (store, opened) = try LedgerRecovery.open(options, zone: zone)
        self.store = store
        return opened
    }

    /// Adds rows to the journal. They are on disk when this returns; none of them is when it throws anything but
    /// `inputOutput`, after which ``reopen()`` says what is.
    package func append(_ rows: [JournalRow]) throws(LedgerStorageError) {
        try opened().append(rows)
    }

    /// Folds the journal's first rows into the counters and the history: all of it or nothing. Then old rows go, some at
    /// a time between other calls, and the log is written back.
    ///
    /// - Returns: what went wrong after the fold was done. Nothing is lost by that; the disk may be full.
    @discardableResult
    package func fold(_ fold: LedgerFold) throws(LedgerStorageError) -> LedgerStorageError? {
        let store = try opened()
        try store.fold(fold)
        if !isExpiring {
            isExpiring = true
            Task { expire() }
        }
        return store.writeBack()
    }

    /// Deletes some old rows, and leaves the rest for later, so that others have their turn.
    private func expire() {
        isExpiring = false
        // Whatever is wrong, an append says it, too, and to somebody who listens.
        guard let store, let isMore = try? store.expireQuarters(limit: Self.expiredAtATime), isMore else { return }
        isExpiring = true
        Task { expire() }
    }

    /// Closes the file and opens it again, after an error of the kind `inputOutput`. May be tried again and again.
    package func reopen() throws(LedgerStorageError) -> ReopenedLedger {
        let before: LedgerStore? = store ?? last
        guard let before else { throw closed }
        store = nil
        last = before
        let next = try before.reopen()
        store = next
        last = nil
        return ReopenedLedger(durable: next.durable, folded: next.folded)
    }

    /// Copies the file into the backup folder, a piece at a time between other calls, and checks the copy.
    ///
    /// - Returns: the backup's path; nil: no folder was given, or a backup is under way.
    package func backUp() async throws(LedgerStorageError) -> String? {
        let store = try opened()
        guard let folder = options.backupFolder, store.backup == nil else { return nil }
        let backup = try LedgerBackup(of: store, into: folder)
        store.backup = backup
        while true {
            // Whoever closes the file has ended the backup with it.
            guard store.backup === backup else { throw closed }
            do throws(LedgerStorageError) {
                if try backup.step() { break }
            } catch {
                store.backup = nil
                throw error
            }
            await Task.yield()
        }
        store.backup = nil
        let backups = LedgerBackups(folder: folder, ledger: options.path)
        // A large copy takes seconds to check, which nobody waits for on a thread of its own.
        try await LedgerBackupChecker().finish(backups, draft: backup.draft, as: backup.path, keep: options.backupsKept)
        return backup.path
    }

    /// Checks the file's structure. Throws `corrupt` if it is broken. Others wait meanwhile.
    package func check() throws(LedgerStorageError) {
        _ = try CheckLevel.all.run(opened().database, wasClean: false)
    }

    /// How large the file is, and what is in it.
    package func status() throws(LedgerStorageError) -> LedgerFileStatus { try opened().status() }

    /// The size of the file in bytes, without the log beside it.
    package nonisolated var fileBytes: Int64 { LedgerPlace.size(of: options.path) }

    /// The past of users.
    ///
    /// - Parameter unfolded: what is counted after this row of the journal, and so is not in the file's history. It is asked on
    ///   the file's thread: no fold comes in between, and nothing counts twice.
    package func usage(
        _ query: UsageQuery,
        unfolded: @Sendable (_ folded: Int64) -> UnfoldedTraffic
    ) throws(LedgerStorageError) -> UsageReport {
        let store = try opened()
        return try UsageReader(store.database, zone: zone).report(query, unfolded: unfolded(store.folded))
    }

    /// Today and the current period of each user.
    package func overview(
        _ query: OverviewQuery,
        unfolded: @Sendable (_ folded: Int64) -> UnfoldedTraffic
    ) throws(LedgerStorageError) -> OverviewReport {
        let store = try opened()
        return try OverviewReader(store.database, zone: zone).report(query, unfolded: unfolded(store.folded))
    }

    /// Lets the file go. Another process can have it when this returns, even if it throws.
    package func close() throws(LedgerStorageError) {
        defer {
            store = nil
            last = nil
        }
        try store?.close()
    }

    private func opened() throws(LedgerStorageError) -> LedgerStore {
        guard let store else { throw closed }
        return store
    }

    private var closed: LedgerStorageError {
        LedgerStorageError(.closed, path: options.path, "the ledger is not open")
    }
}

/// Checks copies on a thread of its own.
private actor LedgerBackupChecker {
    private let thread = LedgerThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func finish(_ backups: LedgerBackups, draft: String, as path: String, keep: Int) throws(LedgerStorageError) {
        try backups.finish(draft: draft, as: path, keep: keep)
    }
}
