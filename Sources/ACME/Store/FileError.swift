import Glibc

/// What could not be done with a file, and what to do about it.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// What was tried, as a participle: `read`, `written`.
    package let verb: String
    package let path: String
    /// The system's error number, if it was the system's.
    package let code: CInt?
    private let reason: String

    package init(_ verb: String, _ path: String, code: CInt) {
        self.verb = verb
        self.path = path
        self.code = code
        reason = String(cString: strerror(code))
    }

    package init(_ verb: String, _ path: String, reason: String) {
        self.verb = verb
        self.path = path
        code = nil
        self.reason = reason
    }

    package var description: String {
        "\(path) cannot be \(verb): \(reason)" + (advice.map { "; \($0)" } ?? "")
    }

    private var advice: String? {
        switch code {
        case ENOSPC, EDQUOT: "make room there: no certificate is ordered that could not be kept"
        case EROFS: "the file system is read-only; under systemd, is it the StateDirectory of the unit?"
        case EACCES, EPERM: "does it belong to the user that the gateway runs as, which is number \(geteuid())?"
        case ENOENT: "is the folder that it lies in there?"
        case ENOTDIR, ELOOP: "something else stands where a folder has to be"
        default: nil
        }
    }
}

extension StoreError {
    init(_ error: FileError) {
        self.init(error.description)
    }
}
