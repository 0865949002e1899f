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
    /// Its tag.
    let tag: MadeOnce<EntityTag>
    /// It, compressed; nothing where that would be no shorter, or could not be done.
    let compressed: MadeOnce<ByteBuffer?>

    init(_ plain: ByteBuffer, _ offLoop: OffLoop, on eventLoop: any EventLoop) {
        self.plain = plain
        let isLong = plain.readableBytes > Self.shortest
        tag = MadeOnce(in: isLong ? .init(offLoop: offLoop, material: WorkMaterial(plain), eventLoop: eventLoop) : nil)
        {
            EntityTag(of: plain)
        }
        compressed = MadeOnce(
            in: isLong ? .init(offLoop: offLoop, material: WorkMaterial(plain), eventLoop: eventLoop) : nil
        ) {
            plain.compressed(.fast)
        }
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
