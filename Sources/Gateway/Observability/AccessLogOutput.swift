import Glibc
import NIOCore

/// Where access log lines end up.
public struct AccessLogOutput: Sendable {
    private let body: @Sendable (ByteBuffer) -> Bool

    /// An output that hands whole lines to `body`, which says whether it took them. It may block.
    public init(_ body: @escaping @Sendable (ByteBuffer) -> Bool) {
        self.body = body
    }

    /// Writes whole lines.
    func take(_ lines: ByteBuffer) -> Bool { body(lines) }

    /// Standard output.
    public static let standardOutput = AccessLogOutput { lines in
        lines.withUnsafeReadableBytes { writeAll($0, to: STDOUT_FILENO) }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = write(descriptor, start, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno == EAGAIN {
                // A pipe that somebody else has made non-blocking. This thread has nothing else to do.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&ready, 1, 1000) >= 0 || errno == EINTR else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
