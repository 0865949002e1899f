import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A large answer goes out in pieces, as the caller takes them")
struct LargeAnswerTests {
    private static let size = 300_000
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A connection that takes one piece at a time, in the middle of a large answer.
    private func stalled(_ further: String = "") throws -> ServedConnection {
        let connection = try ServedConnection()
        connection.exchange.plan = { target in target == "/a" ? .respond(.large(Self.size)) : .respond(.text(target)) }
        let throttle = Throttle()
        try connection.channel.pipeline.syncOperations.addHandler(throttle, position: .first)
        try connection.receive(Self.get + further)
        return connection
    }

    @Test("and no more is handed over than the socket takes")
    func pieces() throws {
        let connection = try stalled()
        var bodyLength = connection.output().bodyLength
        #expect(bodyLength == 64 * 1024)
        var turns = 1
        while bodyLength < Self.size {
            connection.setWritable(true)
            bodyLength += connection.output().utf8.count
            turns += 1
        }
        #expect(bodyLength == Self.size)
        #expect(turns == 5)
        #expect(connection.isOpen)
        connection.setWritable(true)
        try connection.receive("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(connection.output().hasSuffix("/b"))
    }

    @Test("what is asked behind it is answered behind it, and flushed")
    func pipelining() throws {
        let connection = try stalled("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(connection.exchange.begun == ["/a"])
        _ = connection.output()
        for _ in 0..<3 {
            connection.setWritable(true)
            #expect(!connection.output().contains("HTTP/1.1"))
        }
        connection.setWritable(true)
        connection.setWritable(true)
        #expect(connection.output().hasSuffix("/b"))
    }

    @Test("a drain lets it arrive whole, and the next one, which ends the connection")
    func drain() throws {
        let connection = try stalled("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        var isEmpty = false
        connection.registry.drain { isEmpty = true }
        #expect(connection.isOpen)
        var output = connection.output()
        while connection.isOpen, output.utf8.count < 2 * Self.size {
            connection.setWritable(true)
            output += connection.output()
        }
        #expect(output.bodyLength > Self.size)
        #expect(output.hasSuffix("/b"))
        #expect(output.contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
        #expect(isEmpty)
        #expect(connection.exchange.begun == ["/a", "/b"])
    }

    @Test("a caller who asked for the end gets the answer first")
    func close() throws {
        let closing = try ServedConnection()
        closing.exchange.plan = { _ in .respond(.large(Self.size)) }
        try closing.receive("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(closing.output().bodyLength == Self.size)
        #expect(!closing.isOpen)
    }

    @Test("a caller who takes nothing is given up in the end; one who takes a little is not")
    func writeStall() throws {
        let connection = try stalled()
        connection.advance(.seconds(59))
        connection.setWritable(true)
        connection.advance(.seconds(59))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
    }
}

/// Makes the channel unwritable behind every large write, as a socket buffer does that is full.
final class Throttle: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if Self.unwrapOutboundIn(data).readableBytes > 8 * 1024, let channel = context.channel as? EmbeddedChannel {
            channel.isWritable = false
            context.fireChannelWritabilityChanged()
        }
        context.write(data, promise: promise)
    }
}

extension String {
    /// How many bytes follow the head.
    /// How much of the content of an answer is there.
    var bodyLength: Int {
        guard let end = firstRange(of: "\r\n\r\n") else { return 0 }
        return self[end.upperBound...].utf8.count
    }
}
