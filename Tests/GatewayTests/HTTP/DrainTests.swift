import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A drain finishes what is under way and accepts nothing new")
struct DrainTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(
        "a connection without a request ends within a moment, a new one after a little longer",
        arguments: [true, false]
    )
    func idle(hasServed: Bool) throws {
        let connection = try ServedConnection()
        if hasServed { try connection.receive(Self.get) }
        var isEmpty = false
        connection.registry.drain { isEmpty = true }
        connection.advance(.milliseconds(40))
        #expect(connection.isOpen)
        connection.advance(.milliseconds(110))
        #expect(connection.isOpen == !hasServed)
        connection.advance(.milliseconds(2750))
        #expect(connection.isOpen == !hasServed)
        connection.advance(.milliseconds(200))
        #expect(!connection.isOpen)
        #expect(isEmpty)
    }

    @Test("a request that comes in that time is answered, and the last", arguments: [true, false])
    func lateRequest(hasServed: Bool) throws {
        let connection = try ServedConnection()
        if hasServed { try connection.receive(Self.get) }
        connection.registry.drain {}
        connection.advance(.milliseconds(40))
        _ = connection.output()
        try connection.receive(Self.get)
        #expect(connection.output().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }

    @Test("a connection that opens meanwhile has its first request answered")
    func newConnection() throws {
        let registry = ConnectionRegistry()
        registry.beginDrain()
        let connection = try ServedConnection(registry: registry)
        connection.advance(.milliseconds(900))
        try connection.receive(Self.get)
        #expect(connection.output().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }

    @Test("one that waits for its answer gets it, and ends", arguments: ["", get])
    func answering(further: String) throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get + further)
        connection.registry.drain {}
        #expect(connection.isOpen)
        connection.exchange.answer(.text("done"))
        let output = connection.output()
        #expect(output.contains("\r\nConnection: close\r\n"))
        #expect(output.hasSuffix("done"))
        #expect(!connection.isOpen)
        #expect(connection.exchange.begun == ["/a"])
    }

    @Test("one in the middle of a request is answered, and ends")
    func request() throws {
        let connection = try ServedConnection()
        try connection.receive("GET /a HTTP/1.1\r\n")
        connection.registry.drain {}
        #expect(connection.isOpen)
        try connection.receive("Host: a\r\n\r\n")
        #expect(connection.output().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }

    @Test("one that never completes its request does not hold it up beyond the time for a head")
    func neverCompleted() throws {
        let connection = try ServedConnection()
        try connection.receive("GET /a HTTP/1.1\r\n")
        connection.registry.drain {}
        connection.advance(.seconds(10))
        #expect(connection.statusLines() == ["408 Request Timeout"])
        connection.advance(.seconds(2))
        #expect(!connection.isOpen)
    }

    @Test("one that comes while it lasts is drained as well")
    func newcomer() {
        final class Newcomer: Connection {
            var drains = 0
            func drain() { drains += 1 }
            func closeNow() {}
        }
        let registry = ConnectionRegistry()
        let old = Newcomer()
        registry.add(old)
        var isEmpty = 0
        registry.drain { isEmpty += 1 }
        let new = Newcomer()
        registry.add(new)
        #expect(old.drains == 1)
        #expect(new.drains == 1)
        registry.remove(old)
        #expect(isEmpty == 0)
        registry.remove(new)
        #expect(isEmpty == 1)
        registry.remove(new)
        #expect(isEmpty == 1)
    }

    @Test("connections that do not end by themselves are closed")
    func closeAll() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive(Self.get)
        connection.registry.drain {}
        connection.registry.closeAll()
        #expect(!connection.isOpen)
        #expect(connection.exchange.abandoned == 1)
    }
}
