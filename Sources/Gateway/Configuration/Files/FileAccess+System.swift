import Glibc

extension FileAccess {
    /// The file system of this machine.
    public static let system = FileAccess(
        status: { path in
            var status = stat()
            guard lstat(path, &status) == 0 else { return .failure(FileFailure(errno: errno)) }
            return .success(FileStatus(status))
        },
        target: { path in
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let length = readlink(path, &buffer, buffer.count)
            guard length >= 0 else { return nil }
            return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
        },
        permits: { permission, path in
            let mode =
                switch permission {
                case .read: R_OK
                case .search: X_OK
                }
            return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
        },
        read: { path, limit in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return .failure(FileFailure(errno: errno)) }
            defer { close(descriptor) }
            return read(descriptor: descriptor, limit: limit)
        }
    )

    private static func read(descriptor: CInt, limit: Int) -> Result<[UInt8], FileFailure> {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(FileFailure(errno: errno))
            }
            if count == 0 { return .success(content) }
            content += chunk[..<count]
            if content.count > limit { return .failure(.tooLarge(limit: limit)) }
        }
    }
}

extension FileFailure {
    /// What an `errno` means.
    init(errno code: CInt) {
        switch code {
        case ENOENT, ENOTDIR: self = .missing
        case EACCES, EPERM: self = .noPermission
        case EISDIR: self = .other("it is a directory")
        default: self = .other(String(cString: strerror(code)))
        }
    }
}

extension FileStatus {
    init(_ status: stat) {
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        self.init(
            kind: kind,
            permissions: UInt16(truncatingIfNeeded: status.st_mode & 0o7777),
            owner: SystemNames.user(status.st_uid),
            group: SystemNames.group(status.st_gid)
        )
    }
}
