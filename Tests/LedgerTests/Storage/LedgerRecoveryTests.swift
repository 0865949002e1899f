import Glibc
import LibSQLite
import Testing

@testable import Ledger

@Suite("a ledger whose file is broken, gone or full")
struct LedgerRecoveryTests {
    let folder = LedgerFolder()

    /// A closed file with some content.
    private func prepare(_ model: inout LedgerModel, folds: Int = 5) throws {
        let store = try folder.open().store
        for _ in 0..<folds {
            try store.append(model.rows(2))
            try store.fold(model.fold(active: 20))
        }
        try store.close()
    }

    private func recover(now: Int64 = 1_795_000_000) throws -> (store: LedgerStore, opened: OpenedLedger) {
        try LedgerRecovery.open(folder.options(now: now), zone: LedgerFolder.zone)
    }

    private func backUp(_ store: LedgerStore) throws -> String {
        let folder = self.folder.options().backupFolder ?? ""
        let backup = try LedgerBackup(of: store, into: folder)
        while try !backup.step() {}
        let backups = LedgerBackups(folder: folder, ledger: store.path)
        try backups.finish(draft: backup.draft, as: backup.path, keep: store.options.backupsKept)
        return backup.path
    }

    private func overwrite(_ path: String, at offset: Int, _ bytes: [UInt8]) {
        var content = LedgerFolder.read(path)
        for (index, byte) in bytes.enumerated() where offset + index < content.count { content[offset + index] = byte }
        LedgerFolder.write(content, to: path)
    }

    @Test("a broken file is put aside, and the newest backup that is whole takes its place")
    func restoration() throws {
        var model = LedgerModel(seed: 1)
        try prepare(&model)
        var store = try folder.open().store
        let good = try backUp(store)
        var expected = model.image(ledgerID: store.ledgerID, endedCleanly: false)
        expected.isRestored = true
        try store.append(model.rows(2))
        try store.close()
        store = try folder.open(now: 1_795_086_400).store
        let broken = try backUp(store)
        try store.close()
        overwrite(broken, at: 4096 * 3, [UInt8](repeating: 0x55, count: 3000))
        overwrite(folder.path, at: 4096 * 2, [UInt8](repeating: 0xaa, count: 8000))
        let (next, opened) = try recover(now: 1_795_100_000)
        #expect(opened.restored == good)
        #expect(opened.quarantined == folder.path + ".corrupt-20261119T145320Z")
        #expect(opened.fault != nil)
        #expect(!opened.isNew)
        #expect(opened.image == expected)
        #expect(access(folder.path + ".corrupt-20261119T145320Z", F_OK) == 0)
        #expect(next.durable == expected.folded)
    }

    @Test("without a backup, a new file begins, and takes all that memory has")
    func fresh() throws {
        var model = LedgerModel(seed: 2)
        try prepare(&model)
        overwrite(folder.path, at: 0, [UInt8](repeating: 0, count: 5000))
        let (store, opened) = try recover()
        #expect(opened.isNew)
        #expect(opened.restored == nil)
        #expect(opened.quarantined != nil)
        let fold = model.fold(active: 10)
        #expect(fold.through == 10)
        try store.fold(fold)
        #expect(store.durable == 10)
        try store.append([model.rows(1)[0]])
        store.abandon()
        let image = try folder.open().image
        #expect(image.folded == 10)
        #expect(image.journal.map(\.sequence) == [11])
    }

    @Test(
        "a changed figure is found when it is read",
        arguments: ["counter", "user", "server", "view", "taken", "clear"]
    )
    func figures(table: String) throws {
        var model = LedgerModel(seed: 3)
        try prepare(&model)
        let column = ["counter": "raw_up", "user": "last_seen", "server": "read_at", "view": "used", "taken": "up"][
            table
        ]
        let database = try SQLiteDatabase(folder.path, mode: .readWrite)
        try database.execute("UPDATE \(table) SET \(column ?? "verdict") = 1 - \(column ?? "verdict") WHERE true")
        #expect(database.changedRows > 0)
        database.close()
        let error = #expect(throws: LedgerStorageError.self) { try folder.open() }
        #expect(error?.kind == .corrupt)
        #expect(error?.description.contains("table \(table)") == true)
    }

