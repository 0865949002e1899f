import CProcessStart

/// The arguments that the process was started with, whether there is a /proc or not.
enum ProcessArguments {
    /// All after the program's own name.
    static var values: [String] {
        (1..<max(1, process_argument_count())).compactMap { process_argument($0).map(String.init(cString:)) }
    }
}
