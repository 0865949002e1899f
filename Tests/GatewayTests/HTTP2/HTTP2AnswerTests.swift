import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A connection is served over HTTP/2")
struct HTTP2AnswerTests {
    @Test("with answers that have all they need")
    func answer() throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(.get(1))
        let answer = try #require(connection.answers[1])
        #expect(
            answer.fields == [
                ":status: 200",
                "date: Sun, 06 Nov 1994 08:49:37 GMT",
                "content-type: text/plain; charset=utf-8",
                "content-length: 2",
                "cache-control: no-store",
                "x-content-type-options: nosniff",
                "strict-transport-security: max-age=31536000",
            ]
        )
        #expect(answer.body == "/a")
        #expect(answer.isComplete)
        #expect(connection.exchanges[0].answered == ["200 2"])
        #expect(connection.isOpen)
    }

    @Test("with settings that say what it bears, before the caller says anything")
    func settings() throws {
        let connection = try ServedHTTP2Connection(greets: false)
        connection.run()
        let settings = try #require(connection.frames.first)
        #expect(settings.kind == HTTP2Frame.Kind.settings)
        #expect(settings.payload == [0, 3, 0, 0, 0, 100, 0, 6, 0, 0, 0x40, 0, 0, 9, 0, 0, 0, 1])
    }

    @Test("with the fields of the answer itself in lower case, and without a length where none may be")
    func fields() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in
            .respond(Response(status: .noContent, fields: [Response.Field(name: "Allow", value: "GET, HEAD")]))
        }
        try connection.receive(.get(1))
        let answer = try #require(connection.answers[1])
        #expect(answer.fields.contains("allow: GET, HEAD"))
        #expect(!answer.fields.contains { $0.hasPrefix("content-") })
        #expect(answer.isComplete)
    }

    @Test("with word that nothing has changed, which says no length, and may be kept where the answer may")
    func notModified() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in
            var response = Response(status: .notModified, fields: [Response.Field(name: "ETag", value: "\"a\"")])
            response.caching = .revalidated
            return .respond(response)
        }
        try connection.receive(.get(1))
        let answer = try #require(connection.answers[1])
        #expect(
            answer.fields == [
                ":status: 304", "date: Sun, 06 Nov 1994 08:49:37 GMT", "cache-control: no-cache",
                "x-content-type-options: nosniff", "strict-transport-security: max-age=31536000", "etag: \"a\"",
            ]
        )
        #expect(answer.body.isEmpty)
        #expect(answer.isComplete)
    }

    @Test("HEAD gets the length and no content")
    func head() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(100_000)) }
        try connection.receive(.headers(1, HTTP2Frame.request("HEAD", "/a")))
        let answer = try #require(connection.answers[1])
        #expect(answer.fields.contains("content-length: 100000"))
        #expect(answer.body.isEmpty)
        #expect(answer.isComplete)
        #expect(connection.exchanges[0].answered == ["200 0"])
        try connection.receive(.get(3))
        #expect(connection.answers[3]?.body.count == 65_535, "the next request is no HEAD, and fills the window")
    }

    // MARK: At the same time

    @Test("requests that come together are answered with one write")
    func oneWrite() throws {
        let connection = try ServedHTTP2Connection()
        let writes = connection.recorder.writes.count
        let flushes = connection.recorder.flushes
        let requests = stride(from: UInt32(1), to: 100, by: 2)
        try connection.receive(bytes: requests.flatMap { HTTP2Frame.get($0, "/\($0)").bytes })
        #expect(requests.allSatisfy { connection.answers[$0]?.body == "/\($0)" })
        #expect(connection.recorder.writes.count == writes + 1)
        #expect(connection.recorder.flushes == flushes + 1)
    }

    @Test("so are those whose answers come together later")
    func oneWriteLater() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1), .get(3), .get(5))
        let writes = connection.recorder.writes.count
        for (index, exchange) in connection.exchanges.enumerated() { exchange.answer(.text("\(index)")) }
        #expect(connection.recorder.writes.count == writes)
        connection.run()
        #expect(connection.recorder.writes.count == writes + 1)
        #expect([1, 3, 5].map { connection.answers[$0]?.body } == ["0", "1", "2"])
    }

    @Test("no request waits for the answer to another, and each gets its own")
    func order() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { $0 == "/slow" ? .wait : .respond(.text($0)) }
        try connection.receive(.get(1, "/slow"), .get(3, "/quick"))
        #expect(connection.answers[1] == nil)
        #expect(connection.answers[3]?.body == "/quick")
        connection.exchanges[0].answer(.text("done"))
        connection.run()
        #expect(connection.answers[1]?.body == "done")
    }

    @Test("streams and exchanges are used again")
    func reuse() throws {
        let connection = try ServedHTTP2Connection()
        for index in 0..<100 { try connection.receive(.get(UInt32(2 * index + 1), "/\(index)")) }
        #expect(connection.exchanges.count == 1)
        #expect(connection.answers[199]?.body == "/99")
    }

    @Test("an exchange whose answer is still to come is not, when its request is given up")
    func noReuse() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .wait }
        try connection.receive(.get(1), .reset(1))
        #expect(connection.exchanges[0].abandoned == 1)
        try connection.receive(.get(3))
        #expect(connection.exchanges.count == 2)
        connection.exchanges[0].answer(.text("for 1"))
        connection.exchanges[1].answer(.text("for 3"))
        connection.run()
        #expect(connection.answers[3]?.body == "for 3")
    }

    // MARK: Large answers

    @Test("a large answer goes out as the caller opens its window")
    func window() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(200_000)) }
        try connection.receive(.get(1))
        #expect(connection.answers[1]?.body.count == 65_535)
        try connection.receive(.windowUpdate(0, 200_000), .windowUpdate(1, 200_000))
        #expect(connection.answers[1]?.body.count == 200_000)
        #expect(connection.answers[1]?.isComplete == true)
    }

    @Test("and as the socket takes it, in pieces of bounded size")
    func backPressure() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.large(1_000_000)) }
        try connection.receive(.settings(4, 2_000_000), .windowUpdate(0, 2_000_000))
        connection.setWritable(false)
        try connection.receive(.get(1))
        #expect(connection.answers[1] == nil)
        connection.setWritable(true)
        // More would keep the event loop from everybody else.
        #expect(connection.answers[1]?.body.count == OutputTurns.size)
        connection.advance(.microseconds(100))
        #expect(connection.answers[1]?.body.count == 1_000_000)
        #expect(connection.recorder.writes.allSatisfy { $0 <= HTTP2ServerHandler.pieceSize + 17_000 })
    }
}
