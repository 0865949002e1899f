import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A connection is served")
struct HTTP1ServerHandlerTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("with answers that have all they need")
    func answer() throws {
        let connection = try ServedConnection()
        try connection.receive(Self.get)
        #expect(
            connection.output() == """
                HTTP/1.1 200 OK\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: 2\r
                Cache-Control: no-store\r
                X-Content-Type-Options: nosniff\r
                \r
                /a
                """
        )
        #expect(connection.recorder.writes.count == 1, "head and body share a write")
        #expect(connection.isOpen)
        #expect(connection.exchange.answered == ["200 2"])
    }

    @Test("with Strict-Transport-Security over TLS alone")
    func strictTransportSecurity() throws {
        let connection = try ServedConnection(isSecure: true)
        try connection.receive(Self.get)
        #expect(connection.output().contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"))
    }

    @Test("with the fields of the answer itself, and without a length where none may be")
    func fields() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in
            .respond(Response(status: .noContent, fields: [Response.Field(name: "Allow", value: "GET, HEAD")]))
        }
        try connection.receive(Self.get)
        let output = connection.output()
        #expect(output.hasPrefix("HTTP/1.1 204 No Content\r\n"))
        #expect(output.contains("\r\nAllow: GET, HEAD\r\n"))
        #expect(!output.contains("Content-Length"))
        #expect(!output.contains("Content-Type:"))
    }

    @Test("with word that nothing has changed, which says no length, and may be kept where the answer may")
    func notModified() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in
            var response = Response(status: .notModified, fields: [Response.Field(name: "ETag", value: "\"a\"")])
            response.caching = .revalidated
            return .respond(response)
        }
        try connection.receive(Self.get + Self.get)
        let answer = """
            HTTP/1.1 304 Not Modified\r
            Date: Sun, 06 Nov 1994 08:49:37 GMT\r
            Cache-Control: no-cache\r
            X-Content-Type-Options: nosniff\r
            ETag: "a"\r
            \r

            """
        #expect(connection.output() == answer + answer)
        #expect(connection.isOpen)
        #expect(connection.exchange.answered == ["304 0", "304 0"])
    }

    @Test("HEAD gets the length and no content")
    func head() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .respond(.large(100_000)) }
        try connection.receive("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
        let output = connection.output()
        #expect(output.contains("\r\nContent-Length: 100000\r\n"))
        #expect(output.hasSuffix("\r\n\r\n"))
        #expect(connection.exchange.answered == ["200 0"])
        try connection.receive(Self.get)
        #expect(connection.output().count > 100_000, "the next request is no HEAD")
    }

    @Test("HTTP/1.0 gets told what becomes of the connection")
    func http10() throws {
        let kept = try ServedConnection()
        try kept.receive("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(kept.output().contains("\r\nConnection: keep-alive\r\n"))
        #expect(kept.isOpen)

        let closed = try ServedConnection()
        try closed.receive("GET /a HTTP/1.0\r\n\r\n")
        #expect(closed.output().contains("\r\nConnection: close\r\n"))
        #expect(!closed.isOpen)
    }

    @Test("a caller who asks for it is told that the connection ends, and it ends")
    func close() throws {
        let connection = try ServedConnection()
        try connection.receive("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + Self.get)
        #expect(connection.output().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
        #expect(connection.exchange.begun == ["/a"])
    }

    // MARK: One after the other

    @Test("requests that come together are answered in order, with one flush")
    func pipelining() throws {
        let connection = try ServedConnection()
        try connection.receive((1...5).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        #expect(connection.exchange.begun == ["/1", "/2", "/3", "/4", "/5"])
        #expect(connection.output().components(separatedBy: "HTTP/1.1 200 OK").count == 6)
        #expect(connection.recorder.flushes == 1)
    }

    @Test("a request that comes byte by byte is executed once")
    func byteByByte() throws {
        let connection = try ServedConnection()
        for byte in (Self.get + Self.get).utf8 { try connection.channel.writeInbound(ByteBuffer(bytes: [byte])) }
        #expect(connection.exchange.begun == ["/a", "/a"])
        #expect(connection.statusLines() == ["200 OK", "200 OK"])
    }

    @Test("a request waits for the answer before it")
    func laterAnswer() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        try connection.receive("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(connection.exchange.begun == ["/1"])
        #expect(connection.output() == "")
        connection.exchange.answer(.text("first"))
        #expect(connection.output().hasSuffix("first"), "a later answer is flushed by itself")
        #expect(connection.exchange.begun == ["/1", "/2"])
        connection.exchange.answer(.text("second"))
        #expect(connection.output().hasSuffix("second"))
        #expect(connection.exchange.begun == ["/1", "/2"])
    }

    @Test("what is kept of the input is a copy: the buffer it came in is given back")
    func inputIsGivenBack() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .wait }
        var buffer = ByteBuffer(string: Self.get + "GET /b HTTP/1.1\r\n")
        buffer.reserveCapacity(4096)
        let storage = buffer.storagePointer
        try connection.channel.writeInbound(buffer)
        buffer.clear()
        #expect(buffer.storagePointer == storage, "clear() keeps the storage only if nobody else has it")
    }

    // MARK: Bodies

    @Test("a body that is wanted comes whole, and may be empty")
    func body() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .readBody }
        try connection.receive("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
        #expect(connection.output() == "")
        try connection.receive("cd")
        #expect(connection.output().hasSuffix("body: abcd"))
        try connection.receive("POST /a HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(connection.output().hasSuffix("body: "))
    }

    @Test("a caller that waits for 100 Continue gets it, and then the answer")
    func expectation() throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in .readBody }
        try connection.receive("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(connection.output() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.receive("hi")
        #expect(connection.statusLines() == ["200 OK"])
        #expect(connection.isOpen)
    }

    @Test("one whose body is not wanted gets the answer at once, and the connection ends")
    func refusedExpectation() throws {
        let connection = try ServedConnection()
        try connection.receive("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(connection.output().contains("\r\nConnection: close\r\n"))
        #expect(connection.recorder.closedOutput)
        try connection.receive("hi" + Self.get)
        #expect(connection.exchange.begun == ["/a"])
        connection.advance(.seconds(2))
        #expect(!connection.isOpen)
    }

    // MARK: What cannot be read

    @Test(
        "a request that cannot be read gets an answer, and the connection ends when the caller has had time to read it"
    )
    func malformed() throws {
        let connection = try ServedConnection()
        try connection.receive("GET /\r\n\r\n")
        #expect(connection.output().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(connection.recorder.closedOutput)
        #expect(connection.isOpen)
        try connection.receive(Self.get)
        #expect(connection.exchange.begun.isEmpty)
        connection.advance(.seconds(2))
        #expect(!connection.isOpen)
    }

    @Test("an error of the channel ends the connection")
    func channelError() throws {
        let connection = try ServedConnection()
        connection.channel.pipeline.fireErrorCaught(ChannelError.writeMessageTooLarge)
        #expect(!connection.isOpen)
        #expect(connection.exchange.abandoned == 1)
    }

    // MARK: The end

    @Test(
        "a caller that goes is abandoned once, in whatever state",
        arguments: ["", "GET", get, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\na"]
    )
    func callerGoes(text: String) throws {
        let connection = try ServedConnection()
        connection.exchange.plan = { _ in text.hasPrefix("POST") ? .readBody : .wait }
        if !text.isEmpty { try connection.receive(text) }
        #expect(connection.registry.count == 1)
        try connection.channel.close().wait()
        #expect(connection.exchange.abandoned == 1)
        #expect(connection.registry.count == 0)
        connection.advance(.hours(1))
        #expect(connection.exchange.errors.isEmpty)
    }
}

extension ByteBuffer {
    fileprivate var storagePointer: UnsafeRawPointer? {
        withVeryUnsafeBytes { $0.baseAddress }
    }
}
