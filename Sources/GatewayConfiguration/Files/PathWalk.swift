/// A walk from the root to a file, through symbolic links, that stops where the user may not go on.
///
/// `open` only says "permission denied"; the walk says by which directory.
struct PathWalk {
    /// Why a file cannot be read.
    enum Obstacle: Hashable {
        /// Nothing stands at this component.
        case missing(String)
        /// This component is no directory, yet the path goes on.
        case notADirectory(String)
        /// The user may not enter this directory.
        case closed(String, FileStatus)
        /// The user may not read the file itself.
        case unreadable(String, FileStatus)
        /// It is a directory where a file was expected.
        case directory(String)
        /// It is a pipe, a device or a socket.
        case notRegular(String)
        /// The symbolic links lead in a circle, or too far.
        case tooManyLinks(String)
        /// The file system has its own words for it.
        case other(String, String)
    }

    /// Where the walk ended early; nil means that the user may read the file.
    private(set) var obstacle: Obstacle?
    /// The file at the end, its links resolved; nil where the walk did not come so far.
    package private(set) var file: (path: String, status: FileStatus)?
    /// Whether every user of the machine may read the file.
    private(set) var isOpenToOthers = false

    /// Walks to an absolute path.
    init(to path: String, in files: FileAccess) {
        var current = "/"
        var pending = Array(path.split(separator: "/").map(String.init).reversed())
        var links = 0
        var othersMayPass = true

        while let component = pending.popLast() {
            if component == "." { continue }
            if component == ".." {
                current = FilePath.directory(of: current)
                continue
            }
            let status = files.status(current)
            if case .success(let directory) = status {
                guard files.permits(.search, current) else {
                    obstacle = .closed(current, directory)
                    return
                }
                if directory.permissions & 0o001 == 0 { othersMayPass = false }
            }
            let next = current == "/" ? "/" + component : current + "/" + component
            switch files.status(next) {
            case .failure(.missing):
                obstacle = .missing(next)
                return
            case .failure(let failure):
                obstacle = .other(next, failure.description)
                return
            case .success(let status):
                switch status.kind {
                case .symbolicLink:
                    links += 1
                    guard links <= 40, let target = files.target(next) else {
                        obstacle = .tooManyLinks(path)
                        return
                    }
                    if target.hasPrefix("/") { current = "/" }
                    pending += target.split(separator: "/").map(String.init).reversed()
                case .directory:
                    current = next
                    if pending.isEmpty { obstacle = .directory(next) }
                case .file, .other:
                    guard pending.isEmpty else {
                        obstacle = .notADirectory(next)
                        return
                    }
                    finish(at: next, status, othersMayPass: othersMayPass, files)
                }
            }
        }
        if obstacle == nil, file == nil { obstacle = .directory(current) }
    }

    private mutating func finish(at path: String, _ status: FileStatus, othersMayPass: Bool, _ files: FileAccess) {
        file = (path, status)
        isOpenToOthers = othersMayPass && status.permissions & 0o004 != 0
        if status.kind != .file {
            obstacle = .notRegular(path)
        } else if !files.permits(.read, path) {
            obstacle = .unreadable(path, status)
        }
    }
}

extension PathWalk.Obstacle {
    /// The obstacle in words, with the path component at fault and who owns it.
    package func description(for user: String) -> String {
        switch self {
        case .missing(let path): "\(path) does not exist"
        case .notADirectory(let path): "\(path) is not a directory"
        case .closed(let path, let status): "user '\(user)' may not enter \(path) (\(status.listing))"
        case .unreadable(let path, let status): "user '\(user)' may not read \(path) (\(status.listing))"
        case .directory(let path): "\(path) is a directory, not a file"
        case .notRegular(let path): "\(path) is a pipe, a device or a socket, not a regular file"
        case .tooManyLinks(let path): "\(path) has symbolic links that lead in a circle"
        case .other(let path, let words): "\(path): \(words)"
        }
    }
}
