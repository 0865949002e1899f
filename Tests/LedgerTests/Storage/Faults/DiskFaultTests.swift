import Glibc
import LibSQLite
import Testing

@testable import Ledger

/// Disks that are full, fail, or may not be written to: in a child, which has limits of its own.
@Suite("a ledger on a disk that is full, fails or is read-only")
struct DiskFaultTests {
    private static let isThorough = ChildTest.variable("LEDGER_ALL_FAULTS") != nil

    /// Does steps, each as often as it takes. Returns how often something failed, by kind.
    private func persist(_ options: LedgerStorageOptions, seed: UInt64, steps: Int, makeRoom: () -> Void) throws
        -> [LedgerStorageError.Kind: Int]
    {
        var workload = CrashWorkload(seed: seed)
        var faults: [LedgerStorageError.Kind: Int] = [:]
        var place = "open"
        func attempt<Value>(_ body: () throws(LedgerStorageError) -> Value) throws -> Value? {
            do throws(LedgerStorageError) {
                return try body()
            } catch {
                faults[error.kind, default: 0] += 1
                try #require(error.kind == .full || error.kind == .inputOutput, "seed \(seed), \(place): \(error)")
                try #require(faults.values.reduce(0, +) < 2000, "seed \(seed): \(error)")
                if error.kind == .full { makeRoom() }
                return nil
            }
        }
        var opened: CrashWorker?
        while opened == nil { opened = try attempt { () throws(LedgerStorageError) in try CrashWorker(options) } }
        let worker = try #require(opened)
        for _ in 0..<steps {
            let before = worker.store.durable
            let step = workload.next()
            place = "\("\(step)".prefix { $0 != "(" })"
            while true {
                let failed = faults[.inputOutput] ?? 0
                if try attempt({ () throws(LedgerStorageError) in try worker.perform(step) }) != nil { break }
                worker.abandonBackup()
                // A backup that fails is made another day.
                if case .backUp = step { break }
                if faults[.inputOutput] ?? 0 > failed {
                    while try attempt({ () throws(LedgerStorageError) in try worker.recover() }) == nil {}
                    #expect(worker.store.durable >= before, "what was acknowledged is there")
                }
                if case .append(let rows) = step, worker.store.durable == rows.last?.sequence { break }
            }
        }
        while try attempt({ () throws(LedgerStorageError) in try worker.perform(.reopen(isClean: false)) }) == nil {}
        worker.store.abandon()
        while true {
            let content = try attempt { () throws(LedgerStorageError) in
                let opened = try LedgerStore.open(options, zone: LedgerFolder.zone)
                defer { opened.store.abandon() }
                return try LedgerContent(opened.image, opened.store.database)
            }
            guard let content else { continue }
            #expect(content.difference(from: LedgerContent(workload.model)) == nil, "seed \(seed)")
            return faults
        }
    }

    @Test("the part of a process whose files cannot grow", .enabled(if: ChildTest.role == "fullChild"))
    func fullChild() throws {
        signal(SIGXFSZ, SIG_IGN)
        let folder = LedgerFolder(inMemory: true)
        for seed in 1...(Self.isThorough ? 40 : 4) as ClosedRange<UInt64> {
            let options = LedgerFolder.options(in: "\(folder.root)/\(seed)")
            mkdir("\(folder.root)/\(seed)", 0o700)
            var limit: rlim_t = 6000
            func setLimit() { _ = Limit.fileSize(limit) }
            setLimit()
            let faults = try persist(options, seed: seed, steps: 60) {
                limit += 3000
                setLimit()
            }
            _ = Limit.fileSize(.max)
            #expect(faults[.full] ?? 0 > 5)
            print("seed \(seed): \(faults.values.reduce(0, +)) faults")
        }
    }

    @Test("when there is no room nothing is half done, and all goes on as soon as there is some")
    func full() {
        let child = ChildTest.run("fullChild")
        #expect(child.status == 0, "\(child.output)")
        print(child.output.split(separator: "\n").filter { $0.hasPrefix("seed") }.joined(separator: "\n"))
    }

    @Test("the part of a process whose disk fails", .enabled(if: ChildTest.role == "failingChild"))
    func failingChild() throws {
        let folder = LedgerFolder(inMemory: true)
        let seed = UInt64(ChildTest.variable("LEDGER_TEST_SEED") ?? "") ?? 0
        let faults = try persist(LedgerFolder.options(in: folder.root), seed: seed, steps: 60) {}
        print("seed \(seed): \(faults.values.reduce(0, +)) faults")
    }

    /// Calls, what they fail with, and each how manyth: not so often that no attempt comes to its end.
    private static let injections = [
        "fdatasync:error=EIO:when=1+17", "fdatasync:error=EIO:when=2+29", "fdatasync:error=ENOSPC:when=3+17",
        "fsync:error=EIO:when=2+3", "pwrite64:error=EIO:when=5+211", "pwrite64:error=ENOSPC:when=3+173",
        "pwrite64:error=EDQUOT:when=11+197", "pread64:error=EIO:when=40+61", "fallocate:error=ENOSPC:when=1+1",
        "ftruncate:error=EIO:when=1+7", "unlink:error=EIO:when=2+3",
    ]

    @Test(
        "when the system fails to read, write or sync, nothing is lost, and nothing is done twice",
        .enabled(if: DiskTrace.isPossible, "strace is not installed, or may not trace"),
        arguments: injections,
        isThorough ? Array(1...10) : [1]
    )
    func failing(injection: String, seed: UInt64) {
        let call = String(injection.prefix { $0 != ":" })
        let child = ChildTest.run(
            "failingChild",
            ["LEDGER_TEST_SEED": "\(seed)"],
            launcher: ["strace", "-f", "-e", "trace=\(call)", "-e", "inject=\(injection)", "-o", "/dev/null"]
        )
        #expect(child.status == 0, "\(child.output)")
        let lines = child.output.split(separator: "\n").filter { $0.hasPrefix("seed") }
        print("\(injection): \(lines.joined(separator: " "))")
    }

    @Test("the part of a process without rights", .enabled(if: ChildTest.role == "powerlessChild"))
    func powerlessChild() throws {
        let folder = LedgerFolder()
        let state = "\(folder.root)/state"
        let nobody: uid_t = 65534
        let isRoot = geteuid() == 0
        try folder.open().store.close()
        let other = LedgerFolder()
        if isRoot {
            for path in [folder.root, state, folder.path, other.root] { chown(path, nobody, nobody) }
            #expect(setgroups(0, nil) == 0 && setgid(nobody) == 0 && setuid(nobody) == 0)
            guard geteuid() == nobody else { return }
        }
        func refusal(_ what: String, _ folder: LedgerFolder) {
            let error = #expect(throws: LedgerStorageError.self, "\(what)") {
                try LedgerRecovery.open(folder.options(), zone: LedgerFolder.zone)
            }
            #expect(error?.kind == .access, "\(what): \(error?.description ?? "")")
            #expect(error?.exitStatus == 78)
            #expect(LedgerFolder.names(in: state) == ["ledger.sqlite"], "\(what)")
        }
        chmod(state, 0o500)
        refusal("a folder that cannot be written to", folder)
        chmod(folder.path, 0o400)
        refusal("a file and a folder that cannot be written to", folder)
        chmod(state, 0o700)
        refusal("a file that cannot be written to", folder)
        chmod(folder.path, 0o000)
        refusal("a file that cannot be read", folder)
        chmod(other.root, 0o500)
        refusal("a folder that cannot be created", other)
        chmod(other.root, 0o700)
        chmod(folder.path, 0o600)
        let store = try folder.open().store
        chmod(state, 0o500)
        var model = LedgerModel(seed: 1)
        try store.append(model.rows(2))
        try store.fold(model.fold(active: 5))
        #expect(store.writeBack() == nil, "what is open stays open")
        chmod(state, 0o700)
        try store.close()
    }

    @Test("a file or folder without rights is refused with 78, and stays as it is")
    func powerless() {
        let child = ChildTest.run("powerlessChild")
        #expect(child.status == 0, "\(child.output)")
    }
}

/// The limit that a process has for the size of files.
private enum Limit {
    static func fileSize(_ bytes: rlim_t) -> Bool {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = min(bytes, limit.rlim_max)
        return setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0
    }
}
