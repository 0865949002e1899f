import Glibc

/// Reads the files that people name: certificates, keys, lists, secrets, configurations.
///
/// Regular files only, and never blocking: opening a pipe waits for a writer, a device may have no end, and opening one
/// can do things. A file system that does not answer is waited for as long as ``TimeLimitedCall`` does.
package enum RegularFile {
    /// Why a file could not be read.
    package enum ReadError: Error, Sendable, Hashable {
        /// The system's error number.
        case system(CInt)
        /// It is something else than a regular file; the words say what.
        case notRegular(String)
        /// It has more bytes than the limit.
        case tooLarge(limit: Int)
        /// The file system does not answer.
        case stalled
    }

    /// The content of a file of at most `limit` bytes.
    package static func read(_ path: String, limit: Int) -> Result<[UInt8], ReadError> {
        TimeLimitedCall.run { contents(of: path, limit: limit) } ?? .failure(.stalled)
    }

    private static func contents(of path: String, limit: Int) -> Result<[UInt8], ReadError> {
        switch open(path) {
        case .failure(let failure):
            return .failure(failure)
        case .success(let file):
            defer { close(file.descriptor) }
            guard file.status.st_size <= limit else { return .failure(.tooLarge(limit: limit)) }
            var content: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 16 * 1024)
            while true {
                let count = chunk.withUnsafeMutableBytes { readSome(file.descriptor, $0) }
                if count < 0 { return .failure(.system(errno)) }
                if count == 0 { return .success(content) }
                content += chunk[..<count]
                // Files of the proc file system say that they have no size, and others grow.
                if content.count > limit { return .failure(.tooLarge(limit: limit)) }
            }
        }
    }

    /// Opens a regular file for reading. The caller closes the descriptor.
    static func open(_ path: String) -> Result<(descriptor: CInt, status: stat), ReadError> {
        var status = stat()
        guard stat(path, &status) == 0 else { return .failure(.system(errno)) }
        if let kind = otherKind(of: status) { return .failure(.notRegular(kind)) }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return .failure(.system(errno)) }
        // Another file may have taken its place meanwhile.
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            return .failure(.system(code))
        }
        if let kind = otherKind(of: status) {
            close(descriptor)
            return .failure(.notRegular(kind))
        }
        return .success((descriptor, status))
    }

    /// Reads what there is, once; 0 at the end, negative for an error.
    static func readSome(_ descriptor: CInt, _ space: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = Glibc.read(descriptor, space.baseAddress, space.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }

    /// What stands there if it is no regular file.
    private static func otherKind(of status: stat) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "a directory"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }
}

extension RegularFile.ReadError: CustomStringConvertible {
    /// The reason, to follow the path and a colon.
    package var description: String {
        switch self {
        case .system(let code): String(cString: strerror(code))
        case .notRegular(let kind): "it is \(kind), not a regular file"
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        case .stalled: "the file system does not answer"
        }
    }
}
