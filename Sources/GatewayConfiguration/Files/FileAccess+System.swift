import Glibc
import NIOOpenSSL

extension FileAccess {
    /// The file system of this machine. What it does not answer in time is told as ``FileError/stalled``.
    package static let system = FileAccess(
        status: { path in
            TimeLimitedCall.run {
                var status = stat()
                guard lstat(path, &status) == 0 else { return .failure(FileError(errno: errno)) }
                return .success(FileStatus(status))
            } ?? .failure(.stalled)
        },
        target: { path in
            TimeLimitedCall.run {
                var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
                let length = readlink(path, &buffer, buffer.count)
                guard length >= 0 else { return nil }
                return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
            } ?? nil
        },
        permits: { permission, path in
            let mode =
                switch permission {
                case .read: R_OK
                case .write: W_OK
                case .search: X_OK
                }
            return TimeLimitedCall.run { faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 } ?? false
        },
        read: { path, limit in RegularFile.read(path, limit: limit).mapError(FileError.init) }
    )
}

extension FileError {
    /// What a failed reading means.
    init(_ failure: RegularFile.ReadError) {
        switch failure {
        case .system(let code): self.init(errno: code)
        case .notRegular(let kind): self = .notRegular(kind)
        case .tooLarge(let limit): self = .tooLarge(limit: limit)
        case .stalled: self = .stalled
        }
    }
}

extension FileError {
    /// What an `errno` means.
    init(errno code: CInt) {
        switch code {
        case ENOENT, ENOTDIR: self = .missing
        case EACCES, EPERM: self = .noPermission
        case EISDIR: self = .notRegular("a directory")
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
