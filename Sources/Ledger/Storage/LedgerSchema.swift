/// The tables of a ledger's file, and how those of an older version are made into them.
///
/// `chk` is ``RowCheck``. Amounts of bytes are at most 2^63 - 1. What is keyed by time begins with it: folds append, and old
/// rows go as one range.
struct LedgerSchema: Sendable {
    /// `HyLg`, which tells a ledger from any other file of SQLite (`PRAGMA application_id`).
    static let applicationID: Int64 = 0x4879_4c67

    /// `PRAGMA user_version` of a file with these tables.
    var version: Int64
    /// What creates them.
    var creation: String
    /// What makes the tables of a version into those of the next one. Each is one transaction, after a backup.
    var migrations: [Int64: String]

    /// The tables of this program. STRICT needs SQLite 3.37.
    static let current = LedgerSchema(
        version: 1,
        creation: """
            CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, chk INTEGER NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE server(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, mark TEXT NOT NULL, read_at INTEGER,
                chk INTEGER NOT NULL) STRICT;
            CREATE TABLE user(id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, first_seen INTEGER NOT NULL,
                last_seen INTEGER NOT NULL, chk INTEGER NOT NULL) STRICT;
            CREATE TABLE counter(server INTEGER NOT NULL, user INTEGER NOT NULL, up INTEGER NOT NULL,
                down INTEGER NOT NULL, raw_up INTEGER NOT NULL, raw_down INTEGER NOT NULL, chk INTEGER NOT NULL,
                PRIMARY KEY (server, user)) STRICT, WITHOUT ROWID;
            CREATE TABLE journal(seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, wall INTEGER NOT NULL,
                boot INTEGER NOT NULL, boot_id INTEGER NOT NULL, body BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
            CREATE TABLE quarter(slot INTEGER NOT NULL, server INTEGER NOT NULL, user INTEGER NOT NULL,
                up INTEGER NOT NULL, down INTEGER NOT NULL, chk INTEGER NOT NULL,
                PRIMARY KEY (slot, server, user)) STRICT, WITHOUT ROWID;
            CREATE TABLE day(date INTEGER NOT NULL, server INTEGER NOT NULL, user INTEGER NOT NULL,
                up INTEGER NOT NULL, down INTEGER NOT NULL, chk INTEGER NOT NULL,
                PRIMARY KEY (date, server, user)) STRICT, WITHOUT ROWID;
            CREATE TABLE gap(id INTEGER PRIMARY KEY, server INTEGER NOT NULL, began INTEGER NOT NULL,
                ended INTEGER NOT NULL, cause TEXT NOT NULL, chk INTEGER NOT NULL) STRICT;
            CREATE TABLE view(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, began INTEGER NOT NULL,
                used INTEGER NOT NULL, acknowledged INTEGER, offered INTEGER, chk INTEGER NOT NULL) STRICT;
            CREATE TABLE taken(view INTEGER NOT NULL, offer INTEGER NOT NULL, server INTEGER NOT NULL,
                user INTEGER NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL, chk INTEGER NOT NULL,
                PRIMARY KEY (view, offer, server, user)) STRICT, WITHOUT ROWID;
            CREATE TABLE clear(id INTEGER PRIMARY KEY, view INTEGER NOT NULL, key TEXT, at INTEGER NOT NULL,
                verdict INTEGER NOT NULL, body BLOB NOT NULL, chk INTEGER NOT NULL, UNIQUE (view, key)) STRICT;
            """,
        migrations: [:]
    )
}

/// The keys of the table `meta`.
enum MetaKey: String, CaseIterable {
    /// 128 random bits, which tell this file from any other.
    case ledger
    /// The last row of the journal that is in the folded state.
    case folded
    /// 1 if the file was closed in order.
    case clean
    /// The first slot whose quarter hours are kept.
    case quarters
    /// The zone by which days were cut last.
    case zone
    /// 1 if a backup took the file's place and nothing was folded since.
    case restored
}

extension SlotTraffic {
    /// How long a slot is, in seconds.
    package static let seconds: Int64 = 900
}

/// The `date` of what was counted without a date: far from any day that a clock without a battery begins with.
let undatedDay: Int64 = -1_000_000
