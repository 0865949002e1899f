import CSQLite
import Glibc

/// Why SQLite could not do something with a file, and what can be done about it.
package struct SQLiteError: Error, Sendable, Hashable {
    /// What kind of thing went wrong.
    package enum Kind: Sendable, Hashable {
        /// No space is left for the file: the disk, the quota, or the largest size that the process may write.
        case full
        /// Another process, or another connection of this one, has the file.
        case locked
        /// The system could not read, write or sync.
        case inputOutput
        /// The file has content that contradicts itself.
        case corrupt
        /// The file is something else.
        case notADatabase
        /// The file cannot be opened, or is gone.
        case cannotOpen
        /// The file, its folder or its file system cannot be written to.
        case readOnly
        /// The time limit was over.
        case timeLimit
        /// No memory was left.
        case outOfMemory
        /// Anything else: SQL that is wrong, a constraint that is broken.
        case other
    }

    /// SQLite's primary result code, as `SQLITE_FULL`.
    package let code: Int32
    /// SQLite's extended result code, as `SQLITE_IOERR_FSYNC`.
    package let extendedCode: Int32
    /// SQLite's words.
    package let message: String
    /// The file.
    package let path: String
    /// The system's error number, if it was the system; 0 otherwise.
    package let systemError: Int32

    package init(extendedCode: Int32, message: String, path: String, systemError: Int32 = 0) {
        code = extendedCode & 0xff
        self.extendedCode = extendedCode
        self.message = message
        self.path = path
        self.systemError = systemError
    }

    /// What kind of thing went wrong.
    package var kind: Kind {
        switch code {
        case SQLITE_FULL: .full
        case SQLITE_BUSY, SQLITE_LOCKED: .locked
        // Where the system says why a file could not grow or be synced, that is the reason.
        case SQLITE_IOERR: systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG ? .full : .inputOutput
        // SQLite takes a disk that does not read for a file that is broken.
        case SQLITE_CORRUPT: systemError == EIO || systemError == ENXIO ? .inputOutput : .corrupt
        case SQLITE_NOTADB: .notADatabase
        case SQLITE_CANTOPEN: .cannotOpen
        case SQLITE_READONLY, SQLITE_PERM: .readOnly
        case SQLITE_INTERRUPT: .timeLimit
        case SQLITE_NOMEM: .outOfMemory
        default: .other
        }
    }
}

extension SQLiteError {
    /// What the last call on a connection failed with.
    ///
    /// - Parameter systemError: The system's error number, where it is known better than SQLite knows it.
    init(_ handle: OpaquePointer?, code: Int32, path: String, systemError: Int32? = nil) {
        let number = errno
        let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
        // The connection's words belong to its last call, which need not be the one that failed.
        let matches = extended & 0xff == code & 0xff
        let words = matches ? handle.flatMap { sqlite3_errmsg($0) } : sqlite3_errstr(code)
        // Of a read that fails, SQLite forgets the number.
        let known = code & 0xff == SQLITE_CORRUPT ? number : handle.map { sqlite3_system_errno($0) } ?? 0
        self.init(
            extendedCode: matches ? extended : code,
            message: words.map { String(cString: $0) } ?? "error \(code)",
            path: path,
            systemError: systemError ?? (matches ? known : 0)
        )
    }
}

extension SQLiteError: CustomStringConvertible {
    /// What failed on which file, and what to do.
    package var description: String {
        let system = systemError == 0 ? "" : ": \(String(cString: strerror(systemError)))"
        return "\(path): \(message) (SQLite error \(extendedCode))\(system)\(advice.map { "; \($0)" } ?? "")"
    }

    /// What to do.
    private var advice: String? {
        switch kind {
        case .full: "make space on its disk"
        case .locked: "another process has it open: stop that process first"
        case .inputOutput: "look into the system's log for errors of the disk"
        case .corrupt: "restore a backup"
        case .notADatabase: "name another file, or move this one away"
        case .cannotOpen: "its folder has to exist, and the process has to have access to it"
        case .readOnly: "give the process write access to the file and to its folder"
        case .timeLimit: "ask for less at a time"
        case .outOfMemory, .other: nil
        }
    }
}
