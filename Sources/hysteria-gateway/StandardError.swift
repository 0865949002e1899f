import Foundation

/// Where a person is told what went wrong.
enum StandardError {
    /// Prints a line.
    static func print(_ line: String) {
        FileHandle.standardError.write(Data("hysteria-gateway: \(line)\n".utf8))
    }
}
