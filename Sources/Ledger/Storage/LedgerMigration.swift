import Glibc
import LibSQLite

/// Bringing the tables of an older version up to date.
extension LedgerStore {
    /// One step after the other, each as a whole or not at all, after a backup of the file as it was.
    static func migrate(
        _ database: SQLiteDatabase,
        from version: Int64,
        to schema: LedgerSchema,
        options: LedgerStorageOptions
    ) throws(LedgerStorageError) {
        try copy(database, to: "\(options.path).format-\(version)")
        for step in version..<schema.version {
            guard let sql = schema.migrations[step] else {
                throw LedgerStorageError(
                    .newer(version: step),
                    path: database.path,
                    "it has a format that this program does not read any more"
                )
            }
            try run { () throws(SQLiteError) in
                try database.transaction { () throws(SQLiteError) in
                    try database.execute(sql)
                    try database.execute("PRAGMA user_version = \(step + 1)")
                }
            }
        }
    }

    /// Copies a database whole, as it is read through its connection, even if its file has no name any more.
    static func copy(_ database: SQLiteDatabase, to path: String, isRestored: Bool = false) throws(LedgerStorageError) {
        let draft = path + ".tmp"
        unlink(draft)
        let descriptor = Glibc.open(draft, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LedgerPlace(path: draft).failure("it cannot be created") }
        Glibc.close(descriptor)
        do throws(LedgerStorageError) {
            try run { () throws(SQLiteError) in
                let copy = try SQLiteDatabase(draft, mode: .readWrite)
                defer { copy.close() }
                try copy.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")
                let backup = try SQLiteBackup(of: database, into: copy)
                while try !backup.step(pages: 4096) {}
                if isRestored { try LedgerTables(copy).set(.restored, "1") }
            }
            try LedgerPlace.sync(file: draft)
            guard rename(draft, path) == 0 else { throw LedgerPlace(path: path).failure("it cannot be renamed") }
            try LedgerPlace.sync(folder: LedgerPlace.folder(of: path))
        } catch {
            unlink(draft)
            throw error
        }
    }
}
