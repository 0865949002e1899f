import LibSQLite

/// Reads rows of quarter hours or of days.
struct UsageRows {
    private let kind: RowCheck.Table
    private let tables: LedgerTables
    private let statement: SQLiteStatement
    private let next: SQLiteStatement
    /// The last time that has rows.
    private let last: Int64

    init(_ kind: RowCheck.Table, _ database: SQLiteDatabase) throws(LedgerStorageError) {
        self.kind = kind
        tables = LedgerTables(database)
        let (table, time) = kind == .quarter ? ("quarter", "slot") : ("day", "date")
        (statement, next, last) = try LedgerStore.run { () throws(SQLiteError) in
            (
                try database.prepare(
                    """
                    SELECT user, up, down, chk FROM \(table)
                    WHERE \(time) = ?1 AND server = ?2 AND user >= ?3 AND user <= ?4
                    """
                ),
                try database.prepare("SELECT min(\(time)) FROM \(table) WHERE \(time) >= ?1"),
                try database.optionalNumber("SELECT max(\(time)) FROM \(table)") ?? .min
            )
        }
    }

    /// Adds what was moved at some times.
    func add(_ times: Range<Int64>, to sums: inout UsageSums, bucket: Int?, of users: UsageUsers)
        throws(LedgerStorageError)
    {
        guard !times.isEmpty, !users.ids.isEmpty, times.lowerBound <= last else { return }
        // Few times have rows: whoever asks for ten thousand years does not wait for each day of them.
        next.bind(1, times.lowerBound)
        let first = try LedgerStore.run { () throws(SQLiteError) in
            defer { next.reset() }
            return try next.step() ? next.optionalInteger(0) : nil
        }
        guard let first, first < times.upperBound else { return }
        for time in first..<min(times.upperBound, last + 1) {
            for server in users.servers {
                for range in users.ranges { try add(time, server, range, to: &sums, bucket: bucket, of: users) }
            }
        }
    }

    private func add(
        _ time: Int64,
        _ server: Int64,
        _ range: ClosedRange<Int64>,
        to sums: inout UsageSums,
        bucket: Int?,
        of users: UsageUsers
    ) throws(LedgerStorageError) {
        statement.bind(1, time)
        statement.bind(2, server)
        statement.bind(3, range.lowerBound)
        statement.bind(4, range.upperBound)
        while try LedgerStore.run({ () throws(SQLiteError) in try statement.step() }) {
            let user = statement.integer(0)
            guard let index = users.index(of: UserID(user)) else { continue }
            let check = RowCheck.of(kind, time, server, user, statement.integer(1), statement.integer(2))
            try tables.check(check == statement.integer(3), "day or quarter")
            sums.add(statement.traffic(1), user: index, bucket: bucket)
        }
    }
}
