import CSQLite
import Glibc

/// Owns a prepared statement. Parameters count from 1, columns from 0, as in SQLite.
package final class SQLiteStatement {
    private let handle: OpaquePointer
    private let database: SQLiteDatabase

    init(_ handle: OpaquePointer, of database: SQLiteDatabase) {
        self.handle = handle
        self.database = database
    }

    deinit {
        // A database that was closed has taken its statements with it.
        if database.isOpen { sqlite3_finalize(handle) }
    }

    /// What a parameter is; SQLite copies texts and bytes.
    package func bind(_ parameter: Int32, _ value: Int64) {
        sqlite3_bind_int64(handle, parameter, value)
    }

    /// Nothing, for nil.
    package func bind(_ parameter: Int32, _ value: Int64?) {
        if let value { bind(parameter, value) } else { sqlite3_bind_null(handle, parameter) }
    }

    /// A text; nothing, for nil.
    package func bind(_ parameter: Int32, _ text: String?) throws(SQLiteError) {
        guard var text else {
            sqlite3_bind_null(handle, parameter)
            return
        }
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(handle, parameter, $0.baseAddress ?? Self.nothing, Int32($0.count), Self.copied)
            }
        }
        try database.check(code)
    }

    /// Bytes.
    package func bind(_ parameter: Int32, _ bytes: [UInt8]) throws(SQLiteError) {
        let code = bytes.withUnsafeBytes {
            // Bytes without an address would be NULL, and no bytes are something else.
            sqlite3_bind_blob64(
                handle,
                parameter,
                $0.baseAddress ?? UnsafeRawPointer(Self.nothing),
                UInt64($0.count),
                Self.copied
            )
        }
        try database.check(code)
    }

    /// Goes to the next row. Returns whether there is one; without one the statement can be run again.
    package func step() throws(SQLiteError) -> Bool {
        precondition(database.isOpen, "the database has been closed")
        // What an error says is this call's.
        errno = 0
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let error = SQLiteError(database.handle, code: code, path: database.path)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs it to its end, and leaves it ready to be run again.
    package func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Leaves the rows that have not been looked at.
    package func reset() {
        sqlite3_reset(handle)
    }

    /// A column of the row as a number; 0 for what is none.
    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// Whether a column of the row has nothing in it.
    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// A column of the row as a number; nil for nothing.
    package func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// A column of the row as a text; nil for nothing. What is no UTF-8 is replaced.
    package func text(_ column: Int32) -> String? {
        guard let text = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    /// Looks at the bytes of a column of the row where they lie.
    package func withBytes<Value, Failure: Error>(
        _ column: Int32,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let start = sqlite3_column_blob(handle, column)
        let count = start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))
        return try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The bytes of a column of the row.
    package func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { [UInt8]($0) } }

    /// Tells SQLite to copy (`SQLITE_TRANSIENT`, which is no pointer).
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// An address for texts and bytes of no length. It is never read.
    private static var nothing: UnsafePointer<CChar> { sqlite3_libversion() }
}
