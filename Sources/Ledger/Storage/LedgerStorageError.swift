import Glibc
import LibSQLite

/// Why the ledger's file could not be opened, read or written.
package struct LedgerStorageError: Error, Sendable, Hashable {
    /// What kind of thing went wrong, by what is to be done.
    package enum Kind: Sendable, Hashable {
        /// No space is left: nothing was written, and the same can be tried again.
        case full
        /// The system failed, or the file is gone: what is on disk is known only after ``LedgerStorage/reopen()``.
        case inputOutput
        /// The file contradicts itself: it is replaced at the next ``LedgerStorage/open()``.
        case corrupt
        /// Another process has the file.
        case locked
        /// A later version of this program has written the file.
        case newer(version: Int64)
        /// The file, or what stands at its place, is no ledger. It is left alone.
        case foreign
        /// Another ledger took the file's place while it was open: only a new start can take it in.
        case replaced
        /// The query took too long.
        case timeLimit
        /// The query asks for more than is answered at once.
        case tooMuch
        /// The file cannot be written to, or not be created.
        case access
        /// The ledger is not open.
        case closed
        /// Anything else.
        case other
    }

    package let kind: Kind
    /// The file.
    package let path: String
    /// What failed and what to do, without the path.
    package let problem: String

    package init(_ kind: Kind, path: String, _ problem: String) {
        self.kind = kind
        self.path = path
        self.problem = problem
    }

    /// What the program ends with when the file cannot be opened: of sysexits.h, EX_UNAVAILABLE where another process has
    /// it, EX_CONFIG where a person has to do something, EX_IOERR for the rest.
    package var exitStatus: Int32 {
        switch kind {
        case .locked: 69
        case .newer, .foreign, .access: 78
        default: 74
        }
    }
}

extension LedgerStorageError: CustomStringConvertible {
    package var description: String { "\(path): \(problem)" }
}

extension LedgerStorageError {
    init(_ error: SQLiteError) {
        let kind: Kind =
            switch error.kind {
            case .full: .full
            case .locked: .locked
            case .cannotOpen where [EACCES, EPERM, EROFS].contains(error.systemError): .access
            case .inputOutput, .cannotOpen: .inputOutput
            case .corrupt: .corrupt
            case .notADatabase: .corrupt
            case .readOnly: .access
            case .timeLimit: .timeLimit
            case .outOfMemory, .other: .other
            }
        let text = error.description
        self.init(
            kind,
            path: error.path,
            text.hasPrefix("\(error.path): ") ? String(text.dropFirst(error.path.count + 2)) : text
        )
    }
}
