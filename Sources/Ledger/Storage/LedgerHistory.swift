import LibSQLite

/// Writing history: quarter hours, and days by the ledger's zone.
extension LedgerStore {
    /// Adds what a fold has to quarter hours and days. What stands there is checked before something is added to it.
    func addHistory(_ fold: LedgerFold) throws(LedgerStorageError) {
        let quarters = try HistoryTable(.quarter, database)
        var dates: [Int64: Int64] = [:]
        var days: [DayKey: Traffic] = [:]
        days.reserveCapacity(fold.quarters.count)
        var isNew = true
        for quarter in fold.quarters {
            isNew = try quarters.add(quarter.counted, at: quarter.slot, isNew: isNew)
            let date =
                dates[quarter.slot] ?? zone.date(of: quarter.slot * SlotTraffic.seconds).days
            dates[quarter.slot] = date
            days[DayKey(date: date, key: quarter.counted.key), default: Traffic()] += quarter.counted.traffic
        }
        for counted in fold.undated {
            days[DayKey(date: undatedDay, key: counted.key), default: Traffic()] += counted.traffic
        }
        let table = try HistoryTable(.day, database)
        // In the order of the table's key: pages are looked for once.
        for (key, traffic) in days.sorted(by: { $0.key < $1.key }) {
            isNew = try table.add(CountedTraffic(key.key, traffic), at: key.date, isNew: isNew)
        }
    }

    private struct DayKey: Hashable, Comparable {
        let date: Int64
        let key: CounterKey
        static func < (left: DayKey, right: DayKey) -> Bool { (left.date, left.key) < (right.date, right.key) }
    }

    /// Deletes quarter hours that are older than the limit, some at a time: a delete without an end would hold up the rows
    /// that come meanwhile.
    ///
    /// - Returns: whether more are left.
    func expireQuarters(limit: Int) throws(LedgerStorageError) -> Bool {
        let tables = LedgerTables(database)
        return try database.transaction(orElse: Self.failure) { () throws(LedgerStorageError) in
            let kept = Int64(try tables.meta()[.quarters] ?? "") ?? .min
            return try Self.run { () throws(SQLiteError) in
                let now = options.clock.now().dividedDown(by: SlotTraffic.seconds)
                guard let first = try firstKept(now: now) else { return false }
                if first > kept { try tables.set(.quarters, "\(first)") }
                let statement = try database.prepare(
                    """
                    DELETE FROM quarter WHERE (slot, server, user) IN
                    (SELECT slot, server, user FROM quarter WHERE slot < ?1 ORDER BY slot, server, user LIMIT ?2)
                    """
                )
                statement.bind(1, max(first, kept))
                statement.bind(2, Int64(limit))
                try statement.run()
                return database.changedRows == limit
            }
        }
    }
}

extension LedgerStore {
    /// The first slot that is kept; nil: all are.
    ///
    /// Neither the clock nor the newest slot alone says how much time has passed: a clock that was years ahead for an hour,
    /// and counted meanwhile, is no reason to delete what is real. So a day goes only if as many later ones as are to be
    /// kept have rows, too.
    private func firstKept(now: Int64) throws(SQLiteError) -> Int64? {
        guard let newest = try database.optionalNumber("SELECT max(slot) FROM quarter") else { return nil }
        let statement = try database.prepare("SELECT max(slot) FROM quarter WHERE slot < ?1")
        var edge = now + 1
        for _ in 0..<options.quarterDays {
            statement.bind(1, edge)
            guard try statement.step(), let slot = statement.optionalInteger(0) else { return nil }
            statement.reset()
            edge = slot.dividedDown(by: 96) * 96
        }
        return min(edge, min(now, newest) - options.quarterDays * 96)
    }
}

/// A table of history, to be added to.
struct HistoryTable {
    private let kind: RowCheck.Table
    private let database: SQLiteDatabase
    private let selection: SQLiteStatement
    private let insertion: SQLiteStatement
    private let change: SQLiteStatement

    init(_ kind: RowCheck.Table, _ database: SQLiteDatabase) throws(LedgerStorageError) {
        self.kind = kind
        self.database = database
        let (table, time) = kind == .quarter ? ("quarter", "slot") : ("day", "date")
        let row = "WHERE \(time) = ?1 AND server = ?2 AND user = ?3"
        (selection, insertion, change) = try LedgerStore.run { () throws(SQLiteError) in
            (
                try database.prepare("SELECT up, down, chk FROM \(table) \(row)"),
                try database.prepare("INSERT OR IGNORE INTO \(table) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
                try database.prepare("UPDATE \(table) SET up = ?4, down = ?5, chk = ?6 \(row)")
            )
        }
    }

    /// Adds to a row, or makes it.
    ///
    /// - Parameter isNew: Whether the row is likely to be none yet: then it is not looked for first. Returns whether it was.
    @discardableResult
    func add(_ counted: CountedTraffic, at time: Int64, isNew: Bool = false) throws(LedgerStorageError) -> Bool {
        guard !counted.traffic.isZero else { return isNew }
        if isNew, try insert(counted, at: time) { return true }
        selection.bind(1, time)
        selection.bind(2, counted.key)
        guard try LedgerStore.run({ () throws(SQLiteError) in try selection.step() }) else {
            guard try insert(counted, at: time) else { throw broken }
            return true
        }
        var sum = CountedTraffic(counted.key, selection.traffic(0))
        let isRight = selection.integer(2) == sum.check(kind, at: time)
        selection.reset()
        guard isRight else { throw broken }
        sum.traffic += counted.traffic
        try run(change, sum, at: time)
        return false
    }

    /// Returns whether there was no such row.
    private func insert(_ counted: CountedTraffic, at time: Int64) throws(LedgerStorageError) -> Bool {
        try run(insertion, counted, at: time)
        return database.changedRows > 0
    }

    private func run(_ statement: SQLiteStatement, _ sum: CountedTraffic, at time: Int64) throws(LedgerStorageError) {
        statement.bind(1, time)
        statement.bind(2, sum.key)
        statement.bind(4, sum.traffic)
        statement.bind(6, sum.check(kind, at: time))
        try LedgerStore.run { () throws(SQLiteError) in try statement.run() }
    }

    private var broken: LedgerStorageError {
        LedgerStorageError(.corrupt, path: database.path, "a row of its history is not as written; restore a backup")
    }
}

extension SQLiteDatabase {
    /// The first column of the first row as a number; nil for nothing.
    func optionalNumber(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.optionalInteger(0) : nil
    }
}
