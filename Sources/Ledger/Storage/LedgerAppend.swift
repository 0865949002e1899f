import LibSQLite

/// Adding to the journal.
extension LedgerStore {
    /// How much the log may grow before it is written back without a fold: less than what is kept in reserve.
    private static let logGrowthLimit = Int(logLimit) * 3 / 4

    /// Adds rows, which have to follow the last one without a hole. They are on disk when this returns.
    func append(_ rows: [JournalRow]) throws(LedgerStorageError) {
        guard let last = rows.last else { return }
        var next = durable
        for row in rows {
            next += 1
            guard row.sequence == next else {
                throw LedgerStorageError(
                    .other,
                    path: path,
                    "row \(row.sequence) of the journal came in place of \(next)"
                )
            }
        }
        try checkIdentity()
        var size = 0
        try Self.run { () throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in
                let statement = try database.prepare("INSERT INTO journal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
                for row in rows { size += try Self.insert(row, statement) }
            }
        }
        durable = last.sequence
        if logIdentity == nil { noteIdentity() }
        // What a commit writes beside the rows: pages of 4,096 bytes, of which at least the last one is written again.
        logGrowth += size + 2 * 4120
        if logGrowth > Self.logGrowthLimit { writeBack() }
    }

    /// Returns the size of its bytes.
    private static func insert(_ row: JournalRow, _ statement: SQLiteStatement) throws(SQLiteError) -> Int {
        let (kind, body) = JournalCodec.encode(row.entry)
        statement.bind(1, row.sequence)
        statement.bind(2, kind.rawValue)
        statement.bind(3, row.time.wall)
        statement.bind(4, row.time.boot)
        statement.bind(5, Int64(bitPattern: row.time.bootID))
        try statement.bind(6, body)
        statement.bind(7, body.withUnsafeBytes { JournalCodec.check(row, kind: kind.rawValue, body: $0) })
        try statement.run()
        return body.count
    }

    /// Writes the log back into the file, and begins it anew with the next row. Nothing is lost if that fails: what is in
    /// the log is on disk. Returns what went wrong.
    @discardableResult
    func writeBack() -> LedgerStorageError? {
        do throws(SQLiteError) {
            try database.checkpoint()
            logGrowth = 0
            keepReserve()
            return nil
        } catch {
            // Not at each row again.
            logGrowth /= 2
            return Self.failure(error)
        }
    }
}
