import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A request over HTTP/2 is read")
struct HTTP2RequestTests {
    /// What a request is refused with, or how its stream ends.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var what: String
        var fields: [(String, String)]
        var status: String?

        var testDescription: String { what }

        init(_ what: String, _ fields: [(String, String)], _ status: String?) {
            self.what = what
            self.fields = fields
            self.status = status
        }
    }

    private static let get = HTTP2Frame.request("GET", "/a")

    /// As in HTTP/1.1.
    static let answered: [Refusal] = [
        .init("two credentials", get + [("authorization", "a"), ("authorization", "b")], "400"),
        .init("Host beside another authority", get + [("host", "b")], "400"),
        .init("an authority with a user", [get[0], get[1], (":authority", "u@a"), get[3]], "400"),
        .init("another scheme", [get[0], (":scheme", "ftp"), get[2], get[3]], "400"),
        .init("a fragment", HTTP2Frame.request("GET", "/a#b"), "400"),
        .init("a target above ASCII", HTTP2Frame.request("GET", "/\u{E4}"), "400"),
        .init("a control character in a value", get + [("accept", "a\u{1}")], "400"),
        .init("a blank before a value", get + [("accept", " a")], "400"),
        .init("CONNECT", [(":method", "CONNECT"), (":authority", "a:1")], "400"),
        .init("another expectation", get + [("expect", "wonders")], "417"),
        .init("a length above the limit", get + [("content-length", "65537")], "413"),
        .init("a length that overflows", get + [("content-length", String(repeating: "9", count: 17))], "413"),
        .init(
            "too many fields",
            get + (0..<500).map { ("x-\($0)", String(repeating: "v", count: 10)) },
            "431"
        ),
        .init("a field that is too large", get + [("x", String(repeating: "v", count: 16_250))], "431"),
    ]

    @Test("what is refused as in HTTP/1.1 gets its answer", arguments: answered)
    func refused(_ refusal: Refusal) throws {
        let connection = try ServedHTTP2Connection()
        let declaresBody = refusal.fields.contains { $0.0 == "content-length" || $0.1 == "CONNECT" }
        try connection.receive(.headers(1, refusal.fields, endsStream: !declaresBody))
        #expect(connection.answers[1]?.status == refusal.status)
        #expect(connection.begun.isEmpty)
        try connection.receive(.get(3))
        #expect(connection.answers[3]?.status == "200", "nobody else is worse off")
    }

    /// Against HTTP/2 itself (RFC 9113, section 8.1.1).
    static let malformed: [Refusal] = [
        .init("no path", Array(get.dropLast()), nil),
        .init("no authority and no Host", [get[0], get[1], get[3]], nil),
        .init("two methods", get + [(":method", "GET")], nil),
        .init("a pseudo-header field behind a field", [("x", "y")] + get, nil),
        .init("an unknown pseudo-header field", get + [(":unknown", "y")], nil),
        .init("a field about the connection", get + [("connection", "close")], nil),
        .init("a transfer coding", get + [("transfer-encoding", "chunked")], nil),
        .init("te for anything but trailers", get + [("te", "gzip")], nil),
        .init("a length that is no number", get + [("content-length", "x")], nil),
        .init("a length beside no body", get + [("content-length", "5")], nil),
        .init("an empty path", HTTP2Frame.request("GET", ""), nil),
        .init("a blank in the target", HTTP2Frame.request("GET", "/a b"), nil),
        .init("no path but a name", HTTP2Frame.request("GET", "a"), nil),
        .init("* for other methods than OPTIONS", HTTP2Frame.request("GET", "*"), nil),
    ]

    @Test("what is no request of HTTP/2 ends its stream alone", arguments: malformed)
    func endsItsStream(_ refusal: Refusal) throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(.headers(1, refusal.fields))
        #expect(connection.answers[1]?.reset == 1)
        #expect(connection.begun.isEmpty)
        try connection.receive(.get(3))
        #expect(connection.answers[3]?.status == "200")
    }

    @Test("te for trailers, and Host like the authority, do no harm")
    func harmless() throws {
        let connection = try ServedHTTP2Connection()
        try connection.receive(
            .get(1, "/a", [("te", "trailers"), ("host", "a"), ("cookie", "a=b"), ("cookie", "c=d")])
        )
        #expect(connection.answers[1]?.status == "200")
        try connection.receive(.headers(3, HTTP2Frame.request("OPTIONS", "*")))
        #expect(connection.begun == ["/a", "*"])
    }

    // MARK: Bodies

    @Test("a body that is wanted comes whole, may be empty, and may have trailers, which do not matter")
    func body() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        try connection.receive(.post(1, "/a", [("content-length", "4")]), .data(1, "ab", endsStream: false))
        #expect(connection.answers[1] == nil)
        try connection.receive(.data(1, "cd"))
        #expect(connection.answers[1]?.body == "body: abcd")
        try connection.receive(.headers(3, HTTP2Frame.request("POST", "/a")))
        #expect(connection.answers[3]?.body == "body: ")
        try connection.receive(
            .post(5),
            .data(5, "ef", endsStream: false),
            .headers(5, [("authorization", "x"), ("host", "y")])
        )
        #expect(connection.answers[5]?.body == "body: ef")
    }

    @Test("one that is not as long as it says is none", arguments: ["abc", "abcdef"])
    func wrongLength(text: String) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        try connection.receive(.post(1, "/a", [("content-length", "4")]), .data(1, text))
        #expect(connection.answers[1]?.reset == 1)
        #expect(connection.exchanges[0].bodies.isEmpty)
        #expect(connection.exchanges[0].abandoned == 1)
    }

    @Test("one that is too large is answered so, and at last declined")
    func tooLarge() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        let piece = String(repeating: "b", count: 16_384)
        try connection.receive(.post(1))
        for _ in 0..<4 { try connection.receive(.data(1, piece, endsStream: false)) }
        #expect(connection.answers[1] == nil)
        try connection.receive(.data(1, "b", endsStream: false))
        #expect(connection.answers[1]?.status == "413")
        #expect(connection.answers[1]?.reset == nil)
        for _ in 0..<12 { try connection.receive(.data(1, piece, endsStream: false)) }
        #expect(connection.answers[1]?.reset == 0)
        #expect(connection.isOpen)
    }

    @Test("all bodies of a connection together are bounded")
    func allBodies() throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .readBody }
        let piece = String(repeating: "b", count: 16_384)
        for stream in stride(from: UInt32(1), to: 13, by: 2) {
            try connection.receive(.post(stream))
            for _ in 0..<3 { try connection.receive(.data(stream, piece, endsStream: false)) }
        }
        #expect(connection.answers[11]?.reset == 11)
        try connection.receive(.data(1, "!"))
        #expect(connection.answers[1]?.body.count == 6 + 3 * 16_384 + 1)
        #expect(connection.isOpen)
    }

    @Test("one that nobody wants may come to its end in its time", arguments: ["/a", ""])
    func unwanted(content: String) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in .respond(.text(content)) }
        try connection.receive(.post(1), .data(1, "abc", endsStream: false), .post(3))
        #expect(connection.answers[1]?.body == content)
        #expect(connection.answers[1]?.isComplete == true)
        try connection.receive(.data(1, "still on its way"), .get(5))
        #expect(connection.answers[5]?.status == "200")
        connection.advance(.seconds(29))
        #expect(connection.answers[3]?.reset == nil)
        connection.advance(.seconds(1))
        #expect(connection.answers[3]?.reset == 0)
        #expect(connection.answers[1]?.reset == nil)
        #expect(connection.isOpen)
    }

    @Test("a caller that waits for 100 Continue gets it if the body is wanted", arguments: [true, false])
    func expectation(isWanted: Bool) throws {
        let connection = try ServedHTTP2Connection()
        connection.plan = { _ in isWanted ? .readBody : .respond(.text("no")) }
        try connection.receive(.post(1, "/a", [("expect", "100-continue")]))
        #expect(connection.answers[1]?.interim == (isWanted ? [[":status: 100"]] : []))
        #expect(connection.answers[1]?.body == (isWanted ? "" : "no"))
        try connection.receive(.data(1, "hi"))
        #expect(connection.answers[1]?.body == (isWanted ? "body: hi" : "no"))
    }

    // MARK: Segments

    @Test("bytes may come in any pieces")
    func splits() throws {
        let request =
            HTTP2Frame.preface
            + [
                .settings, .settingsAcknowledged, .ping,
                .headers(1, HTTP2Frame.request("POST", "/a"), endsStream: false, endsHeaders: false),
                HTTP2Frame(
                    kind: HTTP2Frame.Kind.continuation,
                    flags: HTTP2Frame.Flag.endHeaders,
                    stream: 1,
                    payload: HeaderBlock.literal([("accept", "text/plain"), ("authorization", "Bearer x")])
                ),
                .data(1, "body"), .get(3, "/b"),
            ].flatMap(\HTTP2Frame.bytes)
        func reading(_ segments: [ArraySlice<UInt8>]) throws -> ServedHTTP2Connection {
            let connection = try ServedHTTP2Connection(greets: false)
            connection.plan = { $0 == "/a" ? .readBody : .respond(.text($0)) }
            for segment in segments { try connection.receive(bytes: Array(segment)) }
            return connection
        }
        let whole = try reading([request[...]])
        #expect(whole.answers[1]?.body == "body: body")
        #expect(whole.answers[3]?.body == "/b")
        for index in 1..<request.count {
            let split = try reading([request[..<index], request[index...]])
            #expect(split.answers == whole.answers)
            #expect(split.frames == whole.frames)
            #expect(split.begun == whole.begun)
        }
        // Not byte by byte: libnghttp2 takes a CONTINUATION whose head comes in more than eight pieces for more than eight.
        let pieces = try reading(
            stride(from: 0, to: request.count, by: 2).map { request[$0..<min($0 + 2, request.count)] }
        )
        #expect(pieces.frames == whole.frames)
        #expect(pieces.answers == whole.answers)
    }
}
