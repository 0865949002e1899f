import CSQLite
import Glibc

/// Owns a connection of SQLite to a file. It belongs to one thread.
package final class SQLiteDatabase {
    /// How a file is opened.
    package enum Mode: Sendable {
        /// For reading and writing; the file has to exist.
        case readWrite
        /// For reading and writing; a file that does not exist is created.
        case create
        /// For reading, though not beside a writer.
        case readOnly
        /// For reading a file that nobody changes: without a lock, and without files beside it.
        case immutable
    }

    /// The file.
    package let path: String
    /// nil once it is closed.
    private var connection: OpaquePointer?
    private var timeLimit: SQLiteTimeLimit?

    /// Opens a file. SQLite looks into it only when it is first asked for something.
    package init(_ path: String, mode: Mode) throws(SQLiteError) {
        self.path = path
        let flags: Int32 =
            switch mode {
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readOnly: SQLITE_OPEN_READONLY
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            }
        let name = if case .immutable = mode { Self.immutableURI(path) } else { path }
        // The connection stays on one thread, and so needs no mutex.
        let code = sqlite3_open_v2(name, &connection, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK else {
            // SQLite gives a connection even then, which knows what went wrong.
            let error = SQLiteError(connection, code: code, path: path)
            sqlite3_close_v2(connection)
            connection = nil
            throw error
        }
    }

    deinit {
        close()
    }

    /// Whether it has not been closed.
    package var isOpen: Bool { connection != nil }

    /// Ends the connection, and with it each statement. The last connection writes the log back into the file.
    package func close() {
        guard let connection else { return }
        self.connection = nil
        // Else the connection would live on, with its lock, until the last statement goes.
        while let statement = sqlite3_next_stmt(connection, nil) { sqlite3_finalize(statement) }
        sqlite3_close_v2(connection)
    }

    /// SQLite's connection. Who uses a database after its end has a mistake in the program.
    var handle: OpaquePointer {
        guard let connection else { preconditionFailure("\(path) has been closed") }
        return connection
    }

    /// Runs statements that give no rows, or whose rows do not matter.
    package func execute(_ sql: String) throws(SQLiteError) {
        // Of a commit that fails, SQLite says the error number of the system that it noted with another error before.
        errno = 0
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        let systemError = errno
        guard code == SQLITE_OK else { throw SQLiteError(handle, code: code, path: path, systemError: systemError) }
    }

    /// Prepares a statement, to be run any number of times.
    package func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var statement: OpaquePointer?
        errno = 0
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        guard let statement else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "the statement is empty", path: path)
        }
        return SQLiteStatement(statement, of: self)
    }

    /// The first column of the first row, as a number; nil: there is no row.
    package func number(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// The first column of the first row, as a text; nil: there is no row.
    package func text(_ sql: String) throws(SQLiteError) -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Does `body` as a whole or not at all. What it does is on disk when this returns.
    package func transaction<Value, Failure: Error>(
        orElse failure: (SQLiteError) -> Failure,
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        do { try execute("BEGIN IMMEDIATE") } catch { throw failure(error) }
        let value: Value
        do { value = try body() } catch {
            rollBack()
            throw error
        }
        do { try execute("COMMIT") } catch {
            rollBack()
            throw failure(error)
        }
        return value
    }

    /// The same, where nothing but SQLite can fail.
    package func transaction<Value>(_ body: () throws(SQLiteError) -> Value) throws(SQLiteError) -> Value {
        try transaction(orElse: { $0 }, body)
    }

    /// Some errors have rolled back already: then there is nothing to be done, and SQLite would say so.
    private func rollBack() {
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// How many rows the last statement changed.
    package var changedRows: Int { Int(sqlite3_changes64(handle)) }

    /// How long to wait for a lock of another process.
    package func waitForLocks(milliseconds: Int32) {
        sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Lets the file grow by steps of this size, which are taken from the disk at once.
    package func setGrowthStep(bytes: Int32) {
        var bytes = bytes
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_CHUNK_SIZE, &bytes)
    }

    /// Writes what the log has back into the file, as far as nobody reads it, without waiting.
    ///
    /// - Returns: how many pages the log has, and how many of them are written back.
    @discardableResult
    package func checkpoint() throws(SQLiteError) -> (pages: Int, writtenBack: Int) {
        var pages: Int32 = 0
        var writtenBack: Int32 = 0
        try check(sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &writtenBack))
        return (Int(pages), Int(writtenBack))
    }

    /// What is wrong with the file's structure, at most ten things; empty: nothing.
    package func quickCheck() throws(SQLiteError) -> [String] {
        try findings(of: "PRAGMA quick_check(10)")
    }

    /// The same, with all that indexes refer to.
    package func integrityCheck() throws(SQLiteError) -> [String] {
        try findings(of: "PRAGMA integrity_check(10)")
    }

    private func findings(of pragma: String) throws(SQLiteError) -> [String] {
        let statement = try prepare(pragma)
        var findings: [String] = []
        while try statement.step() { findings.append(statement.text(0) ?? "") }
        return findings == ["ok"] ? [] : findings
    }

    /// Runs `body`, whose statements end with an error of the kind `timeLimit` once it is over.
    package func limited<Value, Failure: Error>(
        milliseconds: Int,
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        timeLimit = SQLiteTimeLimit(milliseconds: milliseconds, of: handle)
        defer { timeLimit = nil }
        return try body()
    }

    /// Throws what a result code stands for.
    func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw SQLiteError(handle, code: code, path: path) }
    }

    /// A file as a URI (https://sqlite.org/uri.html), with whatever its name has in it.
    private static func immutableURI(_ path: String) -> String {
        var uri = "file:"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "?"): uri += "%3f"
            case UInt8(ascii: "#"): uri += "%23"
            case UInt8(ascii: "%"): uri += "%25"
            default: uri.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return uri + "?immutable=1"
    }
}
