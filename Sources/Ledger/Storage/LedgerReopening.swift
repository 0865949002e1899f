import Glibc
import LibSQLite

/// Going on after the system has failed.
extension LedgerStore {
    /// Closes the file and opens it again: after an error of the system, what is on disk is not what SQLite believes.
    ///
    /// A file that was removed is written again from this connection, which still has it.
    func reopen() throws(LedgerStorageError) -> LedgerStore {
        let place = LedgerPlace(path: path)
        let rescued = path + ".rescued"
        let isGone = LedgerPlace.identity(of: path) == nil
        if isGone, database.isOpen {
            mkdir(place.folder, 0o700)
            try Self.copy(database, to: rescued)
        }
        // Not before the copy is made: an attempt that fails can be repeated.
        abandon()
        if isGone {
            unlink(place.logPath)
            guard rename(rescued, path) == 0 else {
                throw LedgerStorageError(.inputOutput, path: path, "the file was removed while it was open")
            }
            try LedgerPlace.sync(folder: place.folder)
        }
        let opened = try Self.open(options, zone: zone)
        let next = opened.store
        guard next.ledgerID == ledgerID, next.folded >= folded, next.durable >= folded else {
            next.abandon()
            throw LedgerStorageError(.replaced, path: path, "another ledger has taken its place; restart the program")
        }
        return next
    }

    /// Lets the file go as it is. It counts as not closed in order.
    func abandon() {
        guard database.isOpen else { return }
        backup?.abandon()
        backup = nil
        database.close()
    }
}
