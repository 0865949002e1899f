import Glibc

/// Where the ledger's file stands: its folder, and the files beside it.
struct LedgerPlace: Sendable {
    let path: String

    /// The folder of a file.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    var folder: String { Self.folder(of: path) }
    var logPath: String { path + "-wal" }
    /// What is to take the file's place. It stands there, whole, before the file goes: whoever is stopped in between finds
    /// no file, and a successor.
    var successorPath: String { path + ".restoring" }

    /// Makes sure of a regular file that only this user can read. Returns whether there was one.
    ///
    /// A link is not followed: the name would be somebody else's to decide. SQLite gives the files beside it the same mode.
    func prepare() throws(LedgerStorageError) -> Bool {
        if mkdir(folder, 0o700) == 0 { try Self.sync(folder: Self.folder(of: folder)) }
        var status = stat()
        if lstat(path, &status) == 0 {
            let isRegular = status.st_mode & S_IFMT == S_IFREG
            guard isRegular else { throw LedgerStorageError(.foreign, path: path, "it is no regular file") }
            if status.st_mode & 0o077 != 0, chmod(path, 0o600) != 0 {
                throw failure("others can read it, and its mode cannot be changed")
            }
            guard access(path, R_OK | W_OK) == 0 else { throw failure("it cannot be read and written to") }
            return true
        }
        guard errno == ENOENT else { throw failure("it cannot be looked at") }
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("it cannot be created") }
        Glibc.close(descriptor)
        try Self.sync(folder: folder)
        return false
    }

    /// What the file begins with.
    enum Head {
        /// SQLite's or the ledger's signs: a ledger, whole or broken.
        case ledger
        /// Nothing but zeros, as after a power cut on some file systems.
        case blank
        case foreign
    }

    /// Looks at the first bytes. Only while no connection of this process has the file: closing a descriptor would give up
    /// its locks (https://sqlite.org/howtocorrupt.html, section 2.2).
    func head() -> Head {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return .foreign }
        defer { Glibc.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        if bytes.allSatisfy({ $0 == 0 }) { return count > 0 ? .blank : .foreign }
        let application = bytes[68..<72].reduce(0 as Int64) { $0 << 8 | Int64($1) }
        if application == LedgerSchema.applicationID { return .ledger }
        return bytes.starts(with: "SQLite format 3".utf8) && application == 0 ? .ledger : .foreign
    }

    /// Renames the file, and what belongs to it. Returns its new path.
    @discardableResult
    func setAside(as reason: String = "corrupt", time: String) throws(LedgerStorageError) -> String {
        var aside = "\(path).\(reason)-\(time)"
        var number = 1
        while access(aside, F_OK) == 0 {
            number += 1
            aside = "\(path).\(reason)-\(time)-\(number)"
        }
        // First the file: without its log it would be a ledger of before. A log without its file is nothing, and SQLite
        // removes it with the next file.
        for suffix in ["", "-wal", "-shm", "-journal"] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, aside + suffix) == 0 else { throw failure("it cannot be put aside") }
        }
        try Self.sync(folder: folder)
        return aside
    }

    /// Gives the file's place to its successor, if there is one. The file is away.
    func succeed(time: String) throws(LedgerStorageError) {
        guard access(successorPath, F_OK) == 0 else { return }
        // A log of another file would be taken for the successor's.
        try setAside(time: time)
        guard rename(successorPath, path) == 0 else { throw failure("its successor cannot take its place") }
        try Self.sync(folder: folder)
    }

    /// Which file stands at a path; nil: none.
    static func identity(of path: String) -> FileIdentity? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// The size of a file in bytes; 0 where there is none.
    static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// How many bytes the file's file system has left for this user.
    static func freeBytes(at path: String) -> UInt64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return .max }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// Makes names in a folder survive a power cut.
    static func sync(folder: String) throws(LedgerStorageError) {
        try sync(folder, flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    /// Makes a file's content survive a power cut. For files that no connection has.
    static func sync(file: String) throws(LedgerStorageError) {
        try sync(file, flags: O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    }

    private static func sync(_ path: String, flags: CInt) throws(LedgerStorageError) {
        let descriptor = Glibc.open(path, flags)
        guard descriptor >= 0 else { throw LedgerPlace(path: path).failure("it cannot be opened") }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw LedgerPlace(path: path).failure("it cannot be synced") }
    }

    /// What the system said.
    func failure(_ problem: String) -> LedgerStorageError {
        let code = errno
        let kind: LedgerStorageError.Kind =
            switch code {
            case ENOSPC, EDQUOT, EFBIG: .full
            case EIO: .inputOutput
            default: .access
            }
        return LedgerStorageError(kind, path: path, "\(problem): \(String(cString: strerror(code)))")
    }
}

/// What tells a file from any other, whatever its name.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
}
