import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A caller cannot make the gateway hold more than a little")
struct BackPressureTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("requests are not looked at while the caller does not take the answers")
    func unwritable() throws {
        let connection = try ServedConnection()
        connection.setWritable(false)
        try connection.receive(Self.get + Self.get)
        #expect(connection.exchange.begun.isEmpty)
        connection.setWritable(true)
        #expect(connection.exchange.begun == ["/a", "/a"])
        #expect(connection.statusLines().count == 2)
    }

    @Test("many requests in one piece do not get their answers before the first of them have been sent")
    func manyRequestsAtOnce() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .respond(.large(10_000)) }
        try connection.receive(String(repeating: Self.get, count: 100))
        #expect(connection.exchange.begun.count == 100)
        // 1 MB of answers, in flushes of 64 KiB and one record or so more.
        #expect(connection.recorder.flushes >= 14)
    }

    @Test("a caller that takes nothing is given up in the end, with requests waiting or without")
    func stall() throws {
        let connection = try ServedConnection()
        connection.setWritable(false)
        try connection.receive(Self.get)
        connection.advance(.seconds(60))
        #expect(!connection.isOpen)
        #expect(connection.exchange.begun.isEmpty)
    }

    @Test("what has been answered is not kept while the caller is ahead of its answers")
    func inputIsReclaimed() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        for _ in 0..<20_000 {
            // Two come, one is answered: there is always another.
            try connection.receive(Self.get)
            if connection.heldInput > 8 * Self.get.utf8.count { connection.exchange.answer(.text("a")) }
            #expect(connection.heldInput < 2 * HTTP1Limits.head)
        }
    }

    @Test("no more is read than another head while an answer is awaited")
    func readsPause() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get)
        connection.channel.read()
        #expect(connection.recorder.reads == 1)
        try connection.receive(String(repeating: Self.get, count: 1_000))
        connection.channel.read()
        connection.channel.read()
        #expect(connection.recorder.reads == 1)
        connection.exchange.plan = { target in .respond(.text(target)) }
        connection.exchange.answer(.text("first"))
        #expect(connection.exchange.begun.count == 1_001)
        #expect(connection.recorder.reads == 2, "reading goes on by itself")
    }
}
