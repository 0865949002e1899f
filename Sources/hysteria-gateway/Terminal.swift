import Gateway
import GatewayConfiguration
import Glibc

/// What the command says to the person who called it.
///
/// Unbuffered: `print` holds lines back when standard output is a pipe.
enum Terminal {
    /// Prints lines to standard output.
    static func print(_ text: String) {
        write("\(text)\n", to: STDOUT_FILENO)
    }

    /// Prints a part of a long text to standard output.
    static func printPart(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// Prints lines to standard error that are not errors.
    static func remark(_ text: String) {
        write("\(text)\n", to: STDERR_FILENO)
    }

    /// Prints an error to standard error: for the journal with the priority of an error, as it knows the program.
    static func complain(_ text: String) {
        guard JournalStream.isStandardError else {
            write("hysteria-gateway: \(text)\n", to: STDERR_FILENO)
            return
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        write(lines.map { "<3>\($0)\n" }.joined(), to: STDERR_FILENO)
    }

    /// Whether standard output may have colours: https://no-color.org.
    static var hasColours: Bool {
        let variable = { (name: String) in getenv(name).map { String(cString: $0) } ?? "" }
        return isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").isEmpty && !["", "dumb"].contains(variable("TERM"))
    }

    private static func write(_ text: String, to descriptor: CInt) {
        // There is nowhere left to report a failure of this.
        _ = Array(text.utf8).withUnsafeBytes { DescriptorWriting.writeAll($0, to: descriptor) }
    }
}
