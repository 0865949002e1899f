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
        lines.withUnsafeReadableBytes { DescriptorWriting.writeAll($0, to: STDOUT_FILENO) }
    }
}
