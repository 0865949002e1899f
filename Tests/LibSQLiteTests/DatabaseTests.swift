import Glibc
import LibSQLite
import Testing

/// A folder that goes with its last user.
final class Folder {
    let path: String

    init() {
        var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/sqlite-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for name in ["a", "a-wal", "a-shm", "a-journal", "b", "b-journal", "a%20b?c#d"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var file: String { "\(path)/a" }
}

@Suite("a connection to SQLite")
struct DatabaseTests {
    let folder = Folder()

    @Test("values come back as they were given")
    func values() throws {
        let database = try SQLiteDatabase(folder.file, mode: .create)
        try database.execute("CREATE TABLE t(a INTEGER, b BLOB, c TEXT)")
        let insert = try database.prepare("INSERT INTO t VALUES (?1, ?2, ?3)")
        insert.bind(1, Int64.min)
        try insert.bind(2, [0, 255, 0])
        try insert.bind(3, "a\u{0}é")
        try insert.run()
        insert.bind(1, nil as Int64?)
        try insert.bind(2, [])
        try insert.bind(3, nil as String?)
        try insert.run()
        #expect(database.changedRows == 1)
        let select = try database.prepare("SELECT a, b, c, typeof(b) FROM t")
        #expect(try select.step())
        #expect(select.integer(0) == .min)
        #expect(select.bytes(1) == [0, 255, 0])
        #expect(select.text(2) == "a\u{0}é")
        #expect(try select.step())
        #expect(select.optionalInteger(0) == nil)
        #expect(select.bytes(1) == [])
        #expect(select.text(2) == nil)
        #expect(select.text(3) == "blob")
        #expect(try !select.step())
        #expect(try select.step(), "it runs again")
    }

    @Test("a transaction that fails leaves nothing behind")
    func transaction() throws {
        let database = try SQLiteDatabase(folder.file, mode: .create)
        try database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY)")
        #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in
                try database.execute("INSERT INTO t VALUES (1)")
                try database.execute("INSERT INTO t VALUES (1)")
            }
        }
        #expect(try database.number("SELECT count(*) FROM t") == 0)
        try database.transaction { () throws(SQLiteError) in try database.execute("INSERT INTO t VALUES (1)") }
        #expect(try database.number("SELECT count(*) FROM t") == 1)
    }

    @Test("closing frees the file, whatever statements are left")
    func closing() throws {
        let database = try SQLiteDatabase(folder.file, mode: .create)
        try database.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE t(a)")
        let statement = try database.prepare("SELECT count(*) FROM t")
        #expect(try statement.step())
        let other = try SQLiteDatabase(folder.file, mode: .readWrite)
        let error = #expect(throws: SQLiteError.self) { try other.number("SELECT count(*) FROM t") }
        #expect(error?.kind == .locked)
        #expect(error?.description.hasPrefix("\(folder.file): ") == true)
        #expect(error?.description.hasSuffix("stop that process first") == true)
        database.close()
        #expect(try other.number("SELECT count(*) FROM t") == 0)
    }

    @Test("errors say what kind they are of")
    func errors() throws {
        let missing = #expect(throws: SQLiteError.self) { try SQLiteDatabase(folder.file, mode: .readWrite) }
        #expect(missing?.kind == .cannotOpen)
        let database = try SQLiteDatabase(folder.file, mode: .create)
        try database.execute("CREATE TABLE t(a BLOB); PRAGMA max_page_count = 4")
        let full = #expect(throws: SQLiteError.self) { try database.execute("INSERT INTO t VALUES (zeroblob(99999))") }
        #expect(full?.kind == .full)
        let syntax = #expect(throws: SQLiteError.self) { try database.execute("SELEC") }
        #expect(syntax?.kind == .other)
        #expect(syntax?.message == "near \"SELEC\": syntax error")
        let slow = #expect(throws: SQLiteError.self) {
            try database.limited(milliseconds: 10) { () throws(SQLiteError) in
                try database.execute(
                    "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT max(i) FROM c"
                )
            }
        }
        #expect(slow?.kind == .timeLimit)
        #expect(try database.number("SELECT 1") == 1, "the limit is over")
        database.close()
        let reader = try SQLiteDatabase(folder.file, mode: .readOnly)
        let readOnly = #expect(throws: SQLiteError.self) { try reader.execute("INSERT INTO t VALUES (1)") }
        #expect(readOnly?.kind == .readOnly)
        reader.close()
        let file = try #require(fopen(folder.file, "w"))
        fputs("This is no database, and long enough to be taken for one: \(String(repeating: "x", count: 2000))", file)
        fclose(file)
        let text = try SQLiteDatabase(folder.file, mode: .readWrite)
        let other = #expect(throws: SQLiteError.self) { try text.number("SELECT count(*) FROM sqlite_schema") }
        #expect(other?.kind == .notADatabase)
    }

    @Test("an error of the system for want of space is a full disk")
    func spaceErrors() {
        let error = SQLiteError(extendedCode: 10 | 4 << 8, message: "disk I/O error", path: "/a", systemError: ENOSPC)
        #expect(error.kind == .full)
        let other = SQLiteError(extendedCode: 10 | 4 << 8, message: "disk I/O error", path: "/a", systemError: EIO)
        #expect(other.kind == .inputOutput)
        let unread = SQLiteError(extendedCode: 11, message: "malformed", path: "/a", systemError: EIO)
        #expect(unread.kind == .inputOutput, "a disk that does not read is no broken file")
        #expect(other.description.contains("Input/output error"))
    }

    @Test("a backup is whole, and has what was written meanwhile")
    func backup() throws {
        let database = try SQLiteDatabase(folder.file, mode: .create)
        try database.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE t(a, b)")
        try database.transaction { () throws(SQLiteError) in
            for number in 0..<100 { try database.execute("INSERT INTO t VALUES (\(number), zeroblob(3000))") }
        }
        let copy = try SQLiteDatabase("\(folder.path)/b", mode: .create)
        try copy.execute("PRAGMA journal_mode = OFF")
        let backup = try SQLiteBackup(of: database, into: copy)
        var steps = 0
        while try !backup.step(pages: 10) {
            steps += 1
            try database.execute("INSERT INTO t VALUES (1000, 'later')")
            try database.execute("UPDATE t SET b = 'changed' WHERE a = 0")
        }
        #expect(steps > 5)
        copy.close()
        let reader = try SQLiteDatabase("\(folder.path)/b", mode: .immutable)
        #expect(try reader.quickCheck() == [])
        #expect(try reader.number("SELECT count(*) FROM t") == 100 + Int64(steps))
        #expect(try reader.text("SELECT b FROM t WHERE a = 0") == "changed")
    }

    @Test("a check finds a page that was written over")
    func check() throws {
        var database = try SQLiteDatabase(folder.file, mode: .create)
        try database.execute("CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(100)), (zeroblob(9000))")
        #expect(try database.quickCheck() == [])
        #expect(try database.integrityCheck() == [])
        database.close()
        let file = try #require(fopen(folder.file, "r+"))
        fseek(file, 4096 + 3, SEEK_SET)
        fputc(7, file)
        fclose(file)
        database = try SQLiteDatabase(folder.file, mode: .readWrite)
        // Either it lists what is wrong, or it cannot even begin.
        #expect((try? database.quickCheck()) != [])
    }

    @Test("a name with signs of URIs in it can be read without a lock")
    func names() throws {
        let path = "\(folder.path)/a%20b?c#d"
        let database = try SQLiteDatabase(path, mode: .create)
        try database.execute("CREATE TABLE t(a); INSERT INTO t VALUES (7)")
        database.close()
        #expect(try SQLiteDatabase(path, mode: .immutable).number("SELECT a FROM t") == 7)
    }

    @Test("a checkpoint writes all back where nobody reads")
    func checkpoint() throws {
        let database = try SQLiteDatabase(folder.file, mode: .create)
        try database.execute(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0"
        )
        try database.execute("CREATE TABLE t(a); INSERT INTO t VALUES (1)")
        let (pages, writtenBack) = try database.checkpoint()
        #expect(pages > 0)
        #expect(pages == writtenBack)
    }
}
