import Glibc
import LibSQLite
import Testing

@testable import Ledger

/// The disk after a power cut in the middle of what is done to a whole file at once.
@Suite("a power cut while a file is replaced")
struct PowerCutRecoveryTests {
    private enum Scenario: String, CaseIterable, CustomTestStringConvertible {
        case quarantine, quarantineWithoutBackup, migration, restoration, removal
        var testDescription: String { rawValue }
    }

    private static let isThorough = ChildTest.variable("LEDGER_ALL_FAULTS") != nil

    private static var laterSchema: LedgerSchema {
        var schema = LedgerSchema.current
        schema.version = 3
        schema.migrations = [1: "CREATE TABLE a(b)", 2: "CREATE TABLE c(d); INSERT INTO c VALUES (1)"]
        return schema
    }

    @Test("the part of a process that replaces a file", .enabled(if: ChildTest.role == "replacingChild"))
    func replacingChild() throws {
        let options = LedgerFolder.options(in: try #require(ChildTest.variable("LEDGER_TEST_FOLDER")))
        let scenario = ChildTest.variable("LEDGER_TEST_SCENARIO").flatMap { Scenario(rawValue: $0) }
        switch try #require(scenario) {
        case .quarantine, .quarantineWithoutBackup:
            let (store, opened) = try LedgerRecovery.open(options, zone: LedgerFolder.zone)
            #expect(opened.quarantined != nil)
            try store.close()
        case .migration:
            try LedgerStore.open(options, zone: LedgerFolder.zone, schema: Self.laterSchema).store.close()
        case .restoration: _ = try LedgerFile.restore(try #require(LedgerFile.backups(options).first), options)
        case .removal:
            let store = try LedgerStore.open(options, zone: LedgerFolder.zone).store
            unlink(options.path)
            try store.reopen().close()
        }
    }

    /// A ledger with a backup of all that it holds. Returns what that is.
    private func prepare(_ options: LedgerStorageOptions) throws -> LedgerContent {
        var workload = CrashWorkload(seed: 3)
        let worker = try CrashWorker(options)
        for _ in 0..<30 {
            let step = workload.next()
            if case .backUp = step { continue }
            try worker.perform(step)
        }
        try worker.perform(.backUp)
        try worker.store.close()
        return LedgerContent(workload.model)
    }

    @Test(
        "a file that is replaced is there before or after, and never neither",
        .enabled(if: DiskTrace.isPossible, "strace is not installed, or may not trace"),
        arguments: Scenario.allCases
    )
    private func replacement(scenario: Scenario) throws {
        let folder = LedgerFolder(inMemory: true)
        let options = LedgerFolder.options(in: folder.root)
        let content = try prepare(options)
        if scenario == .quarantine || scenario == .quarantineWithoutBackup {
            var bytes = LedgerFolder.read(options.path)
            for offset in 8192..<20_000 { bytes[offset] = 0xaa }
            LedgerFolder.write(bytes, to: options.path)
        }
        if scenario == .quarantineWithoutBackup { LedgerFolder.remove("\(folder.root)/state/backup") }
        var disk = SimulatedDisk(SimulatedDisk.contents(of: "\(folder.root)/state"))
        mkdir("\(folder.root)/trace", 0o700)
        let output = "\(folder.root)/trace/calls"
        let child = ChildTest.run(
            "replacingChild",
            ["LEDGER_TEST_FOLDER": folder.root, "LEDGER_TEST_SCENARIO": scenario.rawValue],
            launcher: DiskTrace.launcher(output: output)
        )
        try #require(child.status == 0, "\(child.output)")
        let trace = DiskTrace(output: output, folder: "\(folder.root)/state", lines: "")
        var random = StorageRandom(seed: 1)
        var moments = 0
        for (index, operation) in trace.operations.enumerated() {
            disk.apply(operation)
            for files in [disk.written()] + (0..<(Self.isThorough ? 20 : 2)).map({ _ in disk.cut(&random) }) {
                moments += 1
                let problem = verify(files, from: folder.root, scenario, content)
                try #require(problem == nil, "\(scenario), after \(index + 1) operations, the last \(operation.words)")
            }
        }
        print("\(moments) disks of \(trace.operations.count) operations: \(scenario)")
    }

    private func verify(
        _ files: [String: [UInt8]],
        from root: String,
        _ scenario: Scenario,
        _ content: LedgerContent
    ) -> String? {
        let folder = LedgerFolder(inMemory: true)
        SimulatedDisk.write(files, from: root, to: folder.root)
        var options = LedgerFolder.options(in: folder.root)
        options.keepsReserve = false
        let schema = scenario == .migration ? Self.laterSchema : .current
        do {
            // A file that somebody has removed is new; the program that had it open was stopped.
            let (store, opened) = try LedgerRecovery.open(options, zone: LedgerFolder.zone, schema: schema)
            let findings = try store.database.integrityCheck()
            guard findings.isEmpty else { return "\(findings)" }
            var image = opened.image
            // Of a backup the file says so.
            image.isRestored = false
            let found = try LedgerContent(image, store.database)
            if scenario == .quarantineWithoutBackup {
                let asides = LedgerFolder.names(in: "\(folder.root)/state").filter { $0.contains(".corrupt-") }
                return asides.isEmpty ? "the broken file is not kept" : nil
            }
            if scenario == .removal, opened.isNew { return nil }
            return found.difference(from: content)
        } catch {
            return "\(error)"
        }
    }
}

extension DiskTrace.Operation {
    /// Without the bytes.
    var words: String {
        switch self {
        case .write(let path, let offset, let bytes): "write \(path) \(offset) \(bytes.count)"
        default: "\(self)"
        }
    }
}
