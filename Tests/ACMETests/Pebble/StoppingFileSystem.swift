import NIOConcurrencyHelpers

@testable import ACME

/// The files of this machine until so many changes were made. Then there is no process any more that could make one.
final class StoppingFileSystem: FileSystem {
    private let files = LinuxFileSystem()
    private let left: NIOLockedValueBox<Int>

    init(after steps: Int) {
        left = NIOLockedValueBox(steps)
    }

    /// Whether everything has stopped.
    var isStopped: Bool { left.withLockedValue { $0 < 0 } }

    /// How many steps were left.
    var rest: Int { left.withLockedValue { $0 } }

    private func step(_ path: String) throws(FileError) {
        let isOver = left.withLockedValue { left in
            left -= 1
            return left < 0
        }
        if isOver { throw FileError("written", path, reason: "the process was killed") }
    }

    func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? { try files.read(path, limit: limit) }

    func list(_ folder: String) throws(FileError) -> [String] { try files.list(folder) }

    func target(of path: String) -> String? { files.target(of: path) }

    func makeFolder(_ path: String, _ access: FileAccess) throws(FileError) {
        try step(path)
        try files.makeFolder(path, access)
    }

    func writeNew(_ path: String, _ bytes: [UInt8], _ access: FileAccess) throws(FileError) {
        try step(path)
        try files.writeNew(path, bytes, access)
    }

    func setAccess(_ path: String, _ access: FileAccess) throws(FileError) {
        try step(path)
        try files.setAccess(path, access)
    }

    func link(_ path: String, to target: String) throws(FileError) {
        try step(path)
        try files.link(path, to: target)
    }

    func rename(_ path: String, to other: String) throws(FileError) {
        try step(path)
        try files.rename(path, to: other)
    }

    func remove(_ path: String) throws(FileError) {
        try step(path)
        try files.remove(path)
    }

    func removeFolder(_ path: String) throws(FileError) {
        try step(path)
        try files.removeFolder(path)
    }

    func syncFolder(_ path: String) throws(FileError) {
        try step(path)
        try files.syncFolder(path)
    }

    func lock(_ path: String) throws(FileError) -> (any FileLock)? { try files.lock(path) }
}