    @Test("a changed figure of the past is neither added to nor shown")
    func history() throws {
        var model = LedgerModel(seed: 4)
        try prepare(&model)
        let store = try folder.open().store
        try store.database.execute("UPDATE day SET up = up + 1; UPDATE quarter SET down = down + 1")
        let query = UsageQuery(users: .all, from: 0, to: 1 << 40, step: .total)
        let shown = #expect(throws: LedgerStorageError.self) {
            try UsageReader(store.database, zone: LedgerFolder.zone).report(query, unfolded: UnfoldedTraffic())
        }
        #expect(shown?.kind == .corrupt)
        try store.append(model.rows(1))
        model.slot -= 3
        let added = #expect(throws: LedgerStorageError.self) { try store.fold(model.fold(active: 40)) }
        #expect(added?.kind == .corrupt)
        #expect(store.folded == 10, "nothing of the fold is done")
    }

    @Test("a file that is removed while it is open is noticed, and written again with all that it had")
    func removal() throws {
        var model = LedgerModel(seed: 5)
        try prepare(&model)
        let store = try folder.open().store
        try store.append(model.rows(2))
        let rows = model.rows(1)
        LedgerFolder.remove("\(folder.root)/state")
        let error = #expect(throws: LedgerStorageError.self) { try store.append(rows) }
        #expect(error?.kind == .inputOutput)
        let next = try store.reopen()
        #expect(next.durable == 12)
        try next.append(rows)
        next.abandon()
        let image = try folder.open().image
        #expect(image == model.image(ledgerID: image.ledgerID, endedCleanly: false))
    }

    @Test("a log that is removed while the file is open is noticed")
    func logRemoval() throws {
        var model = LedgerModel(seed: 6)
        try prepare(&model)
        let store = try folder.open().store
        try store.append(model.rows(2))
        unlink(folder.path + "-wal")
        let rows = model.rows(1)
        let error = #expect(throws: LedgerStorageError.self) { try store.append(rows) }
        #expect(error?.kind == .inputOutput)
        let next = try store.reopen()
        try next.append(rows)
        next.abandon()
        let image = try folder.open().image
        #expect(image == model.image(ledgerID: image.ledgerID, endedCleanly: false))
    }

    @Test("another ledger in the file's place is not gone on with")
    func replacement() throws {
        var model = LedgerModel(seed: 7)
        try prepare(&model)
        let store = try folder.open().store
        unlink(folder.path)
        unlink(folder.path + "-wal")
        let other = LedgerFolder()
        try other.open().store.close()
        LedgerFolder.write(LedgerFolder.read(other.path), to: folder.path)
        let rows = model.rows(1)
        let error = #expect(throws: LedgerStorageError.self) { try store.append(rows) }
        #expect(error?.kind == .inputOutput)
        let replaced = #expect(throws: LedgerStorageError.self) { try store.reopen() }
        #expect(replaced?.kind == .replaced)
    }

    @Test("a file that cannot grow refuses rows and folds, changes nothing, and goes on when it can")
    func full() throws {
        var model = LedgerModel(seed: 8)
        try prepare(&model)
        let store = try folder.open().store
        // No less than the file has, which has grown by a MiB at once.
        try store.database.execute("PRAGMA max_page_count = 256")
        let time = LedgerTime(wall: 0, boot: 0, bootID: 0)
        let large = JournalRow(
            sequence: 11,
            time: time,
            entry: .users([NewUser(id: UserID(1), name: [UInt8](repeating: 1, count: 2_000_000))])
        )
        let error = #expect(throws: LedgerStorageError.self) { try store.append([large]) }
        #expect(error?.kind == .full)
        #expect(store.durable == 10)
        try store.database.execute("PRAGMA max_page_count = 100000")
        try store.append([large])
        store.abandon()
        #expect(try folder.open().image.journal == [large])
    }

    @Test("an older format is brought up to date as a whole, after a copy of the file as it was")
    func migration() throws {
        var model = LedgerModel(seed: 9)
        try prepare(&model)
        var schema = LedgerSchema.current
        schema.version = 3
        schema.migrations = [
            1: "ALTER TABLE gap ADD COLUMN note TEXT", 2: "CREATE TABLE a(b); INSERT INTO nowhere VALUES (1)",
        ]
        #expect(throws: LedgerStorageError.self) { try folder.open(schema: schema) }
        var database = try SQLiteDatabase(folder.path, mode: .readOnly)
        #expect(try database.number("PRAGMA user_version") == 2, "the first step is done, the second is not at all")
        #expect(try database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'a'") == 0)
        database.close()
        schema.migrations[2] = "CREATE TABLE a(b)"
        let opened = try folder.open(schema: schema)
        #expect(opened.image == model.image(ledgerID: opened.store.ledgerID, endedCleanly: true))
        try opened.store.close()
        database = try SQLiteDatabase(folder.path + ".format-1", mode: .immutable)
        #expect(try database.number("PRAGMA user_version") == 1)
        #expect(try LedgerTables(database).image().users.count == opened.image.users.count)
        let error = #expect(throws: LedgerStorageError.self) { try folder.open() }
        #expect(error?.kind == .newer(version: 3))
    }

    @Test("seven backups are kept, drafts go, and other files stay")
    func backups() throws {
        let options = folder.options()
        let backupFolder = options.backupFolder ?? ""
        for day in 0..<9 as Range<Int64> {
            let store = try folder.open(now: 1_795_000_000 + day * 86_400).store
            if day == 4 { LedgerFolder.write([1], to: "\(backupFolder)/ledger-notes.sqlite") }
            if day == 5 { LedgerFolder.write([1], to: "\(backupFolder)/ledger-20200101T000000Z.sqlite.tmp") }
            _ = try backUp(store)
            try store.close()
        }
        let names = LedgerFolder.names(in: backupFolder)
        #expect(names.count == 8)
        #expect(names.first == "ledger-20261120T110640Z.sqlite")
        #expect(names.last == "ledger-notes.sqlite")
        let replaced = try LedgerFile.restore("\(backupFolder)/\(names[0])", options)
        #expect(replaced == folder.path + ".replaced-20261118T110640Z")
        #expect(try !folder.open().isNew)
    }

    @Test("a backup of an open file is not restored over it")
    func restoringWhileOpen() throws {
        let store = try folder.open().store
        let backup = try backUp(store)
        let error = #expect(throws: LedgerStorageError.self) { try LedgerFile.restore(backup, folder.options()) }
        #expect(error?.kind == .locked)
    }

    @Test("old quarter hours go some at a time, days stay, and a clock that is ahead deletes nothing")
    func retention() throws {
        let now: Int64 = 1_795_000_000
        let store = try folder.open(now: now).store
        let slot = now / 900
        var fold = LedgerFold(through: 1)
        for age in 0..<100 as Range<Int64> {
            let key = CounterKey(server: ServerID(1), user: UserID(1))
            fold.quarters.append(
                SlotTraffic(slot: slot - age * 96, counted: CountedTraffic(key, Traffic(up: 1, down: 2)))
            )
        }
        try store.fold(fold)
        var rounds = 0
        while try store.expireQuarters(limit: 10) { rounds += 1 }
        #expect(rounds == 3)
        #expect(try store.database.number("SELECT count(*) FROM quarter") == 63)
        #expect(try store.database.number("SELECT min(slot) FROM quarter") == slot - 62 * 96)
        #expect(try store.database.number("SELECT count(*) FROM day") == 100)
        try store.close()
        let later = try folder.open(now: now + 86_400 * 365).store
        #expect(try !later.expireQuarters(limit: 10))
        #expect(try later.database.number("SELECT count(*) FROM quarter") == 63)
    }

    @Test("a clock that was years ahead while it counted deletes nothing that is real, then and later")
    func futureClock() throws {
        let now: Int64 = 1_795_000_000
        let future = now + 86_400 * 365 * 20
        let key = CounterKey(server: ServerID(1), user: UserID(1))
        func fold(_ through: Int64, _ slots: [Int64]) -> LedgerFold {
            var fold = LedgerFold(through: through)
            fold.quarters = slots.map { SlotTraffic(slot: $0, counted: CountedTraffic(key, Traffic(up: 1, down: 2))) }
            return fold
        }
        func expire(_ store: LedgerStore) throws -> Int64? {
            while try store.expireQuarters(limit: 10) {}
            return try store.database.number("SELECT count(*) FROM quarter WHERE slot <= \(now / 900)")
        }
        var store = try folder.open(now: now).store
        try store.fold(fold(1, (0..<80).map { now / 900 - $0 * 96 }))
        #expect(try expire(store) == 63)
        try store.close()
        store = try folder.open(now: future).store
        try store.fold(fold(2, [future / 900]))
        #expect(try expire(store) == 61, "with the future's, 62 days")
        try store.close()
        store = try folder.open(now: now + 900).store
        try store.fold(fold(3, [now / 900 + 1]))
        #expect(try expire(store) == 61)
        // Days go on, and the oldest ones go.
        try store.close()
        store = try folder.open(now: now + 86_400 * 10).store
        try store.fold(fold(4, (1...10).map { now / 900 + $0 * 96 }))
        #expect(try expire(store) == 53, "62 days and a bit are kept")
        try store.close()
    }

    @Test("the log's room is taken in advance, and SQLite takes the zeros for what they are")
    func reserve() throws {
        var model = LedgerModel(seed: 10)
        let store = try folder.open().store
        #expect(LedgerPlace.size(of: folder.path + "-wal") == 8 << 20)
        for _ in 0..<5 {
            try store.append(model.rows(3))
            try store.fold(model.fold(active: 20))
            #expect(store.writeBack() == nil)
        }
        try store.append(model.rows(3))
        #expect(LedgerPlace.size(of: folder.path + "-wal") == 8 << 20)
        store.abandon()
        let image = try folder.open().image
        #expect(image == model.image(ledgerID: image.ledgerID, endedCleanly: false))
    }
}
