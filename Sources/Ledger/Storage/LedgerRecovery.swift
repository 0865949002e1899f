import Glibc
import LibSQLite

/// Opening a file that may be broken.
enum LedgerRecovery {
    /// Opens the file. One that is broken is put aside, and the newest backup that is whole takes its place; without one, a
    /// new file.
    static func open(_ options: LedgerStorageOptions, zone: CivilZone, schema: LedgerSchema = .current)
        throws(LedgerStorageError) -> (store: LedgerStore, opened: OpenedLedger)
    {
        let place = LedgerPlace(path: options.path)
        let time = LedgerBackups.timeText(options.clock.now())
        // Where the last start ended in the middle of what follows, it is brought to its end.
        if access(options.path, F_OK) == 0 { unlink(place.successorPath) } else { try place.succeed(time: time) }
        let fault: LedgerStorageError
        do throws(LedgerStorageError) {
            let opened = try LedgerStore.open(options, zone: zone, schema: schema)
            return (opened.store, OpenedLedger(opened))
        } catch {
            guard error.kind == .corrupt else { throw error }
            fault = error
        }
        let backup = try prepareNewest(options, schema: schema)
        let aside = try place.setAside(time: time)
        try place.succeed(time: time)
        // A backup that is whole opens, and so does no file at all.
        let opened = try LedgerStore.open(options, zone: zone, schema: schema)
        var result = OpenedLedger(opened)
        result.isNew = backup == nil
        result.quarantined = aside
        result.fault = fault.problem
        result.restored = backup
        return (opened.store, result)
    }

    /// Makes a successor of the newest backup that is whole. Returns which one; nil: there is none.
    private static func prepareNewest(_ options: LedgerStorageOptions, schema: LedgerSchema)
        throws(LedgerStorageError) -> String?
    {
        guard let folder = options.backupFolder else { return nil }
        for path in LedgerBackups(folder: folder, ledger: options.path).paths() {
            do throws(LedgerStorageError) { try LedgerBackups.check(path, schema: schema) } catch { continue }
            try prepare(backup: path, for: options.path)
            return path
        }
        return nil
    }

    /// Copies a backup to where the successor of a file stands.
    static func prepare(backup: String, for path: String) throws(LedgerStorageError) {
        let database = try LedgerStore.run { () throws(SQLiteError) in
            try SQLiteDatabase(backup, mode: .immutable)
        }
        defer { database.close() }
        try LedgerStore.copy(database, to: LedgerPlace(path: path).successorPath, isRestored: true)
    }
}

extension OpenedLedger {
    init(_ opened: LedgerStore.Opened) {
        self.init(
            image: opened.image,
            isNew: opened.isNew,
            quarantined: nil,
            fault: nil,
            restored: nil,
            needsCheck: opened.needsCheck
        )
    }
}
