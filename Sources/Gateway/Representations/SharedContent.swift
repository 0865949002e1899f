import LibZlib
import NIOCore

/// The content of an answer, and what is made of it once for all callers who share it.
///
/// Not `Sendable`: it is used on one event loop only.
final class SharedContent {
    /// Up to this many bytes are compressed where they are: that takes a quarter of a millisecond, and going to another thread
    /// and back takes longer than a thousand of them.
    private static let shortest = 16 * 1024

    let plain: ByteBuffer
    /// Its tag. It fails where there is too much to do.
    private(set) lazy var tag: EventLoopFuture<EntityTag> = made { EntityTag(of: $0) }
    /// It, compressed; nil where that would be no shorter, or where there is no memory. It fails where there is too much to do.
    private(set) lazy var compressed: EventLoopFuture<ByteBuffer?> = made { $0.compressed(.fast) }

    private let offLoop: OffLoop
    private let eventLoop: any EventLoop

    init(_ plain: ByteBuffer, _ offLoop: OffLoop, on eventLoop: any EventLoop) {
        self.plain = plain
        self.offLoop = offLoop
        self.eventLoop = eventLoop
    }

    private func made<Value: Sendable>(_ make: @escaping @Sendable (ByteBuffer) -> Value) -> EventLoopFuture<Value> {
        guard plain.readableBytes > Self.shortest else { return eventLoop.makeSucceededFuture(make(plain)) }
        // For all who ask for it: none of them is its owner.
        return offLoop.submit(WorkMaterial(plain), for: "", on: eventLoop) { [plain] in make(plain) }
    }
}

extension ByteBuffer {
    /// These bytes by gzip; nil where they would not be fewer, or where there is no memory for it.
    func compressed(_ level: GzipLevel) -> ByteBuffer? {
        let bytes = withUnsafeReadableBytes { bytes in
            try? Gzip.encode(bytes, level: level, limit: max(bytes.count - 1, 0))
        }
        guard let bytes else { return nil }
        return ByteBuffer(bytes: bytes)
    }
}
