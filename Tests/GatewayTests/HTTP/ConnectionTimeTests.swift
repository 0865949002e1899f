import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A connection's time is limited")
struct ConnectionTimeTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let post = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"

    @Test("a caller that says nothing is left after the time for a head, without a word")
    func silence() throws {
        let connection = try ServedConnection()
        connection.advance(.seconds(9))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
        #expect(connection.output() == "")
    }

    @Test("a head that does not come to its end is answered with 408, however often a byte of it comes")
    func slowHead() throws {
        let connection = try ServedConnection()
        connection.advance(.seconds(5))
        for byte in ["G", "E", "T", " ", "/"] {
            try connection.receive(byte)
            connection.advance(.milliseconds(1_900))
        }
        #expect(connection.output() == "")
        connection.advance(.milliseconds(500))
        #expect(connection.output().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(connection.exchange.errors == [.timedOut])
        connection.advance(.seconds(2))
        #expect(!connection.isOpen)
    }

    @Test("so is a body that does not come to its end")
    func slowBody() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .readBody }
        try connection.receive(Self.post)
        for byte in ["1", "2", "3", "4", "5"] {
            connection.advance(.milliseconds(5_900))
            try connection.receive(byte)
        }
        #expect(connection.output() == "")
        connection.advance(.milliseconds(500))
        #expect(connection.output().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
    }

    @Test("a connection that has served waits longer for the next request", arguments: [true, false])
    func idle(answersAtOnce: Bool) throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in answersAtOnce ? .respond(.text("a")) : .wait }
        try connection.receive(Self.get)
        if !answersAtOnce { connection.exchange.answer(.text("a")) }
        #expect(connection.statusLines() == ["200 OK"])
        connection.advance(.seconds(59))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
        #expect(connection.output() == "")
    }

    @Test("one that is asked now and then is kept for good", arguments: [1, 50])
    func polling(seconds: Int64) throws {
        let connection = try ServedConnection()
        for _ in 0..<100 {
            try connection.receive(Self.get)
            #expect(connection.statusLines() == ["200 OK"])
            connection.advance(.seconds(seconds))
        }
        #expect(connection.isOpen)
    }

    @Test("a head whose beginning comes with the request before it has its own time, every time")
    func staggeredHeads() throws {
        let connection = try ServedConnection()
        let half = Self.get.index(Self.get.startIndex, offsetBy: 10)
        try connection.receive(String(Self.get[..<half]))
        for _ in 0..<20 {
            connection.advance(.seconds(5))
            try connection.receive(String(Self.get[half...]) + String(Self.get[..<half]))
            #expect(connection.statusLines() == ["200 OK"])
        }
    }

    @Test("while an answer is made, nothing runs out")
    func answering() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get)
        connection.advance(.hours(1))
        #expect(connection.isOpen)
        connection.exchange.answer(.text("at last"))
        #expect(connection.output().hasSuffix("at last"))
    }

    @Test("a body that nobody wants is not waited for any longer than one that somebody does")
    func unwantedBody() throws {
        let connection = try ServedConnection()
        try connection.receive(Self.post)
        #expect(connection.statusLines() == ["200 OK"])
        connection.advance(.seconds(29))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test("on a connection that has been open for long, as during a handshake, the time begins with the handler")
    func joining() throws {
        let connection = try ServedConnection(isSecure: true, joiningAfter: .hours(1))
        connection.advance(.milliseconds(9_900))
        #expect(connection.isOpen)
        connection.advance(.milliseconds(100))
        #expect(!connection.isOpen)
    }
}
