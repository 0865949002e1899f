/// What the file system says of a path, symbolic links not followed.
package struct FileStatus: Sendable, Hashable {
    /// What stands at the path.
    package enum Kind: Sendable, Hashable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// A symbolic link.
        case symbolicLink
        /// A device, a socket or a pipe.
        case other
    }

    /// What stands at the path.
    package var kind: Kind
    /// The permission bits, without the kind.
    package var permissions: UInt16
    /// The name of the owner, or the number where there is no name.
    package var owner: String
    /// The name of the group, or the number where there is no name.
    package var group: String

    /// Makes a status.
    init(kind: Kind, permissions: UInt16, owner: String, group: String) {
        self.kind = kind
        self.permissions = permissions
        self.owner = owner
        self.group = group
    }

    /// As `ls -l` writes it: `drwx------ root:root`.
    package var listing: String {
        let letter =
            switch kind {
            case .file: "-"
            case .directory: "d"
            case .symbolicLink: "l"
            case .other: "?"
            }
        let bits = "rwxrwxrwx".enumerated().map { permissions & (0o400 >> $0.offset) != 0 ? String($0.element) : "-" }
        return "\(letter)\(bits.joined()) \(owner):\(group)"
    }
}
