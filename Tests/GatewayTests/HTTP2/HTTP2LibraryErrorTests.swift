import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("What libnghttp2 refuses ends the connection at once, with a line in the log")
struct HTTP2LibraryErrorTests {
    private static let internalError: UInt32 = 2

    private final class Losses {
        var count = 0
    }

    private let memory = FailingMemory()
    private let log = LogRecorder()
    private let losses = Losses()

    private func connect() throws -> ServedHTTP2Connection {
        try ServedHTTP2Connection(session: memory.makeSession(), logger: log.logger)
    }

    private func losing(_ size: Int) -> Response {
        Response.large(size).losing { [losses] in losses.count += 1 }
    }

    /// Whether the gateway has ended the connection, told why where it could, and said so in the log.
    private func expectEnd(_ connection: ServedHTTP2Connection, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(connection.isEnded, sourceLocation: sourceLocation)
        #expect(log.lines.contains { $0.contains("connection ended: libnghttp2: ") }, sourceLocation: sourceLocation)
        #expect(connection.resources.abuses == 0, sourceLocation: sourceLocation)
        connection.advance(.seconds(2))
        #expect(!connection.isOpen, sourceLocation: sourceLocation)
        #expect(connection.registry.count == 0, sourceLocation: sourceLocation)
    }

    @Test("an answer whose head is larger than what libnghttp2 sends")
    func largeHead() throws {
        let connection = try connect()
        var response = losing(10)
        response.fields = [.init(name: "location", value: String(repeating: "x", count: 70_000))]
        connection.plan = { $0 == "/a" ? .respond(losing(10)) : .respond(response) }
        try connection.receive(.get(1), .get(3, "/large"))
        #expect(connection.answers[1]?.isComplete == true)
        #expect(connection.goAway == Self.internalError)
        expectEnd(connection)
        #expect(losses.count == 1)
    }

    @Test("an answer that there is no memory for, whether it waits or not", arguments: [true, false])
    func answer(waits: Bool) throws {
        let connection = try connect()
        connection.plan = { [memory] _ in
            if waits { return .wait }
            memory.failing = 0..<1
            return .respond(losing(10))
        }
        try connection.receive(.get(1))
        if waits {
            memory.failing = 0..<1
            connection.exchanges[0].answer(losing(10))
            connection.run()
        }
        #expect(memory.hasFailed)
        #expect(connection.goAway == Self.internalError)
        #expect(connection.answers.isEmpty)
        expectEnd(connection)
        #expect(losses.count == 1)
    }

    @Test("an answer that a caller who takes nothing waits for, once it takes something")
    func unwritable() throws {
        let connection = try connect()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1))
        connection.setWritable(false)
        memory.failing = 0..<1
        connection.exchanges[0].answer(losing(10))
        connection.run()
        #expect(!connection.isEnded)
        connection.setWritable(true)
        #expect(connection.goAway == Self.internalError)
        expectEnd(connection)
        #expect(losses.count == 1)
    }

    @Test("the request for the body")
    func interim() throws {
        let connection = try connect()
        connection.plan = { [memory] _ in
            memory.failing = 0..<1
            return .readBody
        }
        try connection.receive(.post(1, "/a", [("expect", "100-continue")]))
        #expect(connection.goAway == Self.internalError)
        expectEnd(connection)
        #expect(connection.exchanges.map(\.abandoned) == [1])
    }

    @Test("the words that announce the end")
    func drain() throws {
        let connection = try connect()
        memory.failing = 0..<1
        connection.registry.beginDrain()
        connection.run()
        #expect(connection.goAway == Self.internalError)
        expectEnd(connection)
    }

    @Test("the reset of a request that is given up")
    func reset() throws {
        let connection = try connect()
        connection.plan = { _ in .respond(losing(100_000)) }
        try connection.receive(.get(1))
        memory.failing = 0..<1
        connection.advance(ServedConnection.timeouts.idle)
        #expect(connection.goAway == Self.internalError)
        expectEnd(connection)
        #expect(losses.count == 1)
    }
}
