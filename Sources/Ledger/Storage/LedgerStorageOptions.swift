import Time

/// Where the ledger's file is, and how it is kept.
package struct LedgerStorageOptions: Sendable {
    /// The file. Its folder is created if it does not exist, though not the folders above.
    package var path: String
    /// The folder for daily backups; nil: none are made.
    package var backupFolder: String?
    /// How many backups are kept.
    package var backupsKept = 7
    /// How many days quarter hours are kept.
    package var quarterDays: Int64 = 62
    /// How long to wait for another process to close the file.
    package var waitForLock: Int32 = 0
    /// The clock by which old rows go.
    package var clock: WallClock
    /// Whether room on the disk is taken for the log in advance.
    package var keepsReserve = true

    package init(path: String, backupFolder: String? = nil, clock: WallClock = .system) {
        self.path = path
        self.backupFolder = backupFolder
        self.clock = clock
    }
}

/// What was found and done when the file was opened.
package struct OpenedLedger: Sendable, Hashable {
    package var image: LedgerImage
    /// Whether the file is new: none was there, or none that could be used.
    package var isNew: Bool
    /// The broken file that was put aside.
    package var quarantined: String?
    /// What was wrong with it.
    package var fault: String?
    /// The backup that took its place; nil with a broken file: there was none.
    package var restored: String?
    /// Whether the file is so large that ``LedgerStorage/check()`` is left to be called once all runs.
    package var needsCheck: Bool
}

/// What is on disk after an error.
package struct ReopenedLedger: Sendable, Hashable {
    /// The last row of the journal: those after it are to be appended again.
    package var durable: Int64
    /// The last row that is folded: a fold that seemed to fail may have been done.
    package var folded: Int64
}

/// What the file is like.
package struct LedgerFileStatus: Sendable, Hashable {
    /// The size of the file and of the log beside it, in bytes.
    package var fileBytes: Int64
    package var logBytes: Int64
    /// Rows of the journal that are not folded.
    package var journalRows: Int64
    /// The last row of the journal that is on disk.
    package var durable: Int64
    /// When the newest backup was made, in seconds since 1970; nil: there is none.
    package var newestBackup: Int64?
}
