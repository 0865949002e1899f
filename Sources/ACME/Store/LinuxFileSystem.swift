import Glibc
import NIOOpenSSL

/// The files of this machine.
package struct LinuxFileSystem: FileSystem {
    package init() {}

    package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
        switch RegularFile.read(path, limit: limit) {
        case .success(let bytes): return bytes
        case .failure(.system(ENOENT)): return nil
        case .failure(.system(let code)): throw FileError("read", path, code: code)
        case .failure(let error): throw FileError("read", path, reason: "\(error)")
        }
    }

    package func list(_ folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw FileError("listed", folder, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
                start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package func makeFolder(_ path: String, _ access: FileAccess) throws(FileError) {
        let isNew = mkdir(path, 0o700) == 0
        if !isNew, errno != EEXIST { throw FileError("made", path, code: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("used as a folder", path, code: errno) }
        defer { close(descriptor) }
        if isNew || access.group != nil { try set(access, of: descriptor, path, isNew: isNew) }
    }

    package func writeNew(_ path: String, _ bytes: [UInt8], _ access: FileAccess) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError("written", path, code: errno) }
        do {
            // Before there is anything to be read in it.
            try set(access, of: descriptor, path, isNew: true)
            try write(bytes, to: descriptor, path)
        } catch {
            close(descriptor)
            unlink(path)
            throw error
        }
        // A network file system says only here that it had no room.
        guard close(descriptor) == 0 else {
            let code = errno
            unlink(path)
            throw FileError("written", path, code: code)
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: CInt, _ path: String) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError("written", path, code: count < 0 ? errno : ENOSPC) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw FileError("written", path, code: errno) }
    }

    package func setAccess(_ path: String, _ access: FileAccess) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("given to its group", path, code: errno) }
        defer { close(descriptor) }
        try set(access, of: descriptor, path, isNew: false)
    }

    package func link(_ path: String, to target: String) throws(FileError) {
        guard symlink(target, path) == 0 else { throw FileError("made", path, code: errno) }
    }

    package func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    package func rename(_ path: String, to other: String) throws(FileError) {
        guard Glibc.rename(path, other) == 0 else { throw FileError("written", other, code: errno) }
    }

    package func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError("removed", path, code: errno) }
    }

    package func removeFolder(_ path: String) throws(FileError) {
        guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("removed", path, code: errno) }
    }

    package func syncFolder(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("written", path, code: errno) }
        defer { close(descriptor) }
        // Some file systems have nothing to sync in a folder, and say so.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError("written", path, code: errno) }
    }

    package func lock(_ path: String) throws(FileError) -> (any FileLock)? {
        try StoreLock.take(path)
    }
}

// MARK: Owners

extension LinuxFileSystem {
    /// Sets owner, group and mode of what is open.
    private func set(
        _ access: FileAccess,
        of descriptor: CInt,
        _ path: String,
        isNew: Bool
    ) throws(FileError) {
        var owner = uid_t.max
        var group = gid_t.max
        // What root makes by a command belongs to the user of the service all the same, who has to read it afterwards.
        if isNew, geteuid() == 0, let parent = Self.owner(of: Self.parent(of: path)) { (owner, group) = parent }
        if let name = access.group {
            guard let number = Self.number(ofGroup: name) else {
                throw FileError("given to the group '\(name)'", path, reason: "there is no such group on this machine")
            }
            group = number
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError("looked at", path, code: errno) }
        let isOwned =
            (owner == uid_t.max || owner == status.st_uid) && (group == gid_t.max || group == status.st_gid)
        if !isOwned, fchown(descriptor, owner, group) != 0 {
            let receiver = access.group.map { "given to the group '\($0)', of which the gateway has to be a member" }
            throw FileError(receiver ?? "given to the owner of its folder", path, code: errno)
        }
        guard status.st_mode & 0o7777 == access.mode || fchmod(descriptor, access.mode) == 0 else {
            throw FileError("given its permissions", path, code: errno)
        }
    }

    private static func parent(of path: String) -> String {
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent
    }

    private static func owner(of path: String) -> (uid_t, gid_t)? {
        var status = stat()
        return stat(path, &status) == 0 ? (status.st_uid, status.st_gid) : nil
    }

    private static func number(ofGroup name: String) -> gid_t? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var space = [CChar](repeating: 0, count: 64 * 1024)
        guard getgrnam_r(name, &entry, &space, space.count, &found) == 0, found != nil else { return nil }
        return entry.gr_gid
    }
}
