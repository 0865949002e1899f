import CSQLite

/// Owns a copy under way of one database into another, page by page. The source may be written to meanwhile by its own
/// connection: what it changes is changed in the copy, too.
package final class SQLiteBackup {
    /// nil once it is finished.
    private var handle: OpaquePointer?
    private let source: SQLiteDatabase
    private let destination: SQLiteDatabase

    package init(of source: SQLiteDatabase, into destination: SQLiteDatabase) throws(SQLiteError) {
        self.source = source
        self.destination = destination
        handle = sqlite3_backup_init(destination.handle, "main", source.handle, "main")
        guard handle != nil else {
            let code = sqlite3_errcode(destination.handle)
            throw SQLiteError(destination.handle, code: code, path: destination.path)
        }
    }

    deinit {
        if let handle { sqlite3_backup_finish(handle) }
    }

    /// Copies some pages more. Returns whether the copy is whole.
    package func step(pages: Int32) throws(SQLiteError) -> Bool {
        guard let handle else { return true }
        let code = sqlite3_backup_step(handle, pages)
        if code == SQLITE_OK { return false }
        self.handle = nil
        sqlite3_backup_finish(handle)
        guard code == SQLITE_DONE else {
            // Whether it was the source or the copy, SQLite does not say; a disk fills up under the copy.
            throw SQLiteError(
                extendedCode: code,
                message: String(cString: sqlite3_errstr(code)),
                path: destination.path
            )
        }
        return true
    }

    /// How many pages there are, and how many are left, as of the last step.
    package var progress: (pages: Int, left: Int) {
        guard let handle else { return (0, 0) }
        return (Int(sqlite3_backup_pagecount(handle)), Int(sqlite3_backup_remaining(handle)))
    }
}
