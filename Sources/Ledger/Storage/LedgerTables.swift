import LibSQLite

/// Reads the tables of a ledger. Each row is checked.
struct LedgerTables {
    let database: SQLiteDatabase

    init(_ database: SQLiteDatabase) {
        self.database = database
    }

    /// What the ledger knows about itself.
    func meta() throws(LedgerStorageError) -> [MetaKey: String] {
        var meta: [MetaKey: String] = [:]
        try rows("SELECT key, value, chk FROM meta") { (row) throws(LedgerStorageError) in
            let key = row.text(0)
            let value = row.text(1) ?? ""
            try check(row.integer(2) == Self.check(key, value), "meta")
            if let key, let known = MetaKey(rawValue: key) { meta[known] = value }
        }
        return meta
    }

    func set(_ key: MetaKey, _ value: String) throws(SQLiteError) {
        let statement = try database.prepare("INSERT OR REPLACE INTO meta VALUES (?1, ?2, ?3)")
        try statement.bind(1, key.rawValue)
        try statement.bind(2, value)
        statement.bind(3, Self.check(key.rawValue, value))
        try statement.run()
    }

    private static func check(_ key: String?, _ value: String) -> Int64 {
        var check = RowCheck(.meta)
        check.add(key)
        check.add(value)
        return check.value
    }

    /// The folded state, and the rows of the journal after it.
    func image() throws(LedgerStorageError) -> LedgerImage {
        let meta = try meta()
        let folded = meta[.folded].flatMap { Int64($0) }
        try check(meta[.ledger] != nil && folded != nil, "meta")
        var image = LedgerImage(ledgerID: meta[.ledger] ?? "", folded: folded ?? 0)
        image.endedCleanly = meta[.clean] == "1"
        image.isRestored = meta[.restored] == "1"
        image.servers = try servers()
        image.users = try users()
        image.counters = try counters()
        image.views = try views()
        image.clears = try clears()
        image.journal = try journal(after: image.folded)
        return image
    }

    func servers() throws(LedgerStorageError) -> [ServerImage] {
        var servers: [ServerImage] = []
        try rows("SELECT id, name, mark, read_at, chk FROM server ORDER BY id") { (row) throws(LedgerStorageError) in
            let server = ServerImage(
                id: ServerID(row.integer(0)),
                name: row.text(1) ?? "",
                mark: row.text(2) ?? "",
                readAt: row.optionalInteger(3)
            )
            try check(row.integer(4) == server.check, "server")
            servers.append(server)
        }
        return servers
    }

    func users() throws(LedgerStorageError) -> [UserImage] {
        var users: [UserImage] = []
        try rows("SELECT id, name, first_seen, last_seen, chk FROM user ORDER BY id") {
            (row) throws(LedgerStorageError) in
            let user = UserImage(
                id: UserID(row.integer(0)),
                name: row.bytes(1),
                firstSeen: row.integer(2),
                lastSeen: row.integer(3)
            )
            try check(row.integer(4) == user.check, "user")
            users.append(user)
        }
        return users
    }

    func counters() throws(LedgerStorageError) -> [CounterImage] {
        var counters: [CounterImage] = []
        try rows("SELECT server, user, up, down, raw_up, raw_down, chk FROM counter ORDER BY server, user") {
            (row) throws(LedgerStorageError) in
            let counter = CounterImage(
                key: row.key(0),
                total: row.traffic(2),
                raw: row.traffic(4)
            )
            try check(row.integer(6) == counter.check, "counter")
            counters.append(counter)
        }
        return counters
    }

    func views() throws(LedgerStorageError) -> [ViewImage] {
        var views: [ViewImage] = []
        try rows("SELECT id, name, began, used, acknowledged, offered, chk FROM view ORDER BY id") {
            (row) throws(LedgerStorageError) in
            let view = ViewImage(
                id: ViewID(row.integer(0)),
                name: row.text(1) ?? "",
                began: row.integer(2),
                lastUsed: row.integer(3),
                acknowledged: row.optionalInteger(4),
                offered: row.optionalInteger(5)
            )
            try check(row.integer(6) == view.check, "view")
            views.append(view)
        }
        var index = 0
        try rows("SELECT view, offer, server, user, up, down, chk FROM taken ORDER BY view, offer, server, user") {
            (row) throws(LedgerStorageError) in
            let view = row.integer(0)
            let counted = CountedTraffic(row.key(2), row.traffic(4))
            try check(row.integer(6) == counted.check(view: view, offer: row.integer(1)), "taken")
            while index < views.count, views[index].id.value < view { index += 1 }
            try check(index < views.count && views[index].id.value == view, "taken")
            if row.integer(1) == 0 { views[index].taken.append(counted) } else { views[index].offer.append(counted) }
        }
        return views
    }

