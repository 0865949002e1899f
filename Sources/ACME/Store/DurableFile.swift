/// A small file that is replaced as a whole: written beside, synced, renamed. Whoever reads it, and whenever the process or the machine
/// stops, there is the old content or the new one.
struct DurableFile {
    /// None of the files here comes near it. What is larger is not ours.
    static let sizeLimit = 1024 * 1024

    let files: any FileSystem
    let folder: String
    let name: String
    /// The number of this process. Another one's drafts are not touched while it may be writing them.
    let process: Int32

    private var path: String { "\(folder)/\(name)" }

    private var draft: String { "\(folder)/.\(name).\(process)\(Self.draftEnding)" }

    private static let draftEnding = ".new"

    /// Whether a name is that of a draft. One that its process has left behind is of no use to anybody.
    static func isDraft(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(draftEnding)
    }

    /// The content; nil where there is no such file.
    func read() throws(FileError) -> [UInt8]? {
        try files.read(path, limit: Self.sizeLimit)
    }

    /// Replaces the file, and returns when the disk has it.
    func write(_ bytes: [UInt8], _ access: FileAccess) throws(FileError) {
        try replace { (draft) throws(FileError) in try files.writeNew(draft, bytes, access) }
    }

    /// Makes it a symbolic link, in the same way.
    func link(to target: String) throws(FileError) {
        try replace { (draft) throws(FileError) in try files.link(draft, to: target) }
    }

    private func replace(_ make: (_ draft: String) throws(FileError) -> Void) throws(FileError) {
        try files.remove(draft)
        do throws(FileError) {
            try make(draft)
            try files.rename(draft, to: path)
        } catch {
            try? files.remove(draft)
            throw error
        }
        try files.syncFolder(folder)
    }

    /// Removes the file, and returns when the disk knows.
    func remove() throws(FileError) {
        try files.remove(path)
        try files.syncFolder(folder)
    }
}
