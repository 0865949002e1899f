import Glibc
import LibSQLite
import Text
import Time

/// A backup under way, copied a piece at a time.
final class LedgerBackup {
    /// How many pages are copied at a time: a MiB, which takes a few milliseconds.
    private static let pages: Int32 = 256

    /// Where the backup will be.
    let path: String
    let draft: String
    private let copy: SQLiteDatabase
    private var run: SQLiteBackup?

    /// Begins a backup.
    init(of store: LedgerStore, into folder: String) throws(LedgerStorageError) {
        let backups = LedgerBackups(folder: folder, ledger: store.path)
        if mkdir(folder, 0o700) == 0 { try LedgerPlace.sync(folder: LedgerPlace.folder(of: folder)) }
        path = backups.path(at: store.options.clock.now())
        draft = path + ".tmp"
        backups.removeDrafts()
        // A backup that fills the disk up would stop what it is there for.
        let size = LedgerPlace.size(of: store.path)
        guard LedgerPlace.freeBytes(at: folder) > UInt64(size) + Self.leftFree else {
            throw LedgerStorageError(
                .full,
                path: path,
                "a backup takes \(size >> 20) MiB, and 64 MiB more have to stay free"
            )
        }
        let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LedgerPlace(path: draft).failure("it cannot be created") }
        close(descriptor)
        let draft = draft
        (copy, run) = try LedgerStore.run { () throws(SQLiteError) in
            let copy = try SQLiteDatabase(draft, mode: .readWrite)
            // Nobody needs the copy before it is whole, and then it is synced as a whole.
            try copy.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")
            return (copy, try SQLiteBackup(of: store.database, into: copy))
        }
    }

    private static let leftFree: UInt64 = 64 << 20

    /// Copies some more. Returns whether the copy is whole; then it is closed.
    func step() throws(LedgerStorageError) -> Bool {
        guard let run else { return true }
        do throws(SQLiteError) {
            guard try run.step(pages: Self.pages) else { return false }
        } catch {
            abandon()
            throw LedgerStore.failure(error)
        }
        self.run = nil
        copy.close()
        return true
    }

    /// Leaves nothing behind.
    func abandon() {
        run = nil
        copy.close()
        unlink(draft)
    }
}

/// The backups of a ledger, in a folder.
struct LedgerBackups: Sendable {
    let folder: String
    /// The ledger's file.
    let ledger: String

    /// `ledger-20261127T101520Z.sqlite`, for `ledger.sqlite`.
    func path(at moment: Int64) -> String { "\(folder)/\(stem)-\(Self.timeText(moment)).sqlite" }

    /// `20261127T101520Z`, which sorts as time goes.
    static func timeText(_ moment: Int64) -> String {
        String(CivilTime(moment).internetText.filter { $0 != "-" && $0 != ":" })
    }

    private var stem: String {
        let name = LedgerPlace.name(of: ledger)
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.utf8.startIndex else { return name }
        return String(name[..<dot])
    }

    /// The backups that there are, newest first.
    func paths() -> [String] { names { isBackup($0, suffix: ".sqlite") }.sorted(by: >).map { "\(folder)/\($0)" } }

    /// When the newest one was made, by its time of change.
    func newest() -> Int64? {
        guard let path = paths().first else { return nil }
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_mtim.tv_sec) : nil
    }

    /// Checks a whole copy, and gives it the name of a backup.
    func finish(draft: String, as path: String, keep: Int) throws(LedgerStorageError) {
        do throws(LedgerStorageError) {
            try Self.check(draft, schema: .current)
            try LedgerPlace.sync(file: draft)
            guard rename(draft, path) == 0 else { throw LedgerPlace(path: path).failure("it cannot be renamed") }
            try LedgerPlace.sync(folder: folder)
        } catch {
            unlink(draft)
            throw error
        }
        for old in paths().dropFirst(max(1, keep)) { unlink(old) }
    }

    /// What is left of backups that came to nothing.
    func removeDrafts() {
        for name in names({ isBackup($0, suffix: ".sqlite.tmp") }) { unlink("\(folder)/\(name)") }
    }

    /// Throws if a file is no ledger that can be used: its structure, and all that is read at a start.
    static func check(_ path: String, schema: LedgerSchema) throws(LedgerStorageError) {
        let database = try LedgerStore.run { () throws(SQLiteError) in try SQLiteDatabase(path, mode: .immutable) }
        defer { database.close() }
        let (application, version) = try LedgerStore.run { () throws(SQLiteError) in
            (try database.number("PRAGMA application_id"), try database.number("PRAGMA user_version") ?? 0)
        }
        guard application == LedgerSchema.applicationID else {
            throw LedgerStorageError(.foreign, path: path, "it is no ledger")
        }
        guard version <= schema.version else {
            throw LedgerStorageError(.newer(version: version), path: path, "a later version has written it")
        }
        // The tables of older versions are read once they have been brought up to date.
        guard version == schema.version else { return }
        _ = try CheckLevel.all.run(database, wasClean: true)
        _ = try LedgerTables(database).image()
    }

    /// Whether a name is this ledger's, with a time in it.
    private func isBackup(_ name: String, suffix: String) -> Bool {
        let bytes = Array(name.utf8)
        let start = Array("\(stem)-".utf8)
        guard bytes.starts(with: start), bytes.count == start.count + 16 + suffix.utf8.count else { return false }
        guard name.hasSuffix(suffix) else { return false }
        let time = bytes[start.count..<start.count + 16]
        return time.enumerated().allSatisfy { index, byte in
            switch index {
            case 8: byte == UInt8(ascii: "T")
            case 15: byte == UInt8(ascii: "Z")
            default: byte.isDigit
            }
        }
    }

    private func names(_ isWanted: (String) -> Bool) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if isWanted(name) { names.append(name) }
        }
        return names
    }
}
