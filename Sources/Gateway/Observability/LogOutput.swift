import GatewayConfiguration
import Glibc
import NIOCore

/// Where the lines of a log end up.
package struct LogOutput: Sendable {
    private let body: @Sendable (ByteBuffer) -> Bool

    /// An output that hands whole lines to `body`, which says whether it took them. It may block.
    package init(_ body: @escaping @Sendable (ByteBuffer) -> Bool) {
        self.body = body
    }

    /// Writes whole lines.
    func take(_ lines: ByteBuffer) -> Bool { body(lines) }

    /// Standard output.
    package static let standardOutput = descriptor(STDOUT_FILENO)
    /// Standard error.
    package static let standardError = descriptor(STDERR_FILENO)

    private static func descriptor(_ descriptor: CInt) -> LogOutput {
        LogOutput { lines in
            lines.withUnsafeReadableBytes { DescriptorWriting.writeAll($0, to: descriptor) }
        }
    }
}
