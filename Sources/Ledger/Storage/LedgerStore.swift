import Glibc
import LibSQLite
import Text
import Time

/// The ledger's file, open. It has the only connection, and belongs to one thread.
///
/// One connection, with the lock held for as long as it lives: SQLite's log then needs no shared memory, nobody else can
/// write, and a fault of SQLite 3.7.0 to 3.51.2 that takes two connections (https://sqlite.org/wal.html#walresetbug) cannot
/// occur.
final class LedgerStore {
    let options: LedgerStorageOptions
    let zone: CivilZone
    let database: SQLiteDatabase
    /// The last row of the journal that is on disk.
    var durable: Int64
    /// The last row that is in the folded state.
    var folded: Int64
    /// Which files were opened: others may take their names.
    var fileIdentity: FileIdentity?
    var logIdentity: FileIdentity?
    /// About how many bytes the log has grown since it was last written back.
    var logGrowth = 0
    /// The backup under way.
    var backup: LedgerBackup?
    let ledgerID: String

    var path: String { options.path }

    /// What SQLite is told about the file. The lock mode comes before anything that touches the file. FULL, since NORMAL may
    /// go back to the last checkpoint when the power fails, and that is a quarter of an hour here.
    private static let settings = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA temp_store = MEMORY;
        """
    private static let logSettings = """
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA journal_size_limit = \(LedgerStore.logLimit);
        """

    /// How long the log is kept at least, as room for what comes when the disk is full.
    static let logLimit: Int32 = 8 << 20

    private init(
        _ database: SQLiteDatabase,
        options: LedgerStorageOptions,
        zone: CivilZone,
        meta: [MetaKey: String],
        durable: Int64
    ) throws(LedgerStorageError) {
        self.database = database
        self.options = options
        self.zone = zone
        guard let ledgerID = meta[.ledger], let folded = meta[.folded].flatMap({ Int64($0) }) else {
            throw LedgerStorageError(.corrupt, path: options.path, "its table meta is not whole; restore a backup")
        }
        self.ledgerID = ledgerID
        self.folded = folded
        self.durable = durable
    }

    /// What was found in a file.
    struct Opened {
        let store: LedgerStore
        let image: LedgerImage
        let isNew: Bool
        let needsCheck: Bool
    }

    /// Opens the file or creates it, brings its tables up to date, checks and reads it. A file that is broken is left as it is.
    static func open(
        _ options: LedgerStorageOptions,
        zone: CivilZone,
        schema: LedgerSchema = .current,
        check: CheckLevel = .bySize
    ) throws(LedgerStorageError) -> Opened {
        _ = try LedgerPlace(path: options.path).prepare()
        let database: SQLiteDatabase
        let isNew: Bool
        do throws(SQLiteError) {
            database = try SQLiteDatabase(options.path, mode: .readWrite)
            database.waitForLocks(milliseconds: options.waitForLock)
            try database.execute(settings)
            isNew = try database.number("SELECT count(*) FROM sqlite_schema") == 0
            try checkOwner(database, isNew: isNew)
        } catch {
            throw failure(error)
        }
        // As soon as something fails, the connection goes, and with it the lock.
        do throws(LedgerStorageError) {
            return try open(database, options: options, zone: zone, schema: schema, check: check, isNew: isNew)
        } catch {
            database.close()
            throw error
        }
    }

    private static func open(
        _ database: SQLiteDatabase,
        options: LedgerStorageOptions,
        zone: CivilZone,
        schema: LedgerSchema,
        check: CheckLevel,
        isNew: Bool
    ) throws(LedgerStorageError) -> Opened {
        let path = options.path
        if !isNew {
            let application = try run { () throws(SQLiteError) in try database.number("PRAGMA application_id") }
            guard application == LedgerSchema.applicationID else {
                throw LedgerStorageError(.foreign, path: path, "it is a database of another program; name another file")
            }
            let version = try run { () throws(SQLiteError) in try database.number("PRAGMA user_version") } ?? 0
            guard version <= schema.version else {
                throw LedgerStorageError(
                    .newer(version: version),
                    path: path,
                    "a later version of this program has written it (format \(version), known is \(schema.version)); "
                        + "install that version again, or restore a backup of before"
                )
            }
            if version < schema.version {
                try migrate(database, from: version, to: schema, options: options)
            }
        }
        try run { () throws(SQLiteError) in
            guard try database.text("PRAGMA journal_mode = WAL") == "wal" else {
                throw SQLiteError(extendedCode: 8, message: "its file system cannot have a log beside it", path: path)
            }
            try database.execute(logSettings)
            database.setGrowthStep(bytes: 1 << 20)
        }
        if isNew { try create(database, schema: schema, zone: zone) }
        let tables = LedgerTables(database)
        let needsCheck = try check.run(database, wasClean: try tables.meta()[.clean] == "1")
        let image = try tables.image()
        let durable = image.journal.last?.sequence ?? image.folded
        let store = try LedgerStore(database, options: options, zone: zone, meta: tables.meta(), durable: durable)
        try run { () throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in
                try tables.set(.clean, "0")
                try tables.set(.zone, zone.name)
            }
        }
        store.noteIdentity()
        store.keepReserve()
        return Opened(store: store, image: image, isNew: isNew, needsCheck: needsCheck)
    }

    /// An empty file becomes a ledger, or stays empty.
    private static func create(_ database: SQLiteDatabase, schema: LedgerSchema, zone: CivilZone)
        throws(LedgerStorageError)
    {
        var random = SystemRandomNumberGenerator()
        let high = random.next()
        let low = random.next()
        let tables = LedgerTables(database)
        try run { () throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in
                try database.execute(schema.creation)
                try database.execute("PRAGMA application_id = \(LedgerSchema.applicationID)")
                try database.execute("PRAGMA user_version = \(schema.version)")
                try tables.set(.ledger, HexText.of(high, width: 16) + HexText.of(low, width: 16))
                try tables.set(.folded, "0")
                try tables.set(.clean, "1")
            }
        }
    }

    /// A file without tables is only then new if nothing says otherwise.
    private static func checkOwner(_ database: SQLiteDatabase, isNew: Bool) throws(SQLiteError) {
        guard isNew, try database.number("PRAGMA application_id") == LedgerSchema.applicationID else { return }
        throw SQLiteError(extendedCode: 11, message: "its tables are gone", path: database.path)
    }

    /// Lets the file go, with all of the log in it.
    ///
    /// - Parameter asClean: Whether it counts as closed in order.
    func close(asClean: Bool = true) throws(LedgerStorageError) {
        backup?.abandon()
        backup = nil
        defer { database.close() }
        guard asClean else { return }
        try Self.run { () throws(SQLiteError) in try LedgerTables(database).set(.clean, "1") }
    }

    /// What the file is like.
    func status() -> LedgerFileStatus {
        let newest = options.backupFolder.flatMap { LedgerBackups(folder: $0, ledger: path).newest() }
        return LedgerFileStatus(
            fileBytes: LedgerPlace.size(of: path),
            logBytes: LedgerPlace.size(of: LedgerPlace(path: path).logPath),
            journalRows: durable - folded,
            durable: durable,
            newestBackup: newest
        )
    }

    /// Does something with SQLite, and says of a failure what it means for the ledger.
    static func run<Value>(_ body: () throws(SQLiteError) -> Value) throws(LedgerStorageError) -> Value {
        do { return try body() } catch { throw failure(error) }
    }

    static func failure(_ error: SQLiteError) -> LedgerStorageError {
        // A file that is no database may be another program's.
        guard error.kind == .notADatabase else { return LedgerStorageError(error) }
        guard case .foreign = LedgerPlace(path: error.path).head() else { return LedgerStorageError(error) }
        return LedgerStorageError(
            .foreign,
            path: error.path,
            "it is no ledger; name another file, or move this one away"
        )
    }
}
