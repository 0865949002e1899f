import Glibc
import Synchronization

/// A lock on a file (flock(2)): the kernel frees it when the process ends, however it does, so that none goes stale.
///
/// It belongs to the descriptor: two of them exclude each other in one process as in two.
package final class StoreLock: FileLock {
    /// The descriptor; nil once it is released.
    private let descriptor: Mutex<CInt?>

    private init(_ descriptor: CInt) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        release()
    }

    /// Takes the lock, or returns nil if another one holds it. Never waits.
    package static func take(_ path: String) throws(FileError) -> StoreLock? {
        // No child process may have it: it would hold the lock on.
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError("opened", path, code: errno) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw FileError("locked", path, code: code)
        }
        // Whoever removed the file meanwhile has made room for another one, which would exclude nobody.
        var (held, there) = (stat(), stat())
        guard fstat(descriptor, &held) == 0, stat(path, &there) == 0, held.st_ino == there.st_ino,
            held.st_dev == there.st_dev
        else {
            close(descriptor)
            return nil
        }
        // As with other files, the owner of the folder has to be able to open what root has made.
        var folder = stat()
        if geteuid() == 0, stat(Self.parent(of: path), &folder) == 0 {
            _ = fchown(descriptor, folder.st_uid, folder.st_gid)
        }
        return StoreLock(descriptor)
    }

    package func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    private static func parent(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }
}
