import Glibc
import LibSQLite
import Testing

@testable import Ledger

@Suite("the ledger's file")
struct LedgerStoreTests {
    let folder = LedgerFolder()

    @Test("a new file is for its owner alone, and begins with nothing")
    func creation() throws {
        let opened = try folder.open()
        #expect(opened.isNew)
        #expect(opened.image == LedgerImage(ledgerID: opened.image.ledgerID))
        #expect(opened.image.ledgerID.utf8.count == 32)
        var status = stat()
        for (path, mode) in [("\(folder.root)/state", 0o700), (folder.path, 0o600), (folder.path + "-wal", 0o600)] {
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == mode_t(mode), "\(path)")
        }
        let id = opened.image.ledgerID
        try opened.store.close()
        #expect(LedgerFolder.names(in: "\(folder.root)/state") == ["ledger.sqlite"], "the log is written back")
        let again = try folder.open()
        #expect(!again.isNew)
        #expect(again.image == LedgerImage(ledgerID: id))
        #expect(LedgerFile.zoneName(folder.path) == "UTC")
    }

    @Test("SQLite has the settings that the promises need")
    func settings() throws {
        let database = try folder.open().store.database
        #expect(try database.text("PRAGMA journal_mode") == "wal")
        #expect(try database.text("PRAGMA locking_mode") == "exclusive")
        #expect(try database.number("PRAGMA synchronous") == 2, "FULL")
        #expect(try database.number("PRAGMA wal_autocheckpoint") == 0)
        #expect(try database.number("PRAGMA application_id") == 0x4879_4c67)
        #expect(access(folder.path + "-shm", F_OK) != 0, "no shared memory")
    }

    @Test("appended rows are there after a crash, in order")
    func appending() throws {
        var model = LedgerModel(seed: 3)
        do {
            let opened = try folder.open()
            for count in [1, 5, 20] { try opened.store.append(model.rows(count)) }
            #expect(opened.store.durable == 26)
            opened.store.abandon()
        }
        let again = try folder.open()
        #expect(again.image == model.image(ledgerID: again.image.ledgerID, endedCleanly: false))
        #expect(again.store.durable == 26)
    }

    @Test("rows with a hole before them are refused, and nothing of them is kept")
    func holes() throws {
        let opened = try folder.open()
        var random = StorageRandom(seed: 4)
        let error = #expect(throws: LedgerStorageError.self) {
            try opened.store.append([random.row(1), random.row(3)])
        }
        #expect(error?.kind == .other)
        #expect(try opened.store.database.number("SELECT count(*) FROM journal") == 0)
    }

    @Test("folds make of the file what they make of memory", arguments: 0..<12)
    func folding(seed: Int) throws {
        var model = LedgerModel(seed: UInt64(seed))
        var opened = try folder.open()
        for round in 0..<30 {
            try opened.store.append(model.rows(model.random.below(5) + 1))
            if model.random.chance(70) {
                try opened.store.fold(model.fold(active: model.random.below(30)))
                opened.store.writeBack()
            }
            if round % 7 == 6 {
                let isClean = model.random.chance(50)
                if isClean { try opened.store.close() } else { opened.store.abandon() }
                opened = try folder.open()
                #expect(opened.image == model.image(ledgerID: opened.image.ledgerID, endedCleanly: isClean))
            }
        }
        try opened.store.close()
        let check = try LedgerFile.check(folder.options(), zone: LedgerFolder.zone)
        #expect(check.problems.filter { !$0.hasPrefix("consumer") } == [])
        // History, by hand.
        let database = try SQLiteDatabase(folder.path, mode: .readOnly)
        let statement = try database.prepare("SELECT slot, server, user, up, down FROM quarter")
        var quarters: [Int64: [CounterKey: Traffic]] = [:]
        while try statement.step() {
            quarters[statement.integer(0), default: [:]][statement.key(1)] = statement.traffic(3)
        }
        #expect(quarters == model.quarters.mapValues { $0.filter { !$0.value.isZero } }.filter { !$0.value.isEmpty })
    }

    @Test("a fold that seemed to fail and was done is not done again")
    func foldingTwice() throws {
        var model = LedgerModel(seed: 5)
        let store = try folder.open().store
        try store.append(model.rows(3))
        let fold = model.fold(active: 5)
        try store.fold(fold)
        try store.fold(fold)
        #expect(try store.database.number("SELECT count(*) FROM gap") == Int64(fold.gaps.count))
        let sum = fold.quarters.reduce(Traffic()) { $0 + $1.counted.traffic }
        #expect(try store.database.number("SELECT sum(up) FROM quarter") == Int64(sum.up))
        let error = #expect(throws: LedgerStorageError.self) { try store.fold(LedgerFold(through: 2)) }
        #expect(error?.kind == .other)
    }

    @Test("sums stay at what 63 bits hold")
    func saturation() throws {
        let store = try folder.open().store
        let key = CounterKey(server: ServerID(1), user: UserID(1))
        for sequence in 1...3 as ClosedRange<Int64> {
            try store.append([
                JournalRow(
                    sequence: sequence,
                    time: LedgerTime(wall: 0, boot: 0, bootID: 0),
                    entry: .viewGone(ViewID(1))
                )
            ])
            var fold = LedgerFold(through: sequence)
            fold.quarters = [
                SlotTraffic(slot: 1_990_000, counted: CountedTraffic(key, Traffic(up: 1 << 62, down: .max)))
            ]
            fold.counters = [CounterImage(key: key, total: Traffic(up: .max, down: .max), raw: Traffic())]
            try store.fold(fold)
        }
        #expect(try store.database.number("SELECT up FROM day") == .max)
        store.abandon()
        #expect(try folder.open().image.counters[0].total == Traffic(up: UInt64(Int64.max), down: UInt64(Int64.max)))
    }

    @Test("a file of a later version is left alone, and the program ends with 78")
    func newer() throws {
        try folder.open().store.close()
        try SQLiteDatabase(folder.path, mode: .readWrite).execute("PRAGMA user_version = 2")
        let before = LedgerFolder.read(folder.path)
        let error = #expect(throws: LedgerStorageError.self) {
            try LedgerRecovery.open(folder.options(), zone: LedgerFolder.zone)
        }
        #expect(error?.kind == .newer(version: 2))
        #expect(error?.exitStatus == 78)
        #expect(LedgerFolder.read(folder.path) == before)
        #expect(LedgerFolder.names(in: "\(folder.root)/state") == ["ledger.sqlite"])
    }

    @Test("a journal row of a later version is no fault of the file")
    func newerRow() throws {
        let opened = try folder.open()
        let time = LedgerTime(wall: 0, boot: 0, bootID: 0)
        let crc = [].withUnsafeBytes { JournalCodec.check(sequence: 1, time: time, kind: 40, body: $0) }
        try opened.store.database.execute("INSERT INTO journal VALUES (1, 40, 0, 0, 0, x'', \(crc))")
        opened.store.abandon()
        let error = #expect(throws: LedgerStorageError.self) { try folder.open() }
        #expect(error?.kind == .newer(version: 40))
    }

    @Test("files of others are left alone, and the program ends with 78")
    func foreign() throws {
        mkdir("\(folder.root)/state", 0o700)
        let text = Array("listen: 443\n".utf8) + [UInt8](repeating: 32, count: 2000)
        LedgerFolder.write(text, to: folder.path)
        let error = #expect(throws: LedgerStorageError.self) {
            try LedgerRecovery.open(folder.options(), zone: LedgerFolder.zone)
        }
        #expect(error?.kind == .foreign)
        #expect(error?.exitStatus == 78)
        #expect(LedgerFolder.read(folder.path) == text)
        unlink(folder.path)
        try SQLiteDatabase(folder.path, mode: .create).execute("CREATE TABLE t(a)")
        let other = #expect(throws: LedgerStorageError.self) {
            try LedgerRecovery.open(folder.options(), zone: LedgerFolder.zone)
        }
        #expect(other?.kind == .foreign)
        unlink(folder.path)
        symlink("\(folder.root)/elsewhere", folder.path)
        let link = #expect(throws: LedgerStorageError.self) {
            try LedgerRecovery.open(folder.options(), zone: LedgerFolder.zone)
        }
        #expect(link?.kind == .foreign)
        #expect(access("\(folder.root)/elsewhere", F_OK) != 0)
    }

    @Test("a second connection is refused with 69, as long as the first one lives")
    func locking() throws {
        let first = try folder.open()
        let error = #expect(throws: LedgerStorageError.self) { try folder.open() }
        #expect(error?.kind == .locked)
        #expect(error?.exitStatus == 69)
        try first.store.close()
        #expect(try !folder.open().isNew)
    }

    @Test(
        "a file that cannot be written to is refused with 78",
        .enabled(if: geteuid() != 0, "root can write to all files")
    )
    func access_() throws {
        try folder.open().store.close()
        chmod("\(folder.root)/state", 0o500)
        chmod(folder.path, 0o400)
        let error = #expect(throws: LedgerStorageError.self) { try folder.open() }
        #expect(error?.kind == .access)
        #expect(error?.exitStatus == 78)
    }
}
