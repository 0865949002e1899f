import NIOCore

/// Has a channel read into memory that the channels of an event loop share, so that an idle connection holds none.
///
/// A channel of SwiftNIO keeps the first buffer that it has read to for as long as it lives, and as many more as it may read at
/// once. So the first is a small one, and the channel may read one at once from then on: within the read event in which the
/// small one was filled, what follows is already read into the memory that is shared.
struct ReceiveAllocator: RecvByteBufferAllocator {
    /// How much the buffer takes that the channel keeps.
    static let firstSize = 16

    private var isFirst = true

    /// The next bytes of this channel are its first. Channels that know no sockets do not mind.
    static func install(on channel: any Channel) {
        try? channel.syncOptions?.setOption(.recvAllocator, value: ReceiveAllocator())
    }

    /// The first bytes have come, into the small buffer.
    static func begin(on channel: any Channel) {
        try? channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        isFirst ? allocator.buffer(capacity: Self.firstSize) : EngineBuffers.current.takeCiphertext()
    }

    /// None: a size would make the channel read to the buffer that it keeps.
    func nextBufferSize() -> Int? { nil }

    /// Returns that the next buffer is another one.
    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        return true
    }
}
