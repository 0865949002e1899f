import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("An HTTP/2 connection that is drained finishes what is under way")
struct HTTP2DrainTests {
    private static let pingAnswer = HTTP2Frame(
        kind: HTTP2Frame.Kind.ping,
        flags: HTTP2Frame.Flag.acknowledgement,
        payload: Array(repeating: 0, count: 8)
    )

    /// The last streams that GOAWAYs named.
    private func lastStreams(_ connection: ServedHTTP2Connection) -> [UInt32] {
        connection.frames.filter { $0.kind == HTTP2Frame.Kind.goAway }
            .map { $0.payload[..<4].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    @Test("what is on its way when the caller is told is still served")
    func requestOnItsWay() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1))
        var isEmpty = false
        connection.registry.drain { isEmpty = true }
        connection.run()
        #expect(lastStreams(connection) == [0x7FFF_FFFF])
        try connection.receive(.get(3), Self.pingAnswer)
        #expect(lastStreams(connection) == [0x7FFF_FFFF, 3])
        try connection.receive(.get(5))
        #expect(connection.begun.count == 2)
        #expect(connection.goAway == 0)
        for exchange in connection.exchanges { exchange.answer(.text("done")) }
        #expect(connection.isOpen)
        connection.run()
        #expect(connection.answers[1]?.body == "done")
        #expect(connection.answers[3]?.body == "done")
        #expect(connection.answers[5] == nil)
        #expect(!connection.isOpen)
        #expect(isEmpty)
    }

    @Test(
        "one without a request ends as soon as the caller knows, and soon if it never says so",
        arguments: [true, false]
    )
    func idle(answers: Bool) throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(.get(1))
        connection.registry.drain {}
        connection.run()
        #expect(connection.isOpen)
        if answers { try connection.receive(Self.pingAnswer) } else { connection.advance(.seconds(2)) }
        #expect(lastStreams(connection) == [0x7FFF_FFFF, 1])
        #expect(!connection.isOpen)
    }

    @Test("one that never completes its request does not hold it up beyond the time for a body")
    func neverCompleted() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        try connection.receive(.post(1))
        connection.registry.drain {}
        connection.advance(.seconds(30))
        #expect(connection.answers[1]?.status == "408")
        #expect(!connection.isOpen)
    }

    @Test("one that does not end by itself is closed")
    func closeAll() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1))
        connection.registry.drain {}
        connection.registry.closeAll()
        #expect(!connection.isOpen)
        #expect(connection.exchanges[0].abandoned == 1)
    }

    @Test("a caller that says goodbye itself gets what is under way")
    func callersGoAway() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(
            .get(1),
            HTTP2Frame(kind: HTTP2Frame.Kind.goAway, payload: Array(repeating: 0, count: 8))
        )
        #expect(!connection.isEnded)
        connection.exchanges[0].answer(.text("done"))
        connection.run()
        #expect(connection.answers[1]?.body == "done")
        #expect(connection.isEnded)
    }
}
