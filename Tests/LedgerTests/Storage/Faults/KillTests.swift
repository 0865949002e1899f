import Glibc
import LibSQLite
import Testing

@testable import Ledger

/// A process that is killed at any time: what it said to be on disk is there, as a whole and once.
@Suite("a ledger whose process is killed")
struct KillTests {
    private static let isThorough = ChildTest.variable("LEDGER_ALL_FAULTS") != nil
    private static let places = [
        "before an append", "after an append", "before a fold", "after a fold", "after writing back", "in a backup",
        "before a backup is named", "between closing and opening",
    ]

    @Test("the part of a process that is killed", .enabled(if: ChildTest.role == "killedChild"))
    func killedChild() throws {
        let root = try #require(ChildTest.variable("LEDGER_TEST_FOLDER"))
        let place = ChildTest.variable("LEDGER_TEST_PLACE")
        var passed = Int(ChildTest.variable("LEDGER_TEST_COUNT") ?? "") ?? 0
        var workload = CrashWorkload(seed: UInt64(ChildTest.variable("LEDGER_TEST_SEED") ?? "") ?? 0)
        let worker = try CrashWorker(LedgerFolder.options(in: root))
        for _ in 0..<10_000 {
            try worker.perform(workload.next()) { name in
                guard name == place else { return }
                passed -= 1
                if passed < 0 { raise(SIGKILL) }
            }
            let line = "said \(workload.changes)\n"
            _ = write(1, line, line.utf8.count)
        }
    }

    @Test("killed between two steps", arguments: places, isThorough ? Array(0..<20) : [0, 3])
    func between(place: String, count: Int) throws {
        let folder = LedgerFolder(inMemory: true)
        let seed = UInt64(count + 1)
        let child = try #require(
            ChildTest.start(
                "killedChild",
                [
                    "LEDGER_TEST_FOLDER": folder.root, "LEDGER_TEST_SEED": "\(seed)", "LEDGER_TEST_PLACE": place,
                    "LEDGER_TEST_COUNT": "\(count)",
                ]
            )
        )
        var said = 0
        while let line = child.line() { said = Self.said(line) ?? said }
        #expect(child.wait() & 0x7f == SIGKILL, "\(place): it never came there")
        try verify(folder, seed: seed, said: said)
    }

    @Test("killed at random")
    func random() throws {
        var random = StorageRandom(seed: 1)
        var total = 0
        let count = Self.isThorough ? 1000 : 50
        for seed in 1...count {
            let folder = LedgerFolder(inMemory: true)
            let child = try #require(
                ChildTest.start("killedChild", ["LEDGER_TEST_FOLDER": folder.root, "LEDGER_TEST_SEED": "\(seed)"])
            )
            var said = 0
            let wanted = random.below(60)
            var lines = -1
            while let line = child.line() {
                guard let number = Self.said(line) else { continue }
                said = number
                lines += 1
                guard lines == wanted else { continue }
                // The child goes on meanwhile: it is somewhere.
                Self.spin(microseconds: random.below(3000))
                child.kill()
            }
            #expect(child.wait() & 0x7f == SIGKILL)
            try verify(folder, seed: UInt64(seed), said: said)
            total += said
        }
        print("\(count) processes were killed, after \(total) changes")
    }

    /// Opens what is left, and goes on with it.
    private func verify(_ folder: LedgerFolder, seed: UInt64, said: Int) throws {
        let contents = CrashWorkload.contents(seed: seed, changes: said + 1)
        let opened = try LedgerStore.open(folder.options(), zone: LedgerFolder.zone)
        #expect(try opened.store.database.integrityCheck() == [])
        let found = try LedgerContent(opened.image, opened.store.database)
        if found != contents[said + 1] {
            #expect(found.difference(from: contents[said]) == nil, "seed \(seed), after \(said) changes")
        }
        let options = folder.options()
        for backup in LedgerBackups(folder: options.backupFolder ?? "", ledger: options.path).paths() {
            try LedgerBackups.check(backup, schema: .current)
        }
        var random = StorageRandom(seed: seed)
        try opened.store.append([random.row(opened.store.durable + 1)])
        try opened.store.close()
    }

    private static func said(_ line: String) -> Int? {
        // The test library writes to the same place.
        let parts = line.split(separator: " ")
        return parts.count >= 2 && parts[parts.count - 2].hasSuffix("said") ? Int(parts[parts.count - 1]) : nil
    }

    private static func spin(microseconds: Int) {
        func now() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
        }
        let end = now() + microseconds
        while now() < end {}
    }
}
