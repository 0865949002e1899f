import Glibc
import Time

@testable import Ledger

/// A folder for a ledger, which goes with its last user.
final class LedgerFolder: Sendable {
    let root: String

    /// - Parameter inMemory: Where a test writes so much that a disk would take long, and nothing depends on the disk.
    init(inMemory: Bool = false) {
        let memory = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nil
        let place = memory ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(place)/ledger-XXXXXX".utf8CString)
        root = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        Self.remove(root)
    }

    /// In a folder that the ledger has to make.
    var path: String { "\(root)/state/ledger.sqlite" }

    func options(now: Int64 = 1_795_000_000) -> LedgerStorageOptions { Self.options(in: root, now: now) }

    static func options(in root: String, now: Int64 = 1_795_000_000) -> LedgerStorageOptions {
        LedgerStorageOptions(
            path: "\(root)/state/ledger.sqlite",
            backupFolder: "\(root)/state/backup",
            clock: WallClock { now }
        )
    }

    /// Opens the ledger of the folder, in UTC.
    func open(now: Int64 = 1_795_000_000, schema: LedgerSchema = .current) throws -> LedgerStore.Opened {
        try LedgerStore.open(options(now: now), zone: Self.zone, schema: schema)
    }

    /// The zone of the tests' process.
    static let zone: CivilZone = {
        do { return try CivilZone.adopt("UTC") } catch { fatalError("no tz database: \(error)") }
    }()

    static func remove(_ path: String) {
        chmod(path, 0o700)
        for name in names(in: path) {
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { remove("\(path)/\(name)") } else { unlink("\(path)/\(name)") }
        }
        rmdir(path)
    }

    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return content }
            content += chunk[..<count]
        }
    }

    static func write(_ content: [UInt8], to path: String) {
        unlink(path)
        let descriptor = Glibc.open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count <= 0 { break }
            rest = rest.dropFirst(count)
        }
        close(descriptor)
    }
}
