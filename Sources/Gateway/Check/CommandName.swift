/// The name of a process's command, which the kernel cuts.
enum CommandName {
    /// The bytes of a name that the kernel keeps in `/proc/PID/comm`.
    private static let kept = 15
    /// What the kernel adds to the path of a program whose file has been replaced since it was started.
    private static let deleted = " (deleted)"

    /// The name as the kernel has it, or, where that is cut, the whole name if something tells it.
    ///
    /// - Parameters:
    ///   - executable: The path of the program; nil where it cannot be told.
    ///   - arguments: The command line, which for a script has the path of its interpreter first.
    static func whole(_ name: String, executable: String?, arguments: [String]) -> String {
        guard name.utf8.count >= kept else { return name }
        let program = executable.map { $0.hasSuffix(deleted) ? String($0.dropLast(deleted.count)) : $0 }
        let candidates = ([program].compactMap { $0 } + arguments).map { path in
            String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
        }
        return candidates.first { $0.hasPrefix(name) } ?? name
    }
}
