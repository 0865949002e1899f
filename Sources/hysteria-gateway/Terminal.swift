import Foundation

/// What the command says to the person who called it.
///
/// Written at once, not when a buffer is full: `print` keeps lines back when standard output is a pipe.
enum Terminal {
    /// Prints lines to standard output.
    static func print(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }

    /// Prints what went wrong to standard error.
    static func complain(_ text: String) {
        FileHandle.standardError.write(Data("hysteria-gateway: \(text)\n".utf8))
    }
}
