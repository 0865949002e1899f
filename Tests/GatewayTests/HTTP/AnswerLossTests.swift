import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("An answer that the caller does not get is reported lost, once")
struct AnswerLossTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    private final class Losses {
        var count = 0
    }

    private let losses = Losses()

    @Test("none that is handed over is", arguments: [10, 300_000])
    func delivered(size: Int) throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { [losses] _ in .respond(Response.large(size).losing { losses.count += 1 }) }
        try connection.receive(Self.get)
        #expect(connection.output().utf8.count > size)
        try connection.channel.close().wait()
        #expect(losses.count == 0)
    }

    @Test("when the connection has ended before it was there")
    func tooLate() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get)
        try connection.channel.close().wait()
        connection.exchange.answer(.text("late").losing { [losses] in losses.count += 1 })
        #expect(losses.count == 1)
    }

    @Test("when it cannot be written", arguments: [10, 300_000])
    func writeFails(size: Int) throws {
        let connection = try ServedConnection()
        connection.recorder.failsWrites = true
        connection.exchange.plan = { [losses] _ in .respond(Response.large(size).losing { losses.count += 1 }) }
        try connection.receive(Self.get)
        try connection.channel.close().wait()
        #expect(losses.count == 1)
    }

    @Test(
        "none that was decided is, whatever comes behind it",
        arguments: [
            "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
            "GET /b HTTP/1.1\nHost: a\n\n", "\u{16}\u{3}\u{1}", "GET /b HTTP/1.1\r\nHost: [\r\n\r\n",
            "GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n\u{0}",
        ]
    )
    func behind(_ text: String) throws {
        for size in [10, 300_000] {
            let connection = try ServedConnection()
            connection.exchange.isWatched = true
            connection.exchange.plan = { _ in .respond(.large(size)) }
            try connection.receive(Self.get + text)
            // Two large answers are more than goes out in one turn.
            connection.advance(.milliseconds(1))
            let output = connection.output()
            #expect(output.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(output.utf8.count > size)
            #expect(connection.exchange.delivered.first == "200")
            #expect(!connection.exchange.delivered.contains { $0.hasSuffix(" lost") })
            #expect(connection.recorder.closedOutput || !connection.isOpen)
        }
    }

    @Test("none that was decided is when the caller ends its side", arguments: [10, 300_000])
    func inputEnds(size: Int) throws {
        let connection = try ServedConnection()
        connection.exchange.isWatched = true
        connection.exchange.plan = { _ in .respond(.large(size)) }
        let throttle = Throttle()
        try connection.channel.pipeline.syncOperations.addHandler(throttle, position: .first)
        try connection.receive(Self.get)
        var output = connection.output()
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        for _ in 0..<10 where connection.isOpen {
            connection.setWritable(true)
            output += connection.output()
        }
        #expect(output.utf8.count > size)
        #expect(!connection.isOpen)
        #expect(connection.exchange.delivered == ["200"])
    }

    @Test("none that is on its way when the caller ends its side: the connection ends when it has left")
    func inputEndsBeforeTheAnswerHasLeft() throws {
        let connection = try ServedConnection()
        connection.recorder.isStuck = true
        try connection.receive(Self.get)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(connection.isOpen)
        connection.recorder.release()
        #expect(connection.statusLines() == ["200 OK"])
        #expect(!connection.isOpen)
    }

    @Test("and there is nothing to wait for when the caller of an idle connection ends its side")
    func inputEndsWhileIdle() throws {
        let connection = try ServedConnection()
        try connection.receive(Self.get)
        let writes = connection.recorder.writes.count
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!connection.isOpen)
        #expect(connection.recorder.writes.count == writes)
    }

    @Test("and whoever wants to know is told of each")
    func reports() throws {
        let connection = try ServedConnection()
        connection.exchange.isWatched = true
        try connection.receive(Self.get)
        connection.recorder.failsWrites = true
        try connection.receive(Self.get)
        #expect(connection.exchange.delivered == ["200", "200 lost"])
    }

    @Test("when the connection ends in the middle of it")
    func middle() throws {
        let connection = try ServedConnection()
        connection.setWritable(false)
        connection.exchange.plan = { _ in .wait }
        connection.setWritable(true)
        try connection.receive(Self.get)
        connection.setWritable(false)
        connection.exchange.answer(.large(300_000).losing { [losses] in losses.count += 1 })
        #expect(losses.count == 0)
        try connection.channel.close().wait()
        #expect(losses.count == 1)
    }

    @Test("when the caller stops reading it for good")
    func stall() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get)
        connection.setWritable(false)
        connection.exchange.answer(.large(300_000).losing { [losses] in losses.count += 1 })
        connection.advance(.seconds(60))
        #expect(!connection.isOpen)
        #expect(losses.count == 1)
    }
}
