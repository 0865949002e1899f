#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads the bytes of a configuration file.
enum ConfigurationFileContent {
    /// The most bytes that such a file may have.
    static let longest = 1 << 20

    /// Why a file cannot be read.
    struct Failure: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }

        init(errno code: CInt) {
            switch code {
            case ENOENT, ENOTDIR: self.reason = "there is no such file"
            case EACCES, EPERM: self.reason = "this user may not read it"
            case EISDIR: self.reason = "it is a directory"
            default: self.reason = String(cString: strerror(code))
            }
        }
    }

    /// The bytes of a file.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        // The system would open the path up to the zero.
        guard !path.utf8.contains(0) else { throw Failure(errno: ENOENT) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(errno: errno) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = Self.readSome(descriptor, &chunk)
            guard count >= 0 else { throw Failure(errno: errno) }
            guard count > 0 else { return content }
            content += chunk[..<count]
            guard content.count <= Self.longest else { throw Failure("it has more than \(Self.longest) bytes") }
        }
    }

    private static func readSome(_ descriptor: CInt, _ chunk: inout [UInt8]) -> Int {
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, &chunk, chunk.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, &chunk, chunk.count)
            #else
                let count = Glibc.read(descriptor, &chunk, chunk.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }
}
