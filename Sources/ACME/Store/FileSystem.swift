/// What is done with files, in steps between which a process can be killed: a test ends it after each of them.
package protocol FileSystem: Sendable {
    /// The content of a regular file; nil where there is none.
    func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]?

    /// The names in a folder; none where there is no such folder.
    func list(_ folder: String) throws(FileError) -> [String]

    /// Makes a folder. One that is there already stays as it is, but that a group is let in that was not.
    func makeFolder(_ path: String, _ access: FileAccess) throws(FileError)

    /// Writes a file that was not there before, and returns when the disk has its content.
    func writeNew(_ path: String, _ bytes: [UInt8], _ access: FileAccess) throws(FileError)

    /// Sets who may read a file that is there.
    func setAccess(_ path: String, _ access: FileAccess) throws(FileError)

    /// Makes a symbolic link.
    func link(_ path: String, to target: String) throws(FileError)

    /// Where a symbolic link leads; nil where there is none.
    func target(of path: String) -> String?

    /// Gives a file or a link another name in the same folder, and replaces what has it.
    func rename(_ path: String, to other: String) throws(FileError)

    /// Removes a file or a link, if there is one.
    func remove(_ path: String) throws(FileError)

    /// Removes an empty folder.
    func removeFolder(_ path: String) throws(FileError)

    /// Returns when the disk has the names in a folder.
    func syncFolder(_ path: String) throws(FileError)

    /// Holds a file until the lock is released or the process ends; nil while another one holds it.
    func lock(_ path: String) throws(FileError) -> (any FileLock)?
}

/// A lock that is held.
package protocol FileLock: Sendable {
    func release()
}

/// Who may read: the owner, and a group if there is one.
package struct FileAccess: Sendable, Hashable {
    package let mode: UInt32
    package let group: String?

    package init(mode: UInt32, group: String? = nil) {
        self.mode = mode
        self.group = group
    }

    /// A file for nobody else.
    static let secret = FileAccess(mode: 0o600)

    /// A file that a group may read as well.
    static func file(for group: String?) -> FileAccess {
        group == nil ? secret : FileAccess(mode: 0o640, group: group)
    }

    /// A folder that a group may look into as well.
    static func folder(for group: String?) -> FileAccess {
        FileAccess(mode: group == nil ? 0o700 : 0o750, group: group)
    }
}
