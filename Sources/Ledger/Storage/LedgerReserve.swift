import Glibc

/// What is kept for bad times: room in the log, and an eye on the files.
extension LedgerStore {
    /// Takes the disk's blocks for a log of ``logLimit`` at once, so that rows can be added for a while when the disk is
    /// full. SQLite takes the zeros at the log's end for what they are, since no frame has such a check sum.
    ///
    /// SQLite has no lock on the log, and so closing another descriptor of it does no harm.
    func keepReserve() {
        guard options.keepsReserve else { return }
        let log = LedgerPlace(path: path).logPath
        let size = LedgerPlace.size(of: log)
        guard size > 0, size < Self.logLimit else { return }
        let descriptor = Glibc.open(log, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        // Where there is no room now, there may be some after the next fold.
        _ = posix_fallocate(descriptor, off_t(size), off_t(Int64(Self.logLimit) - size))
        Glibc.close(descriptor)
    }

    /// Remembers which files are open.
    func noteIdentity() {
        fileIdentity = LedgerPlace.identity(of: path)
        logIdentity = LedgerPlace.identity(of: LedgerPlace(path: path).logPath)
    }

    /// Throws if a file is not at its place any more: SQLite would go on writing to a file without a name.
    func checkIdentity() throws(LedgerStorageError) {
        guard fileIdentity == LedgerPlace.identity(of: path) else {
            throw LedgerStorageError(.inputOutput, path: path, "the file was removed or replaced while it was open")
        }
        guard let logIdentity else { return }
        let log = LedgerPlace(path: path).logPath
        guard logIdentity == LedgerPlace.identity(of: log) else {
            throw LedgerStorageError(.inputOutput, path: log, "the file was removed or replaced while it was open")
        }
    }
}