    func clears() throws(LedgerStorageError) -> [ClearImage] {
        var clears: [ClearImage] = []
        try rows("SELECT id, view, key, at, verdict, body, chk FROM clear ORDER BY id") {
            (row) throws(LedgerStorageError) in
            let amounts = row.withBytes(5) { body in try? JournalCodec.decodeAmounts(body) }
            let verdict = UInt8(exactly: row.integer(4)).flatMap { ClearVerdict(rawValue: $0) }
            guard let amounts, let verdict else { throw broken("clear") }
            let clear = ClearImage(
                id: ClearID(row.integer(0)),
                view: ViewID(row.integer(1)),
                key: row.text(2),
                at: row.integer(3),
                verdict: verdict,
                amounts: amounts
            )
            try check(row.integer(6) == row.withBytes(5) { clear.check(body: $0) }, "clear")
            clears.append(clear)
        }
        return clears
    }

    /// The rows after one of them, which have to follow one another.
    func journal(after folded: Int64) throws(LedgerStorageError) -> [JournalRow] {
        var journal: [JournalRow] = []
        var last = folded
        try rows("SELECT seq, kind, wall, boot, boot_id, body, crc FROM journal ORDER BY seq") {
            (row) throws(LedgerStorageError) in
            let sequence = row.integer(0)
            let kind = row.integer(1)
            let time = LedgerTime(
                wall: row.integer(2),
                boot: row.integer(3),
                bootID: UInt64(bitPattern: row.integer(4))
            )
            try check(sequence == last + 1, "journal")
            last = sequence
            let entry = try row.withBytes(5) { (body) throws(LedgerStorageError) in
                let crc = JournalCodec.check(sequence: sequence, time: time, kind: kind, body: body)
                try check(crc == row.integer(6), "journal")
                do throws(JournalCodec.Failure) {
                    return try JournalCodec.decode(kind: kind, body: body)
                } catch {
                    throw undecodable(error)
                }
            }
            journal.append(JournalRow(sequence: sequence, time: time, entry: entry))
        }
        return journal
    }

    /// Gaps that a condition chooses.
    func gaps(where condition: String, _ body: (LedgerGap) -> Void) throws(LedgerStorageError) {
        try rows("SELECT server, began, ended, cause, chk FROM gap WHERE \(condition)") {
            (row) throws(LedgerStorageError) in
            guard let cause = row.text(3).flatMap({ LedgerGap.Cause(rawValue: $0) }) else { throw broken("gap") }
            let gap = LedgerGap(
                server: ServerID(row.integer(0)),
                began: row.integer(1),
                ended: row.integer(2),
                cause: cause
            )
            try check(row.integer(4) == gap.check, "gap")
            body(gap)
        }
    }

    /// Looks at each row that is not read at a start.
    func checkHistory() throws(LedgerStorageError) {
        try history(.quarter) { _, _ in }
        try history(.day) { _, _ in }
        try gaps(where: "1") { _ in }
    }

    /// Goes through quarter hours or days, by time.
    func history(
        _ kind: RowCheck.Table,
        where condition: String = "1",
        _ body: (Int64, CountedTraffic) throws(LedgerStorageError) -> Void
    ) throws(LedgerStorageError) {
        let (table, time) = kind == .quarter ? ("quarter", "slot") : ("day", "date")
        try rows("SELECT \(time), server, user, up, down, chk FROM \(table) WHERE \(condition)") {
            (row) throws(LedgerStorageError) in
            let counted = CountedTraffic(row.key(1), row.traffic(3))
            try check(row.integer(5) == counted.check(kind, at: row.integer(0)), "day or quarter")
            try body(row.integer(0), counted)
        }
    }

    /// Goes through the rows of a query.
    func rows(_ sql: String, _ body: (SQLiteStatement) throws(LedgerStorageError) -> Void) throws(LedgerStorageError) {
        let statement = try LedgerStore.run { () throws(SQLiteError) in try database.prepare(sql) }
        while try LedgerStore.run({ () throws(SQLiteError) in try statement.step() }) { try body(statement) }
    }

    func check(_ isRight: Bool, _ table: StaticString) throws(LedgerStorageError) {
        if !isRight { throw broken(table) }
    }

    /// A row whose check is right and that says nothing to this program is a later one's.
    private func undecodable(_ failure: JournalCodec.Failure) -> LedgerStorageError {
        guard case .unknownKind(let kind) = failure else { return broken("journal") }
        return LedgerStorageError(
            .newer(version: kind),
            path: database.path,
            "a later version of this program has written to its journal; install that version again"
        )
    }

    private func broken(_ table: StaticString) -> LedgerStorageError {
        LedgerStorageError(
            .corrupt,
            path: database.path,
            "a row of its table \(table) is not as written; restore a backup"
        )
    }
}
