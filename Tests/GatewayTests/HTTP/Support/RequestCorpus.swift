@testable import Gateway
@testable import HTTPServer

/// Requests as callers send them, and as attackers do.
enum RequestCorpus {
    /// Bytes that are one good request or several.
    struct Good: CustomStringConvertible {
        var name: String
        var text: String
        var expected: [Reading.Message]

        var bytes: [UInt8] { Array(text.utf8) }
        var description: String { name }
    }

    /// Bytes of which, behind some good requests, nothing may be executed.
    struct Bad: CustomStringConvertible {
        var name: String
        var bytes: [UInt8]
        var status: HTTPStatus
        var requestsBefore = 0

        var description: String { name }
    }

    static let good: [Good] = [
        .init("the shortest there is", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", .get("/")),
        .init("a query", "GET /traffic?clear=1&x=%zz HTTP/1.1\r\nHost: a\r\n\r\n", .get("/traffic?clear=1&x=%zz")),
        .init(
            "a host with a port",
            "GET / HTTP/1.1\r\nHost: my.site.com:8443\r\n\r\n",
            .get("/", at: "my.site.com:8443")
        ),
        .init(
            "a host that is an IPv6 address",
            "GET / HTTP/1.1\r\nHost: [::1]:443\r\n\r\n",
            .get("/", at: "[::1]:443")
        ),
        .init(
            "a credential with blanks around it",
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: \t Bearer hg_x \t\r\n\r\n",
            .get("/", authorization: "Bearer hg_x")
        ),
        .init(
            "field names in any case",
            "GET / HTTP/1.1\r\nhOST: a\r\nAUTHORIZATION: x\r\nconnection: CLOSE\r\n\r\n",
            .get("/", authorization: "x", keepAlive: false)
        ),
        .init("a Host with an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", .get("/", at: "a:")),
        .init("a Host with an escape", "GET / HTTP/1.1\r\nHost: a%2Db\r\n\r\n", .get("/", at: "a%2Db")),
        .init("IPv6 as Host", "GET / HTTP/1.1\r\nHost: [::ffff:1.2.3.4]\r\n\r\n", .get("/", at: "[::ffff:1.2.3.4]")),
        .init("an address to come as Host", "GET / HTTP/1.1\r\nHost: [v1.a:b]:1\r\n\r\n", .get("/", at: "[v1.a:b]:1")),
        .init("no blank behind the colon", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", .get("/")),
        .init("an empty field value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \r\n\r\n", .get("/")),
        .init("bytes beyond ASCII in a field value", "GET / HTTP/1.1\r\nHost: a\r\nX: grüß dich\r\n\r\n", .get("/")),
        .init(
            "every character a token may have",
            "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n",
            .get("/")
        ),
        .init("a tab within a field value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\tb\r\n\r\n", .get("/")),
        .init("one empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .get("/")),
        .init("a minor version to come", "GET / HTTP/1.9\r\nHost: a\r\n\r\n", .get("/")),
        .init("HTTP/1.0 without a host", "GET /a HTTP/1.0\r\n\r\n", .get("/a", at: "", keepAlive: false)),
        .init(
            "HTTP/1.0 that keeps the connection",
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            .get("/", at: "")
        ),
        .init(
            "close among options",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, , close ,y\r\n\r\n",
            .get("/", keepAlive: false)
        ),
        .init(
            "close in a second field",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
            .get("/", keepAlive: false)
        ),
        .init(
            "absolute form",
            "GET http://other:80/traffic?x HTTP/1.1\r\nHost: a\r\n\r\n",
            .get("/traffic?x", at: "other:80")
        ),
        .init(
            "absolute form over https, in capitals",
            "GET HTTPS://other/a HTTP/1.1\r\nHost: a\r\n\r\n",
            .get("/a", at: "other")
        ),
        .init("absolute form without a path", "GET http://other HTTP/1.1\r\nHost: a\r\n\r\n", .get("", at: "other")),
        .init(
            "absolute form with a query alone",
            "GET http://other?x HTTP/1.1\r\nHost: a\r\n\r\n",
            .get("?x", at: "other")
        ),
        .init("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", .any("OPTIONS", "*")),
        .init("a method of its own", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", .any("BREW", "/pot")),
        .init("a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", .any("get", "/")),
        .init("a method is a token", "M-SEARCH! / HTTP/1.1\r\nHost: a\r\n\r\n", .any("M-SEARCH!", "/")),
        .init(
            "a body",
            "POST /kick HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n[\"ab\"]",
            .post("/kick", "[\"ab\"]")
        ),
        .init("a body of nothing", "POST /kick HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", .post("/kick", "")),
        .init("no body and no length", "POST /kick HTTP/1.1\r\nHost: a\r\n\r\n", .post("/kick", "")),
        .init(
            "a length with zeros before it",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0002\r\n\r\nhi",
            .post("/", "hi")
        ),
        .init(
            "the same length twice",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 02\r\n\r\nhi",
            .post("/", "hi")
        ),
        .init(
            "a body that looks like a request",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            .post("/", "GET / HTTP/1.1\r\n\r\n")
        ),
        .init("a body behind GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", .any("GET", "/", "hi")),
        .init(
            "Expect",
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi",
            .post("/", "hi")
        ),
        .init(
            "chunks",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0A\r\n0123456789\r\n0\r\n\r\n",
            .post("/", "a0123456789")
        ),
        .init(
            "chunked in capitals",
            "POST / HTTP/1.1\r\nHost: a\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n",
            .post("/", "a")
        ),
        .init(
            "no chunk but the last",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .post("/", "")
        ),
        .init(
            "a chunk that contains CRLF and a last chunk",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n",
            .post("/", "\r\n0\r\n\r\n")
        ),
        .init(
            "chunk extensions",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a;b=c;d=\"e;\\\"\"\r\na\r\n0;x\r\n\r\n",
            .post("/", "a")
        ),
        .init(
            "zeros before a chunk size",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n00000001\r\na\r\n0000000000000000\r\n\r\n",
            .post("/", "a")
        ),
        .init(
            "blanks around chunk extensions",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 ; a =\t\"b\" ;c\r\na\r\n1; a=b\r\nb\r\n0\r\n\r\n",
            .post("/", "ab")
        ),
        .init(
            "trailers",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\nZ:\r\n\r\n",
            .post("/", "a")
        ),
        .init(
            "two requests at once",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            .get("/1"),
            .get("/2")
        ),
        .init(
            "a body between two requests",
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            .post("/1", "abc"),
            .get("/2")
        ),
        .init(
            "chunks between two requests",
            "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            .post("/1", "abc"),
            .get("/2")
        ),
        .init(
            "an empty line between requests",
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            .get("/1"),
            .get("/2")
        ),
        .init("a head of exactly the limit", head(ofSize: HTTP1Limits.head), .get("/")),
        .init(
            "a body of exactly the limit",
            post(length: HTTP1Limits.body),
            .post("/", String(repeating: "b", count: HTTP1Limits.body))
        ),
    ]

    /// The bytes of every request, good and bad.
    static var all: [[UInt8]] { good.map(\.bytes) + bad.map(\.bytes) }

    static func head(_ fields: String...) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    static func chunked(_ body: String) -> String { head("Transfer-Encoding: chunked") + body }

    static func post(length: Int) -> String {
        head("Content-Length: \(length)") + String(repeating: "b", count: length)
    }

    static func head(ofSize size: Int) -> String {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        return start + String(repeating: "x", count: size - start.utf8.count - 4) + "\r\n\r\n"
    }
}

extension RequestCorpus.Good {
    fileprivate init(_ name: String, _ text: String, _ expected: Reading.Message...) {
        self.init(name: name, text: text, expected: expected)
    }
}

extension Reading.Message {
    fileprivate static func get(
        _ target: String,
        at authority: String = "a",
        authorization: String? = nil,
        keepAlive: Bool = true
    ) -> Self {
        Self(
            method: "GET",
            target: target,
            authority: authority,
            authorization: authorization,
            body: "",
            keepAlive: keepAlive
        )
    }

    fileprivate static func any(_ method: String, _ target: String, _ body: String = "") -> Self {
        Self(method: method, target: target, authority: "a", body: body, keepAlive: true)
    }

    fileprivate static func post(_ target: String, _ body: String) -> Self { any("POST", target, body) }
}
