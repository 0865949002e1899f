import LibSQLite

/// How much of a file is checked before it is used.
enum CheckLevel {
    /// All of it below 64 MiB, and below 256 MiB if it was not closed in order; above, that is left for later.
    case bySize
    /// All of it.
    case all

    private static let alwaysBelow: Int64 = 64 << 20
    private static let uncleanBelow: Int64 = 256 << 20

    /// Checks the structure and each row of history: a row whose key is not as written is not found where it should be, and
    /// so is missed by whoever looks for it. The other tables are read as a whole anyway.
    ///
    /// - Returns: whether the check is left for later.
    func run(_ database: SQLiteDatabase, wasClean: Bool) throws(LedgerStorageError) -> Bool {
        if case .bySize = self {
            let size = LedgerPlace.size(of: database.path)
            let limit = wasClean ? Self.alwaysBelow : Self.uncleanBelow
            guard size < limit else { return !wasClean }
        }
        let findings = try LedgerStore.run { () throws(SQLiteError) in try database.quickCheck() }
        // A page that cannot be read is named with SQLite's error code: the disk's fault, which may pass, is not the file's.
        if let unread = findings.first(where: Self.isUnread) {
            throw LedgerStorageError(.inputOutput, path: database.path, unread)
        }
        if let first = findings.first {
            throw LedgerStorageError(.corrupt, path: database.path, "\(first); restore a backup")
        }
        try LedgerTables(database).checkHistory()
        return false
    }

    private static func isUnread(_ finding: String) -> Bool {
        guard let start = finding.utf8.lastIndex(of: UInt8(ascii: "=")) else { return false }
        let code = finding[finding.utf8.index(after: start)...].prefix { $0.isNumber }
        // SQLITE_IOERR, whatever it was doing.
        return Int(code).map { $0 & 0xff == 10 } ?? false
    }
}
