import NIOCore
import NIOEmbedded
import Testing

@testable import NIOOpenSSL

@Suite("Where a socket is read to")
struct ReceiveMemoryTests {
    /// What a channel of SwiftNIO does with the memory for one read.
    private func read(_ count: Int, _ pool: inout NIOPooledRecvBufferAllocator) -> ByteBuffer {
        let (buffer, _) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
            buffer.writeRepeatingByte(1, count: min(count, buffer.capacity))
        }
        pool.record(actualReadBytes: buffer.readableBytes)
        return buffer
    }

    private func address(of buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withUnsafeReadableBytes { $0.baseAddress }
    }

    @Test("a channel keeps the first, small buffer and no other")
    func aChannelKeepsTheFirstBufferAndNoOther() {
        var pool = NIOPooledRecvBufferAllocator(capacity: 4, recvAllocator: ReceiveAllocator())
        let first = read(100, &pool)
        #expect(first.capacity == ReceiveAllocator.firstSize && first.readableBytes == ReceiveAllocator.firstSize)
        pool.updateCapacity(to: 1)
        for size in [1, 16, 100_000] {
            let next = read(size, &pool)
            #expect(next.capacity == EngineBuffers.receiveSize)
            #expect(next.readableBytes == min(size, EngineBuffers.receiveSize))
            EngineBuffers.current.keepCiphertext(next)
        }
        #expect(pool.count == 1)
    }

    @Test("channels take turns at the same memory")
    func channelsTakeTurnsAtTheSameMemory() {
        let buffers = EngineBuffers.current
        var taken = buffers.takeCiphertext()
        taken.writeString("one")
        let first = address(of: taken)
        buffers.keepCiphertext(taken)
        taken = ByteBuffer()
        var next = buffers.takeCiphertext()
        #expect(next.readableBytes == 0)
        next.writeString("two")
        #expect(address(of: next) == first)
        buffers.keepCiphertext(next)
    }

    @Test("whoever keeps some of it keeps what it says")
    func whoeverKeepsSomeOfItKeepsWhatItSays() {
        let buffers = EngineBuffers.current
        var taken = buffers.takeCiphertext()
        taken.writeString("kept")
        buffers.keepCiphertext(taken)
        var next = buffers.takeCiphertext()
        next.writeString("other")
        #expect(taken == ByteBuffer(string: "kept"))
        #expect(address(of: taken) != address(of: next))
    }

    @Test("memory of another size is not taken back")
    func memoryOfAnotherSizeIsNotTakenBack() {
        let buffers = EngineBuffers.current
        buffers.keepCiphertext(ByteBuffer(repeating: 1, count: 1_000_000))
        #expect(buffers.takeCiphertext().capacity == EngineBuffers.receiveSize)
    }

    @Test("a server's first bytes are judged together with those that came with them")
    func firstBytesAreJudgedTogether() throws {
        let server = try ServerChannel(Fixtures.server())
        for piece in ["G", "ET / HTTP/1.1\r\n", "\r\n"] {
            server.channel.pipeline.fireChannelRead(ByteBuffer(string: piece))
            #expect(server.recorder.events == [.active])
        }
        server.channel.pipeline.fireChannelReadComplete()
        #expect(server.recorder.events == [.active, .error(.plainText), .inactive])
    }

    @Test("a server's channel is told how to read")
    func aServersChannelIsToldHowToRead() throws {
        let pair = try BackToBack.connected()
        let options = try #require(pair.server.channel.syncOptions)
        let allocator = try options.getOption(.recvAllocator)
        let messages = try options.getOption(.maxMessagesPerRead)
        #expect(allocator is ReceiveAllocator)
        #expect(messages == 1)
    }
}
