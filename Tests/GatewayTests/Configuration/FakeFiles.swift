import Gateway
import NIOConcurrencyHelpers

@testable import GatewayConfiguration

/// A file system in memory with owners and permissions, seen by one user.
struct FakeFiles {
    struct Entry {
        var status: FileStatus
        var content: [UInt8] = []
        var target: String?
    }

    private var entries: [String: Entry] = [:]
    /// The user who looks.
    var user = "gateway"
    /// The groups of that user.
    var groups = ["gateway"]

    init() {
        directory("/")
    }

    mutating func file(
        _ path: String,
        _ content: String = "x",
        mode: UInt16 = 0o600,
        owner: String = "gateway",
        group: String = "gateway"
    ) {
        parents(of: path)
        let status = FileStatus(kind: .file, permissions: mode, owner: owner, group: group)
        entries[path] = Entry(status: status, content: Array(content.utf8))
    }

    mutating func file(_ path: String, bytes: [UInt8]) {
        file(path)
        entries[path]?.content = bytes
    }

    mutating func directory(
        _ path: String,
        mode: UInt16 = 0o755,
        owner: String = "root",
        group: String = "root"
    ) {
        parents(of: path)
        entries[path] = Entry(status: FileStatus(kind: .directory, permissions: mode, owner: owner, group: group))
    }

    mutating func link(_ path: String, to target: String) {
        parents(of: path)
        let status = FileStatus(kind: .symbolicLink, permissions: 0o777, owner: "root", group: "root")
        entries[path] = Entry(status: status, target: target)
    }

    private mutating func parents(of path: String) {
        let parts = path.split(separator: "/").dropLast()
        for count in parts.indices {
            let parent = "/" + parts[...count].joined(separator: "/")
            if entries[parent] == nil { directory(parent) }
        }
    }

    /// This state as the gateway sees a file system.
    var access: FileAccess {
        let files = self
        return FileAccess(
            status: { path in files.entries[path].map { .success($0.status) } ?? .failure(.missing) },
            target: { files.entries[$0]?.target },
            permits: { files.permits($0, $1) },
            read: { files.read($0, limit: $1) }
        )
    }

    private func permits(_ permission: FileAccess.Permission, _ path: String) -> Bool {
        guard let status = entries[path]?.status else { return false }
        if user == "root" { return true }
        let bit: UInt16 =
            switch permission {
            case .read: 4
            case .write: 2
            case .search: 1
            }
        if status.owner == user { return status.permissions & (bit << 6) != 0 }
        if groups.contains(status.group) { return status.permissions & (bit << 3) != 0 }
        return status.permissions & bit != 0
    }

    private func read(_ path: String, limit: Int) -> Result<[UInt8], FileError> {
        guard let resolved = resolve(path), let entry = entries[resolved] else { return .failure(.missing) }
        guard reaches(resolved), permits(.read, resolved) else { return .failure(.noPermission) }
        guard entry.status.kind == .file else { return .failure(.other("it is a directory")) }
        return entry.content.count > limit ? .failure(.tooLarge(limit: limit)) : .success(entry.content)
    }

    private func resolve(_ path: String) -> String? {
        var current = ""
        var pending = Array(path.split(separator: "/").map(String.init).reversed())
        for _ in 0..<200 {
            guard let part = pending.popLast() else { return current.isEmpty ? "/" : current }
            if part == "." { continue }
            if part == ".." {
                current = current.lastIndex(of: "/").map { String(current[..<$0]) } ?? ""
                continue
            }
            guard let entry = entries[current + "/" + part] else { return nil }
            guard let target = entry.target else {
                current += "/" + part
                continue
            }
            if target.hasPrefix("/") { current = "" }
            pending += target.split(separator: "/").map(String.init).reversed()
        }
        return nil
    }

    private func reaches(_ path: String) -> Bool {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.allSatisfy { permits(.search, "/" + parts[...$0].joined(separator: "/")) }
    }
}

extension FakeFiles {
    /// The environment around this file system: working directory `/work`, 4 cores, 2026-06-01.
    var environment: ConfigurationEnvironment {
        ConfigurationEnvironment(
            files: access,
            variables: [:],
            workingDirectory: "/work",
            now: { 1_780_272_000 },
            cores: 4,
            user: user,
            groups: groups
        )
    }

    /// The files that the minimal configuration names, and the configuration itself in `/etc/gw/config.yaml`.
    init(configuration: String, mode: UInt16 = 0o600) {
        self.init()
        file("/etc/gw/config.yaml", configuration, mode: mode)
        file("/etc/gw/fullchain.pem", mode: 0o644)
        file("/etc/gw/privkey.pem")
    }
}
