import Glibc
import Testing

@testable import Ledger

/// The ledger's file on a thread of its own, as the rest of the program has it.
@Suite("the ledger's storage")
struct LedgerStorageTests {
    let folder = LedgerFolder()

    private func storage(waitForLock: Int32 = 0) -> LedgerStorage {
        var options = folder.options()
        options.waitForLock = waitForLock
        return LedgerStorage(options, zone: LedgerFolder.zone)
    }

    /// Rows that take some MiB, so that a backup takes several steps.
    private static func large(_ count: Int) -> [JournalRow] {
        (1...count).map { index in
            let name = [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 1 << 20)
            let entry = JournalEntry.users([NewUser(id: UserID(Int64(index)), name: name)])
            return JournalRow(sequence: Int64(index), time: LedgerTime(wall: 0, boot: 0, bootID: 0), entry: entry)
        }
    }

    @Test("calls are done one after the other, in the order in which they come, on one thread")
    func order() async {
        let probe = ThreadProbe()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { await probe.note() } }
        }
        for number in 0..<1000 { await probe.note(number) }
        #expect(await probe.numbers == Array(0..<1000))
        #expect(await probe.threads.count == 1)
        #expect(await !probe.hasOverlapped)
    }

    @Test("what is not open says so, and can be opened")
    func closed() async throws {
        let storage = storage()
        func refusal() async {
            let error = await #expect(throws: LedgerStorageError.self) { try await storage.append([]) }
            #expect(error?.kind == .closed)
        }
        await refusal()
        #expect(try await storage.open().isNew)
        try await storage.append(Self.large(1))
        try await storage.close()
        await refusal()
        let error = await #expect(throws: LedgerStorageError.self) { try await storage.reopen() }
        #expect(error?.kind == .closed)
        try await storage.close()
        #expect(try await storage.open().image.journal == Self.large(1))
        try await storage.close()
    }

    @Test("rows are added while a backup is made, which has those that were there before")
    func backUp() async throws {
        let storage = storage()
        _ = try await storage.open()
        let rows = Self.large(12)
        try await storage.append(rows)
        let (backup, rest) = await storage.backUp { [self] storage in
            var random = StorageRandom(seed: 1)
            for sequence in 13...20 as ClosedRange<Int64> { try storage.append([random.row(sequence)]) }
            #expect(isBackingUp)
        }
        try await rest.value
        let path = try #require(try await backup.value)
        try await storage.close()
        try LedgerBackups.check(path, schema: .current)
        _ = try LedgerFile.restore(path, folder.options())
        let image = try await storage.open().image
        #expect(Array(image.journal.prefix(rows.count)) == rows)
        #expect(image.last == 20, "and what came meanwhile")
        try await storage.close()
    }

    private var isBackingUp: Bool {
        LedgerFolder.names(in: folder.options().backupFolder ?? "").contains { $0.hasSuffix(".tmp") }
    }

    @Test("closing ends a backup under way, and lets the file go at once")
    func closeWhileBackingUp() async throws {
        let storage = storage()
        _ = try await storage.open()
        try await storage.append(Self.large(12))
        let (backup, rest) = await storage.backUp { [self] storage in
            #expect(isBackingUp)
            try storage.close()
        }
        try await rest.value
        #expect(!isBackingUp, "the draft is gone")
        let opened = try folder.open()
        #expect(opened.image.endedCleanly)
        #expect(opened.image.journal.count == 12)
        let error = await #expect(throws: LedgerStorageError.self) { try await backup.value }
        #expect(error?.kind == .closed)
        try opened.store.close()
    }

    @Test("a second backup is not begun while one is under way")
    func twoBackups() async throws {
        let storage = storage()
        _ = try await storage.open()
        try await storage.append(Self.large(12))
        let (first, rest) = await storage.backUp { storage in
            let second = try await storage.backUp()
            #expect(second == nil)
        }
        try await rest.value
        #expect(try await first.value != nil)
        #expect(LedgerFile.backups(folder.options()).count == 1)
        try await storage.close()
    }

    @Test("the part of a process that has the file", .enabled(if: ChildTest.role == "holdingChild"))
    func holdingChild() async throws {
        let root = try #require(ChildTest.variable("LEDGER_TEST_FOLDER"))
        let storage = LedgerStorage(LedgerFolder.options(in: root), zone: LedgerFolder.zone)
        _ = try await storage.open()
        var random = StorageRandom(seed: 1)
        try await storage.append([random.row(1)])
        let line = "has it\n"
        _ = write(1, line, line.utf8.count)
        // Until the parent opens the other end.
        close(open("\(root)/end", O_RDONLY))
        try await storage.close()
    }

    @Test("a second process is refused at once, or waits for the first one to let the file go")
    func twoProcesses() async throws {
        mkfifo("\(folder.root)/end", 0o600)
        let child = try #require(ChildTest.start("holdingChild", ["LEDGER_TEST_FOLDER": folder.root]))
        while let line = child.line(), !line.hasSuffix("has it") {}
        let refused = storage()
        let error = await #expect(throws: LedgerStorageError.self) { try await refused.open() }
        #expect(error?.kind == .locked)
        #expect(error?.exitStatus == 69)
        let patient = storage(waitForLock: 60_000)
        let opening = Task { try await patient.open() }
        let end = open("\(folder.root)/end", O_WRONLY)
        close(end)
        let opened = try await opening.value
        #expect(opened.image.journal.count == 1)
        #expect(opened.image.endedCleanly)
        try await patient.close()
        while child.line() != nil {}
        #expect(child.wait() == 0)
    }
}

extension LedgerStorage {
    /// Begins a backup, and does something else once a part of it is copied: calls are done in the order in which they come.
    fileprivate func backUp(_ rest: @escaping @Sendable (isolated LedgerStorage) async throws -> Void) -> (
        backup: Task<String?, any Error>, rest: Task<Void, any Error>
    ) {
        let backup = Task { try await backUp() }
        return (backup, Task { try await rest(self) })
    }
}

/// Notes on which thread it is called, and in which order.
private actor ThreadProbe {
    private let thread = LedgerThread()
    private(set) var threads: Set<pthread_t> = []
    private(set) var numbers: [Int] = []
    private(set) var hasOverlapped = false
    private var isBusy = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func note(_ number: Int? = nil) {
        if isBusy { hasOverlapped = true }
        isBusy = true
        threads.insert(pthread_self())
        if let number { numbers.append(number) }
        sched_yield()
        isBusy = false
    }
}
