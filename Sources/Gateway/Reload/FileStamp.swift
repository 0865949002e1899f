import Glibc
import NIOOpenSSL

/// What distinguishes one state of a file from another without reading it.
package struct FileStamp: Sendable, Hashable {
    /// The file system.
    var device: UInt64 = 0
    /// The number of the file: another file under the same path has another one.
    var inode: UInt64 = 0
    /// The size in bytes.
    var size: Int64 = 0
    /// When the content changed last, in nanoseconds since 1970.
    var modified: Int64 = 0
    /// When anything about the file changed last, in nanoseconds since 1970 (ctime: it cannot be set).
    var changed: Int64 = 0

    /// A stamp of these values.
    init() {}

    /// The stamp of the file that a path leads to through all symbolic links; nil where it leads nowhere.
    package init?(path: String) {
        let found = TimeLimitedCall.run {
            var status = stat()
            return stat(path, &status) == 0 ? status : nil
        }
        guard let status = found ?? nil else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
