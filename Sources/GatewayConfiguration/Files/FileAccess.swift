/// The file system as the gateway asks it, so that a test can hold one.
package struct FileAccess: Sendable {
    /// What a user wants of a file or directory.
    package enum Permission: Sendable, Hashable {
        /// Reading its content.
        case read
        /// Changing its content: for a directory, making and removing files in it.
        case write
        /// Reaching what lies in a directory.
        case search
    }

    /// The status of a path, symbolic links not followed.
    package var status: @Sendable (_ path: String) -> Result<FileStatus, FileError>
    /// Where a symbolic link points to; nil where it cannot be told.
    package var target: @Sendable (_ path: String) -> String?
    /// Whether the effective user is permitted that.
    package var permits: @Sendable (_ permission: Permission, _ path: String) -> Bool
    /// The content of a file of at most that many bytes.
    package var read: @Sendable (_ path: String, _ limit: Int) -> Result<[UInt8], FileError>

    /// Makes a file system of these answers.
    package init(
        status: @escaping @Sendable (_ path: String) -> Result<FileStatus, FileError>,
        target: @escaping @Sendable (_ path: String) -> String?,
        permits: @escaping @Sendable (_ permission: Permission, _ path: String) -> Bool,
        read: @escaping @Sendable (_ path: String, _ limit: Int) -> Result<[UInt8], FileError>
    ) {
        self.status = status
        self.target = target
        self.permits = permits
        self.read = read
    }
}
