import Glibc
import NIOConcurrencyHelpers
import SeededRandom

@testable import ACME

/// Files in memory, which stop after any step, and lose what the disk did not have when the machine stops.
///
/// It knows what a disk promises: a file's bytes are there once it was synced, and a name in a folder once the folder was.
final class MemoryFileSystem: FileSystem, Sendable {
    /// What is left when everything stops.
    enum Stop: CaseIterable {
        /// The process was killed: the system has all that was done.
        case kill
        /// The machine lost its power: the disk has what was synced.
        case power
        /// The same, and it has some of the rest.
        case powerWithSome
    }

    private enum Node {
        case file(bytes: [UInt8], synced: [UInt8])
        case link(String)
        case folder(names: [String: Int], synced: [String: Int])
    }

    private struct State {
        var nodes: [Int: Node] = [0: .folder(names: [:], synced: [:])]
        var nextNode = 1
        var access: [String: FileAccess] = [:]
        var locked: Set<String> = []
        var steps = 0
        var lastStep: Int?
        var fault: (@Sendable (_ verb: String, _ path: String) -> CInt?)?
    }

    private let state = NIOLockedValueBox(State())

    init() {}

    /// The same files, of which nothing is locked.
    init(copying other: MemoryFileSystem) {
        var copy = other.state.withLockedValue { $0 }
        copy.locked = []
        copy.steps = 0
        state.withLockedValue { $0 = copy }
    }

    /// How many steps there were.
    var steps: Int { state.withLockedValue { $0.steps } }

    /// Nothing is done after so many steps.
    func stop(after step: Int?) {
        state.withLockedValue { state in
            state.steps = 0
            state.lastStep = step
        }
    }

    /// The errors that steps are to fail with.
    func fail(_ fault: (@Sendable (_ verb: String, _ path: String) -> CInt?)?) {
        state.withLockedValue { $0.fault = fault }
    }

    func access(of path: String) -> FileAccess? { state.withLockedValue { $0.access[path] } }

    /// Everything goes on from what is left.
    func restart(after stop: Stop, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        state.withLockedValue { state in
            state.locked = []
            state.steps = 0
            state.lastStep = nil
            guard stop != .kill else { return }
            for (number, node) in state.nodes.sorted(by: { $0.key < $1.key }) {
                switch node {
                case .file(let bytes, let synced):
                    let left = stop == .power || Bool.random(using: &random) ? synced : bytes
                    state.nodes[number] = .file(bytes: left, synced: left)
                case .folder(let names, let synced):
                    var left = synced
                    for name in Set(names.keys).union(synced.keys).sorted()
                    where stop == .powerWithSome && Bool.random(using: &random) {
                        left[name] = names[name]
                    }
                    state.nodes[number] = .folder(names: left, synced: left)
                case .link: break
                }
            }
        }
    }

    // MARK: Steps

    /// One step; throws if everything has stopped, or the step is to fail.
    private static func step(_ state: inout State, _ verb: String, _ path: String) throws(FileError) {
        if let last = state.lastStep, state.steps >= last {
            throw FileError(verb, path, reason: "everything has stopped")
        }
        if let code = state.fault?(verb, path) { throw FileError(verb, path, code: code) }
        state.steps += 1
    }

    private func run<Value>(_ body: (inout State) throws(FileError) -> Value) throws(FileError) -> Value {
        try state.withLockedValue { state in
            Result { () throws(FileError) in try body(&state) }
        }.get()
    }

    private static func find(_ state: State, _ path: String) -> Int? {
        var node = 0
        for name in path.split(separator: "/") {
            guard case .folder(let names, _)? = state.nodes[node], let next = names[String(name)] else { return nil }
            node = next
        }
        return node
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        let parts = path.split(separator: "/")
        return ("/" + parts.dropLast().joined(separator: "/"), String(parts.last ?? ""))
    }

    /// Changes the names in the folder of a path.
    private static func change(
        _ state: inout State,
        _ path: String,
        _ verb: String,
        _ body: (inout [String: Int], String) throws(FileError) -> Void
    ) throws(FileError) {
        let (folder, name) = split(path)
        guard let number = find(state, folder), case .folder(var names, let synced)? = state.nodes[number] else {
            throw FileError(verb, path, code: ENOENT)
        }
        try body(&names, name)
        state.nodes[number] = .folder(names: names, synced: synced)
    }

    private static func add(_ node: Node, _ path: String, _ verb: String, to state: inout State) throws(FileError)
        -> Int
    {
        let number = state.nextNode
        try change(&state, path, verb) { (names, name) throws(FileError) in
            guard names[name] == nil else { throw FileError(verb, path, code: EEXIST) }
            names[name] = number
        }
        state.nextNode += 1
        state.nodes[number] = node
        return number
    }
}

