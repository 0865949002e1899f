import NIOCore

/// A whole answer of Hysteria, in memory.
public struct StatsAnswer: Sendable, Hashable {
    /// The status, which is 200: every other one is a ``StatsError``.
    public let status: Int

    /// The body as Hysteria wrote it; empty for a kick.
    ///
    /// It may be a slice of the buffer the bytes were read into. Keeping it for long keeps that whole buffer: copy it
    /// then.
    public let body: ByteBuffer

    /// Makes an answer.
    public init(status: Int = 200, body: ByteBuffer) {
        self.status = status
        self.body = body
    }
}
