import JSON
import NIOCore

/// The folder of one certificate: sets of a chain with its key, the link to the one in use, and what is under way.
///
/// ```
/// current -> 2026-11-27T10-12-03Z
/// 2026-11-27T10-12-03Z/{privkey.pem,fullchain.pem,certificate.json}
/// order.pem order.json attempts.json
/// ```
struct CertificateFolder {
    /// The link to the set in use. Its change is the one moment in which a certificate and its key change, both at once.
    static let link = "current"
    static let chainFile = "fullchain.pem"
    static let keyFile = "privkey.pem"
    private static let recordFile = "certificate.json"
    private static let orderFile = "order.json"
    private static let orderKeyFile = "order.pem"
    private static let attemptsFile = "attempts.json"

    /// How many sets are kept, the one in use among them.
    static let setLimit = 3

    let path: String
    let files: any FileSystem
    /// Who may read certificates and keys that are in use. What is under way is nobody's business.
    let group: String?
    let process: Int32

    private func file(_ name: String, in folder: String? = nil) -> DurableFile {
        DurableFile(files: files, folder: folder ?? path, name: name, process: process)
    }

    /// The path of the set in use; nil if there is none, or something else in its place.
    private var currentSet: String? {
        guard let name = files.target(of: "\(path)/\(Self.link)"), Self.isSet(name) else { return nil }
        return "\(path)/\(name)"
    }

    /// Whether this is the name of a set and of nothing outside of the folder.
    private static func isSet(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "T"), UInt8(ascii: "Z"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }

    // MARK: In use

    /// The chain and the key in use, as they are on disk.
    func pair() throws(FileError) -> (chain: [UInt8], key: [UInt8])? {
        guard let set = currentSet, let chain = try file(Self.chainFile, in: set).read(),
            let key = try file(Self.keyFile, in: set).read()
        else { return nil }
        return (chain, key)
    }

    /// What is kept about the certificate in use.
    func record() throws(FileError) -> JSONValue? {
        guard let set = currentSet else { return nil }
        return try json(file(Self.recordFile, in: set))
    }

    func keep(record: JSONValue) throws(FileError) {
        guard let set = currentSet else {
            throw FileError("written", "\(path)/\(Self.recordFile)", reason: "no certificate is in use")
        }
        try write(record, to: file(Self.recordFile, in: set), .file(for: group))
    }

    /// Writes a set and then turns the link to it. The name is that of a moment.
    func install(chain: [UInt8], key: [UInt8], record: JSONValue, name: String) throws(FileError) {
        let there = Set(try files.list(path))
        var set = name
        var number = 2
        while there.contains(set) {
            set = "\(name)-\(number)"
            number += 1
        }
        let folder = "\(path)/\(set)"
        try files.makeFolder(folder, .folder(for: group))
        try files.writeNew("\(folder)/\(Self.keyFile)", key, .file(for: group))
        try files.writeNew("\(folder)/\(Self.chainFile)", chain, .file(for: group))
        try files.writeNew("\(folder)/\(Self.recordFile)", Array(buffer: record.encoded), .file(for: group))
        try files.syncFolder(folder)
        try files.syncFolder(path)
        try file(Self.link).link(to: set)
        // What is old stays if it cannot be removed, and is removed another time.
        try? prune(keeping: set)
    }

    /// Removes sets that are not whole, and the oldest.
    private func prune(keeping current: String) throws(FileError) {
        var whole: [String] = []
        for name in try files.list(path) where Self.isSet(name) && name != current {
            let content = Set(try files.list("\(path)/\(name)"))
            if content.isSuperset(of: [Self.chainFile, Self.keyFile, Self.recordFile]) {
                whole.append(name)
            } else {
                try remove(set: name)
            }
        }
        for name in whole.sorted().dropLast(Self.setLimit - 1) { try remove(set: name) }
    }

    private func remove(set name: String) throws(FileError) {
        let folder = "\(path)/\(name)"
        for name in try files.list(folder) { try files.remove("\(folder)/\(name)") }
        try files.removeFolder(folder)
    }

    /// Lets the group read what is in use already, after it was configured.
    func letGroupIn() throws(FileError) {
        guard let group, let set = currentSet else { return }
        try files.makeFolder(path, .folder(for: group))
        try files.makeFolder(set, .folder(for: group))
        for name in try files.list(set) { try files.setAccess("\(set)/\(name)", .file(for: group)) }
    }

    // MARK: Under way

    func order() throws(FileError) -> JSONValue? { try json(file(Self.orderFile)) }

    func keep(order: JSONValue) throws(FileError) { try write(order, to: file(Self.orderFile), .secret) }

    func orderKey() throws(FileError) -> [UInt8]? { try file(Self.orderKeyFile).read() }

    /// Keeps the key of the next order. One that is under way with another key ends with it.
    func keep(orderKey key: [UInt8]) throws(FileError) {
        if try orderKey() != key, try file(Self.orderFile).read() != nil { try file(Self.orderFile).remove() }
        try file(Self.orderKeyFile).write(key, .secret)
    }

    /// The order goes first: never is there one without its key.
    func dropOrder() throws(FileError) {
        try file(Self.orderFile).remove()
        try file(Self.orderKeyFile).remove()
    }

    func attempts() throws(FileError) -> JSONValue? { try json(file(Self.attemptsFile)) }

    func keep(attempts: JSONValue) throws(FileError) { try write(attempts, to: file(Self.attemptsFile), .secret) }

    /// Removes what processes have left behind that ended while they wrote.
    func removeDrafts() throws(FileError) {
        for folder in [path, currentSet].compactMap(\.self) {
            for name in try files.list(folder) where DurableFile.isDraft(name) { try files.remove("\(folder)/\(name)") }
        }
    }
}

// MARK: JSON

extension CertificateFolder {
    private func json(_ file: DurableFile) throws(FileError) -> JSONValue? {
        try file.readJSON()
    }

    private func write(_ value: JSONValue, to file: DurableFile, _ access: FileAccess) throws(FileError) {
        try file.write(Array(buffer: value.encoded), access)
    }
}

extension DurableFile {
    /// The document in the file; nil where there is no such file.
    func readJSON() throws(FileError) -> JSONValue? {
        guard let bytes = try read() else { return nil }
        do {
            return try JSONValue(parsing: ByteBuffer(bytes: bytes))
        } catch {
            throw FileError("read", "\(folder)/\(name)", reason: "it is no JSON document (\(error))")
        }
    }
}
