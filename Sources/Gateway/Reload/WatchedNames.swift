import GatewayConfiguration

/// The directories, and the names in them, by which a set of paths may come to lead elsewhere.
///
/// That is every component of each path and of each symbolic link on the way, as far as they exist: a file that is
/// replaced, a link that is swapped above it, a directory that is renamed.
struct WatchedNames {
    /// The names that matter, by directory.
    private(set) var names: [String: Set<String>] = [:]

    init(of paths: some Sequence<String>, in files: FileAccess) {
        for path in paths { follow(path, files) }
    }

    private mutating func follow(_ path: String, _ files: FileAccess) {
        var directory = "/"
        var pending = Array(path.split(separator: "/").map(String.init).reversed())
        var links = 0
        while let component = pending.popLast() {
            if component == "." { continue }
            if component == ".." {
                directory = FilePath.directory(of: directory)
                continue
            }
            names[directory, default: []].insert(component)
            let next = FilePath.absolute(component, from: directory)
            guard case .success(let status) = files.status(next) else { return }
            switch status.kind {
            case .directory:
                directory = next
            case .symbolicLink:
                links += 1
                guard links <= 40, let target = files.target(next) else { return }
                if target.hasPrefix("/") { directory = "/" }
                pending += target.split(separator: "/").map(String.init).reversed()
            case .file, .other:
                return
            }
        }
    }
}
