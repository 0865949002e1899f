/// Why a file could not be read.
package enum FileError: Error, Sendable, Hashable {
    /// There is nothing at the path.
    case missing
    /// The user may not.
    case noPermission
    /// It has more bytes than the limit.
    case tooLarge(limit: Int)
    /// It is something else than a regular file; the words say what.
    case notRegular(String)
    /// The file system does not answer.
    case stalled
    /// Something else; the words are the system's.
    case other(String)
}

extension FileError: CustomStringConvertible {
    /// The reason in a few words.
    package var description: String {
        switch self {
        case .missing: "there is no such file"
        case .noPermission: "no permission"
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        case .notRegular(let kind): "it is \(kind), not a regular file"
        case .stalled: "the file system does not answer"
        case .other(let words): words
        }
    }
}