extension MemoryFileSystem {
    func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
        try run { (state) throws(FileError) in
            if let code = state.fault?("read", path) { throw FileError("read", path, code: code) }
            guard let number = Self.find(state, path) else { return nil }
            guard case .file(let bytes, _)? = state.nodes[number] else { throw FileError("read", path, code: EISDIR) }
            return bytes
        }
    }

    func list(_ folder: String) throws(FileError) -> [String] {
        try run { (state) throws(FileError) in
            guard let number = Self.find(state, folder) else { return [] }
            guard case .folder(let names, _)? = state.nodes[number] else {
                throw FileError("listed", folder, code: ENOTDIR)
            }
            return names.keys.sorted()
        }
    }

    func makeFolder(_ path: String, _ access: FileAccess) throws(FileError) {
        try run { (state) throws(FileError) in
            if let number = Self.find(state, path) {
                guard case .folder? = state.nodes[number] else { throw FileError("made", path, code: ENOTDIR) }
                if access.group != nil { state.access[path] = access }
                return
            }
            try Self.step(&state, "made", path)
            _ = try Self.add(.folder(names: [:], synced: [:]), path, "made", to: &state)
            state.access[path] = access
        }
    }

    func writeNew(_ path: String, _ bytes: [UInt8], _ access: FileAccess) throws(FileError) {
        try run { (state) throws(FileError) in
            try Self.step(&state, "written", path)
            let number = try Self.add(.file(bytes: [], synced: []), path, "written", to: &state)
            state.access[path] = access
            do throws(FileError) {
                // Half of it, all of it, and on the disk: each is a moment to stop at.
                try Self.step(&state, "written", path)
                state.nodes[number] = .file(bytes: Array(bytes.prefix(bytes.count / 2)), synced: [])
                try Self.step(&state, "written", path)
                state.nodes[number] = .file(bytes: bytes, synced: [])
                try Self.step(&state, "written", path)
                state.nodes[number] = .file(bytes: bytes, synced: bytes)
            } catch {
                if error.code != nil { try? Self.change(&state, path, "removed") { names, name in names[name] = nil } }
                throw error
            }
        }
    }

    func setAccess(_ path: String, _ access: FileAccess) throws(FileError) {
        try run { (state) throws(FileError) in
            try Self.step(&state, "given", path)
            state.access[path] = access
        }
    }

    func link(_ path: String, to target: String) throws(FileError) {
        try run { (state) throws(FileError) in
            try Self.step(&state, "made", path)
            _ = try Self.add(.link(target), path, "made", to: &state)
        }
    }

    func target(of path: String) -> String? {
        state.withLockedValue { state in
            guard let number = Self.find(state, path), case .link(let target)? = state.nodes[number] else { return nil }
            return target
        }
    }

    func rename(_ path: String, to other: String) throws(FileError) {
        try run { (state) throws(FileError) in
            try Self.step(&state, "renamed", other)
            let target = Self.split(other).name
            precondition(Self.split(path).folder == Self.split(other).folder, "in one folder")
            try Self.change(&state, path, "renamed") { (names, name) throws(FileError) in
                guard let number = names.removeValue(forKey: name) else {
                    throw FileError("renamed", path, code: ENOENT)
                }
                names[target] = number
            }
            state.access[other] = state.access[path]
        }
    }

    func remove(_ path: String) throws(FileError) {
        try run { (state) throws(FileError) in
            guard Self.find(state, path) != nil else { return }
            try Self.step(&state, "removed", path)
            try Self.change(&state, path, "removed") { names, name in names[name] = nil }
        }
    }

    func removeFolder(_ path: String) throws(FileError) {
        try remove(path)
    }

    func syncFolder(_ path: String) throws(FileError) {
        try run { (state) throws(FileError) in
            try Self.step(&state, "written", path)
            guard let number = Self.find(state, path), case .folder(let names, _)? = state.nodes[number] else {
                throw FileError("written", path, code: ENOENT)
            }
            state.nodes[number] = .folder(names: names, synced: names)
        }
    }

    func lock(_ path: String) throws(FileError) -> (any FileLock)? {
        try run { (state) throws(FileError) in
            if Self.find(state, path) == nil {
                try Self.step(&state, "opened", path)
                _ = try Self.add(.file(bytes: [], synced: []), path, "opened", to: &state)
            }
            return state.locked.insert(path).inserted ? Held(path: path, files: self) : nil
        }
    }

    private struct Held: FileLock {
        let path: String
        let files: MemoryFileSystem

        func release() {
            files.state.withLockedValue { _ = $0.locked.remove(path) }
        }
    }
}
