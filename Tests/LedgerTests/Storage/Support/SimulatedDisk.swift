import Glibc

@testable import Ledger

/// A disk that forgets what was not synced when its power is cut.
///
/// What a file system promises, and no more: data are there after a sync of the file, names after a sync of the folder.
/// Names change in order. Of data that were not synced, any part may be there, by sectors of 512 bytes.
struct SimulatedDisk {
    private enum Change {
        case write(offset: Int, [UInt8])
        case resize(Int)
        case allocate(Int)
    }

    private struct File {
        var synced: [UInt8] = []
        var pending: [Change] = []
        /// How long it is with all changes.
        var size = 0
    }

    private enum NameChange {
        case set(String, file: Int)
        case remove(String)
    }

    private var files: [File] = []
    private var names: [String: Int] = [:]
    private var syncedNames: [String: Int] = [:]
    private var pendingNames: [NameChange] = []
    private(set) var said: [String] = []

    /// - Parameter contents: The files that there are at the beginning.
    init(_ contents: [String: [UInt8]] = [:]) {
        for (path, content) in contents {
            files.append(File(synced: content, pending: [], size: content.count))
            names[path] = files.count - 1
        }
        syncedNames = names
    }

    /// The files of a folder and of those in it.
    static func contents(of folder: String) -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in LedgerFolder.names(in: folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                contents.merge(Self.contents(of: path)) { $1 }
            } else {
                contents[path] = LedgerFolder.read(path)
            }
        }
        return contents
    }

    mutating func apply(_ operation: DiskTrace.Operation) {
        switch operation {
        case .create(let path):
            guard names[path] == nil else { return }
            files.append(File())
            change(.set(path, file: files.count - 1))
        case .write(let path, let offset, let bytes):
            let size = names[path].map { files[$0].size } ?? 0
            let start = offset < 0 ? size : offset
            add(.write(offset: start, bytes), to: path, size: max(size, start + bytes.count))
        case .resize(let path, let size): add(.resize(size), to: path, size: size)
        case .allocate(let path, let size):
            add(.allocate(size), to: path, size: max(size, names[path].map { files[$0].size } ?? 0))
        case .sync(let path):
            guard let file = names[path] else {
                // Folders are files without content here; all of them are one.
                for name in pendingNames { Self.apply(name, to: &syncedNames) }
                pendingNames = []
                return
            }
            for change in files[file].pending { Self.apply(change, to: &files[file].synced) }
            files[file].pending = []
        case .rename(let path, let target):
            guard let file = names[path] else { return }
            change(.set(target, file: file), .remove(path))
        case .link(let path, let target):
            guard let file = names[path] else { return }
            change(.set(target, file: file))
        case .remove(let path): change(.remove(path))
        case .said(let line): said.append(line)
        }
    }

    private mutating func add(_ change: Change, to path: String, size: Int) {
        guard let file = names[path] else { return }
        files[file].pending.append(change)
        files[file].size = size
    }

    private mutating func change(_ changes: NameChange...) {
        for change in changes {
            Self.apply(change, to: &names)
            pendingNames.append(change)
        }
    }

    private static func apply(_ change: NameChange, to names: inout [String: Int]) {
        switch change {
        case .set(let path, let file): names[path] = file
        case .remove(let path): names[path] = nil
        }
    }

    private static func apply(_ change: Change, to content: inout [UInt8]) {
        switch change {
        case .write(let offset, let bytes):
            if content.count < offset + bytes.count { grow(&content, to: offset + bytes.count) }
            content.withUnsafeMutableBytes { content in
                bytes.withUnsafeBytes { content[offset..<offset + $0.count].copyBytes(from: $0) }
            }
        case .resize(let size):
            if size < content.count { content.removeLast(content.count - size) } else { grow(&content, to: size) }
        case .allocate(let size):
            if size > content.count { grow(&content, to: size) }
        }
    }

    private static func grow(_ content: inout [UInt8], to size: Int) {
        content += [UInt8](repeating: 0, count: size - content.count)
    }

    /// All that was written, as after the end of the process: paths and contents.
    func written() -> [String: [UInt8]] {
        names.mapValues { file in
            files[file].pending.reduce(into: files[file].synced) { Self.apply($1, to: &$0) }
        }
    }

    /// What a power cut leaves: what was synced, and any part of the rest.
    func cut(_ random: inout StorageRandom) -> [String: [UInt8]] {
        var names = syncedNames
        for change in pendingNames.prefix(random.below(pendingNames.count + 1)) { Self.apply(change, to: &names) }
        let share = random.below(101)
        var contents: [Int: [UInt8]] = [:]
        for file in Set(names.values).sorted() {
            var content = files[file].synced
            for change in files[file].pending where random.chance(share) {
                guard case .write(let offset, let bytes) = change, random.chance(20) else {
                    Self.apply(change, to: &content)
                    continue
                }
                for sector in Self.sectors(offset, bytes) where random.chance(50) { Self.apply(sector, to: &content) }
            }
            contents[file] = content
        }
        return names.mapValues { contents[$0] ?? [] }
    }

    private static func sectors(_ offset: Int, _ bytes: [UInt8]) -> [Change] {
        var parts: [Change] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, (offset + start) / 512 * 512 + 512 - offset)
            parts.append(.write(offset: offset + start, Array(bytes[start..<end])))
            start = end
        }
        return parts
    }

    /// Writes files for real, below another folder. Zeros become holes.
    static func write(_ contents: [String: [UInt8]], from folder: String, to target: String) {
        let zeros = [UInt8](repeating: 0, count: 65_536)
        for (path, content) in contents {
            let place = target + path.dropFirst(folder.utf8.count)
            makeFolders(of: place)
            let descriptor = Glibc.open(place, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
            content.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: zeros.count) {
                    let count = min(zeros.count, bytes.count - start)
                    guard let piece = bytes.baseAddress?.advanced(by: start), memcmp(piece, zeros, count) != 0 else {
                        continue
                    }
                    pwrite(descriptor, piece, count, off_t(start))
                }
            }
            ftruncate(descriptor, off_t(content.count))
            close(descriptor)
        }
    }

    private static func makeFolders(of path: String) {
        let folder = LedgerPlace.folder(of: path)
        guard access(folder, F_OK) != 0 else { return }
        makeFolders(of: folder)
        mkdir(folder, 0o700)
    }
}
