import Glibc
import LibSQLite
import Testing

@testable import Ledger

/// The disk after a power cut: a child works on a ledger, strace writes down what it does to files, and each moment's disk
/// is built and opened.
@Suite("a ledger after a power cut")
struct PowerCutTests {
    private static let isThorough = ChildTest.variable("LEDGER_ALL_FAULTS") != nil
    private static let seeds: [UInt64] = isThorough ? Array(1...6) : [1]

    @Test("the part of a process that works", .enabled(if: ChildTest.role == "powerCutChild"))
    func powerCutChild() throws {
        let root = try #require(ChildTest.variable("LEDGER_TEST_FOLDER"))
        let seed = UInt64(ChildTest.variable("LEDGER_TEST_SEED") ?? "") ?? 0
        let lines = open("\(root)/lines", O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer { close(lines) }
        func say(_ text: String) { _ = write(lines, text, text.utf8.count) }
        var workload = CrashWorkload(seed: seed)
        let worker = try CrashWorker(LedgerFolder.options(in: root))
        say("0")
        for _ in 0..<60 {
            try worker.perform(workload.next())
            say("\(workload.changes)")
        }
        try worker.store.close()
    }

    @Test(
        "what was said to be on disk is there, as a whole and once, whenever the power fails",
        .enabled(if: DiskTrace.isPossible, "strace is not installed, or may not trace"),
        arguments: seeds
    )
    func powerCut(seed: UInt64) throws {
        let folder = LedgerFolder(inMemory: true)
        mkdir("\(folder.root)/trace", 0o700)
        let output = "\(folder.root)/trace/calls"
        let child = ChildTest.run(
            "powerCutChild",
            ["LEDGER_TEST_FOLDER": folder.root, "LEDGER_TEST_SEED": "\(seed)"],
            launcher: DiskTrace.launcher(output: output)
        )
        try #require(child.status == 0, "\(child.output)")
        let trace = DiskTrace(output: output, folder: "\(folder.root)/state", lines: "\(folder.root)/lines")
        LedgerFolder.remove(folder.root)
        let contents = CrashWorkload.contents(seed: seed, changes: 61)
        var disk = SimulatedDisk()
        var random = StorageRandom(seed: seed)
        var moments = 0
        var failures = 0
        for (index, operation) in trace.operations.enumerated() {
            disk.apply(operation)
            let said = disk.said.last.flatMap { Int($0) }
            var states: [(String, [String: [UInt8]])] = []
            if Self.isThorough || index % 6 == 0 { states.append(("all", disk.written())) }
            if Self.isThorough || index % 6 == 3 { states.append(("some", disk.cut(&random))) }
            for (what, files) in states {
                moments += 1
                let problem = verify(files, from: folder.root, said: said, contents, goesOn: moments % 10 == 0)
                guard let problem else { continue }
                failures += 1
                let moment = "\(what) of the first \(index + 1) operations, after \(said ?? -1) changes"
                Issue.record("seed \(seed), \(moment): \(problem)")
                if failures > 5 { return }
            }
        }
        #expect(disk.said.count == 61)
        print("\(moments) disks of \(trace.operations.count) operations; seed \(seed)")
    }

    /// Opens a disk's ledger. Returns what is wrong with it.
    private func verify(
        _ files: [String: [UInt8]],
        from root: String,
        said: Int?,
        _ contents: [LedgerContent],
        goesOn: Bool
    ) -> String? {
        let folder = LedgerFolder(inMemory: true)
        SimulatedDisk.write(files, from: root, to: folder.root)
        var options = LedgerFolder.options(in: folder.root)
        options.keepsReserve = false
        do {
            let opened = try LedgerStore.open(options, zone: LedgerFolder.zone)
            let findings = try opened.store.database.integrityCheck()
            guard findings.isEmpty else { return "\(findings)" }
            let found = try LedgerContent(opened.image, opened.store.database)
            let known = said ?? 0
            // What was under way may be there, as a whole.
            guard found == contents[known] || found == contents[known + 1] else {
                return found.difference(from: contents[known])
            }
            for backup in LedgerBackups(folder: options.backupFolder ?? "", ledger: options.path).paths() {
                try LedgerBackups.check(backup, schema: .current)
            }
            guard goesOn else { return nil }
            var random = StorageRandom(seed: 1)
            let row = random.row(opened.store.durable + 1)
            try opened.store.append([row])
            try opened.store.close()
            return try LedgerStore.open(options, zone: LedgerFolder.zone).image.last == row.sequence ? nil : "no row"
        } catch {
            return "\(error)"
        }
    }
}
