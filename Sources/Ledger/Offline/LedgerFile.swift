import Glibc
import LibSQLite

/// What is done with a ledger's file that nobody has open.
package enum LedgerFile {
    /// The zone by which days were cut last. It is read without a lock, and so before the zone of the process is set; nil
    /// where there is no file yet, or none that can be read so.
    package static func zoneName(_ path: String) -> String? {
        guard access(path, R_OK) == 0, let database = try? SQLiteDatabase(path, mode: .immutable) else { return nil }
        defer { database.close() }
        return (try? LedgerTables(database).meta())?[.zone]
    }

    /// Puts a backup in the file's place. The file that stood there is kept under another name.
    ///
    /// - Returns: where the old file is now; nil: there was none.
    package static func restore(_ backup: String, _ options: LedgerStorageOptions) throws(LedgerStorageError) -> String?
    {
        try LedgerBackups.check(backup, schema: .current)
        let place = LedgerPlace(path: options.path)
        let time = LedgerBackups.timeText(options.clock.now())
        let exists = access(options.path, F_OK) == 0
        if exists { try refuseIfOpen(options) }
        try LedgerRecovery.prepare(backup: backup, for: options.path)
        let replaced = exists ? try place.setAside(as: "replaced", time: time) : nil
        try place.succeed(time: time)
        return replaced
    }

    /// The backups that there are, newest first.
    package static func backups(_ options: LedgerStorageOptions) -> [String] {
        options.backupFolder.map { LedgerBackups(folder: $0, ledger: options.path).paths() } ?? []
    }

    /// When the newest backup in a folder was made, in seconds since 1970; nil: there is none.
    package static func newestBackup(in folder: String, of path: String) -> Int64? {
        LedgerBackups(folder: folder, ledger: path).newest()
    }

    /// Throws if another process has the file. One that is broken is nobody's.
    private static func refuseIfOpen(_ options: LedgerStorageOptions) throws(LedgerStorageError) {
        do throws(SQLiteError) {
            let database = try SQLiteDatabase(options.path, mode: .readWrite)
            defer { database.close() }
            database.waitForLocks(milliseconds: options.waitForLock)
            try database.execute("PRAGMA locking_mode = EXCLUSIVE; SELECT count(*) FROM sqlite_schema")
        } catch {
            if error.kind == .locked { throw LedgerStorageError(error) }
        }
    }

    /// Opens a file that exists, does something with it, and closes it, as it was found: in order or not.
    static func with<Value>(
        _ options: LedgerStorageOptions,
        zone: CivilZone,
        check: CheckLevel = .bySize,
        _ body: (LedgerStore, LedgerImage) throws(LedgerStorageError) -> Value
    ) throws(LedgerStorageError) -> Value {
        guard access(options.path, F_OK) == 0 else {
            throw LedgerPlace(path: options.path).failure("it cannot be used")
        }
        var options = options
        options.keepsReserve = false
        let opened = try LedgerStore.open(options, zone: zone, check: check)
        let value: Value
        do throws(LedgerStorageError) {
            value = try body(opened.store, opened.image)
        } catch {
            opened.store.abandon()
            throw error
        }
        try opened.store.close(asClean: opened.image.endedCleanly)
        return value
    }
}
