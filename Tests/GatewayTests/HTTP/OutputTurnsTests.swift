import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServer

@Suite("No answer takes more than its part of a turn of the event loop")
struct OutputTurnsTests {
    /// A connection that sends as long as it may.
    private final class Sender: OutputWaiter {
        private let turns: OutputTurns
        private let name: String
        private let log: (String) -> Void
        var left: Int

        init(_ name: String, _ left: Int, _ turns: OutputTurns, _ log: @escaping (String) -> Void) {
            (self.name, self.left, self.turns, self.log) = (name, left, turns, log)
        }

        func outputMayGoOn() {
            while left > 0 {
                guard turns.isOpen else { return turns.wait(self) }
                left -= 1
                turns.sent(OutputTurns.size / 4)
                log(name)
            }
        }
    }

    @Test("connections take turns, and the time between belongs to others")
    func turns() {
        let loop = EmbeddedEventLoop()
        let turns = OutputTurns(eventLoop: loop)
        var log = ""
        let senders = [("a", 7), ("b", 6), ("c", 1)].map { Sender($0, $1, turns) { log += $0 } }
        for sender in senders { sender.outputMayGoOn() }
        #expect(log == "aaaa")
        // What is due at once would still belong to the same turn.
        loop.run()
        #expect(log == "aaaa")
        for expected in ["aaab", "cbbb", "bb"] {
            log = ""
            loop.advanceTime(by: .microseconds(100))
            #expect(log == expected)
        }
        log = ""
        loop.advanceTime(by: .seconds(1))
        #expect(log.isEmpty && senders.allSatisfy { $0.left == 0 })
    }

    @Test("what went out in earlier turns is not held against a connection")
    func turnsBeginAnew() {
        let loop = EmbeddedEventLoop()
        let turns = OutputTurns(eventLoop: loop)
        var log = ""
        for name in ["a", "b", "c"] {
            Sender(name, 3, turns) { log += $0 }.outputMayGoOn()
            loop.run()
        }
        #expect(log == "aaabbbccc")
    }

    @Test("to a caller who takes all at once, a large answer goes out in several turns, and whole")
    func answer() throws {
        let connection = try ServedConnection()
        let size = 3 * OutputTurns.size + 1
        connection.exchange.plan = { $0 == "/a" ? .respond(.large(size)) : .respond(.text($0)) }
        try connection.receive("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        var output = connection.output()
        #expect(output.bodyLength == OutputTurns.size)
        var turns = 1
        while output.bodyLength < size, turns < 10 {
            #expect(connection.exchange.begun == ["/a"])
            connection.advance(.microseconds(100))
            let more = connection.output()
            #expect(more.utf8.count <= OutputTurns.size + 4096)
            output += more
            turns += 1
        }
        #expect(turns == 4 || turns == 5, "the last byte has a piece of its own")
        #expect(output.hasSuffix("/b"))
    }

    @Test("a caller who leaves meanwhile is forgotten")
    func leaves() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .respond(.large(2 * OutputTurns.size)) }
        try connection.receive("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.channel.close(promise: nil)
        connection.channel.embeddedEventLoop.run()
        _ = connection.output()
        connection.advance(.milliseconds(1))
        #expect(connection.output().isEmpty)
    }
}
