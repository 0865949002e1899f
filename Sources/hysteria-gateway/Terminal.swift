import Gateway
import Glibc

/// What the command says to the person who called it.
///
/// Written at once, not when a buffer is full: `print` keeps lines back when standard output is a pipe.
enum Terminal {
    /// Prints lines to standard output.
    static func print(_ text: String) {
        write("\(text)\n", to: STDOUT_FILENO)
    }

    /// Prints what went wrong to standard error.
    static func complain(_ text: String) {
        write("hysteria-gateway: \(text)\n", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: CInt) {
        // Whoever does not listen cannot be told that either.
        _ = Array(text.utf8).withUnsafeBytes { DescriptorWriting.writeAll($0, to: descriptor) }
    }
}
