/// What the real server was recorded to answer.
extension SimulatorCase {
    static let endpoints: [Self] = [
        .get("/"), .get("/traffic"), .get("/online"), .get("/dump/streams"), .get("/?x=1"), .get("/?"),
        .get("/traffic?"), .get("/traffic??"), .get("/%74raffic"), .get("/%74%72%61%66%66%69%63"),
        .get("/dump%2fstreams"), .get("/dump%2Fstreams"), .get("/dump/%73treams"), .get("http://x/traffic"),
        .get("http://api/online?x"), .get("HTTP://x/traffic"), .get("https://x/traffic"), .get("ftp://x/traffic"),
        .get("http://u:p@x/traffic"), .get("http:///traffic"),
        .get("/traffic?x=\(String(repeating: "a", count: 65536))"),
    ]

    static let unknownPaths: [Self] = [
        "/nope", "/favicon.ico", "/traffic/", "//traffic", "///", "//", "/./traffic", "/x/../traffic", "/traffic/.",
        "/traffic/..", "/TRAFFIC", "/Traffic", "/traffic.json", "/traffic;x=1", "/traffic%20", "/traffic%00",
        "/traffic%2f", "/%2ftraffic", "/traffic%3fclear=1", "/traffic#frag", "/%2e/traffic", "/..%2ftraffic",
        "/traffic%0d%0aX:1", "/trafﬁc", "/träffic", "/\\traffic", "/dump", "/dump/", "/dump/streams/",
        "/dump//streams", "/online/", "/online%2F", "//evil.example/traffic", "http://x", "/index.html", "/kick", "*",
        "/\(String(repeating: "a", count: 9000))",
    ].map { .get($0, "404 Not Found") }

    static let malformedTargets: [Self] = ["%2ftraffic", "traffic", "/%zz", "/traffic%", "\\traffic", "?", "/%"].map {
        .get($0, "400 Bad Request", closes: true)
    }

    static let methods: [Self] =
        [
            "HEAD /traffic", "OPTIONS /traffic", "PUT /traffic", "DELETE /traffic", "PATCH /traffic", "TRACE /traffic",
            "get /traffic", "FOO /traffic", "HEAD /", "POST /", "HEAD /online", "POST /online", "HEAD /dump/streams",
            "POST /dump/streams", "CONNECT example.com:443", "CONNECT /traffic", "PUT /kick", "DELETE /kick",
            "post /kick", "POST /kick/",
        ].map {
            Self(name: $0, request: Self.text($0), status: "404 Not Found", length: 19)
        }
        + [
            Self(name: "G@T", request: Self.text("G@T /traffic"), status: "400 Bad Request", closes: true),
            Self(name: "OPTIONS *", request: Self.text("OPTIONS *", authorized: false), status: "200 OK", length: 0),
            Self(
                name: "OPTIONS * with a body",
                request: Self.text("OPTIONS *", body: "12345"),
                status: "200 OK",
                length: 0
            ),
        ]

    static let clearing: [Self] = [
        .clear("clear=0", false), .clear("clear=junk", false), .clear("clear", false), .clear("clear=", false),
        .clear("clear=yes", false), .clear("clear=on", false), .clear("clear=2", false), .clear("clear=01", false),
        .clear("clear=%201", false), .clear("clear=+1", false), .clear("CLEAR=1", false), .clear("clear=tRuE", false),
        .clear("clear[]=1", false), .clear("clear=0&clear=1", false), .clear("x=1;clear=1", false),
        .clear("clear=1;x=1", false), .clear("clear=%zz&clear=1", true), .clear("x=%zz&clear=1", true),
        .clear("&&&", false), .clear("clear=1", true), .clear("clear=0&x=1", false), .clear("clear=1&clear=0", true),
        .clear("clear=true", true), .clear("clear=t", true), .clear("clear=T", true), .clear("clear=TRUE", true),
        .clear("clear=True", true), .clear("%63lear=1", true), .clear("clear=%31", true), .clear("c%6cear=%54", true),
        .clear("clear=1#frag", false), .clear("?clear=1", false), .clear("x=1?clear=1", false),
        .clear("foo&clear=1", true), .clear("clear=1%00", false), .clear("clear=all", false),
        Self(name: "HEAD", request: Self.text("HEAD /traffic?clear=1"), status: "404 Not Found"),
        Self(name: "POST", request: Self.text("POST /traffic?clear=1"), status: "404 Not Found"),
        Self(name: "OPTIONS", request: Self.text("OPTIONS /traffic?clear=1"), status: "404 Not Found"),
        Self(name: "form body", request: Self.text("GET /traffic", body: "clear=1"), status: "200 OK"),
        Self(
            name: "no secret",
            request: Self.text("GET /traffic?clear=1", authorized: false),
            status: "401 Unauthorized",
            length: 13
        ),
        Self(name: "encoded path", request: Self.text("GET /%74raffic?clear=1"), status: "200 OK", clears: true),
        Self(
            name: "absolute form",
            request: Self.text("GET http://other.example/traffic?clear=1"),
            status: "200 OK",
            clears: true
        ),
        Self(
            name: "HTTP/1.0",
            request: Self.text("GET /traffic?clear=1", version: "HTTP/1.0"),
            status: "200 OK",
            closes: true,
            clears: true
        ),
    ]

    static let kicks: [Self] = [
        .kick(#"["nobody1"]"#, "200 OK", length: 0), .kick("[]", "200 OK", length: 0),
        .kick("null", "200 OK", length: 0),
        .kick("", "400 Bad Request", length: 4), .kick("  \n", "400 Bad Request", length: 4),
        .kick("not JSON", "400 Bad Request", length: 54), .kick("ids=a", "400 Bad Request", length: 53),
        .kick(#"{"ids":["nobody1"]}"#, "400 Bad Request", length: 61),
        .kick(#""nobody1""#, "400 Bad Request", length: 61),
        .kick("5", "400 Bad Request", length: 61), .kick("true", "400 Bad Request", length: 59),
        .kick("[1,2]", "400 Bad Request", length: 59), .kick(#"["a",1]"#, "400 Bad Request", length: 59),
        .kick(#"[1,"a"]"#, "400 Bad Request", length: 59), .kick(#"["a",null]"#, "200 OK", length: 0),
        .kick(#"[["a"]]"#, "400 Bad Request", length: 58), .kick(#"[{"id":"a"}]"#, "400 Bad Request", length: 59),
        .kick(#"["a""#, "400 Bad Request", length: 15), .kick(#"["a",]"#, "400 Bad Request", length: 53),
        .kick("['a']", "400 Bad Request", length: 54), .kick(#"["nobody1"] trailing garbage"#, "200 OK", length: 0),
        .kick(#"["nobody1"]["nobody2"]"#, "200 OK", length: 0), .kick("\u{feff}[]", "400 Bad Request", length: 54),
        .kick(#"["\ud800"]"#, "200 OK", length: 0), .kick("[\"a\nb\"]", "400 Bad Request", length: 41),
        .kick(#"["\u0000"]"#, "200 OK", length: 0), .kick("\u{1f}gzip", "400 Bad Request", length: 56),
        Self(name: "no body, no length", request: Self.text("POST /kick"), status: "400 Bad Request", length: 4),
        Self(name: "query", request: Self.text("POST /kick?x=1", body: "[]"), status: "200 OK", length: 0),
        Self(name: "encoded path", request: Self.text("POST /%6bick", body: "[]"), status: "200 OK", length: 0),
        Self(
            name: "chunked",
            request: Self.text("POST /kick", ["Transfer-Encoding: chunked"])
                + "2\r\n[\"\r\n3;x=y\r\na\"]\r\n0\r\nT: 1\r\n\r\n",
            status: "200 OK",
            length: 0
        ),
        Self(
            name: "bad chunk size",
            request: Self.text("POST /kick", ["Transfer-Encoding: chunked"]) + "zz\r\n[]\r\n0\r\n\r\n",
            status: "400 Bad Request",
            length: 29,
            closes: true
        ),
        Self(
            name: "length and chunked",
            request: Self.text("POST /kick", ["Content-Length: 5", "Transfer-Encoding: chunked"])
                + "2\r\n[]\r\n0\r\n\r\n",
            status: "200 OK",
            length: 0
        ),
        Self(
            name: "two different lengths",
            request: Self.text("POST /kick", ["Content-Length: 2", "Content-Length: 3"]) + "[]",
            status: "400 Bad Request",
            closes: true
        ),
        Self(
            name: "two equal lengths",
            request: Self.text("POST /kick", ["Content-Length: 2", "Content-Length: 2"]) + "[]",
            status: "200 OK",
            length: 0
        ),
        Self(
            name: "gzip, chunked",
            request: Self.text("POST /kick", ["Transfer-Encoding: gzip, chunked"]),
            status: "501 Not Implemented",
            closes: true
        ),
        Self(
            name: "Expect: something",
            request: Self.text("POST /kick", ["Expect: something"], body: "[]"),
            status: "417 Expectation Failed",
            length: 0,
            closes: true
        ),
        Self(
            name: "Expect with the wrong path",
            request: Self.text("POST /nope", ["Expect: 100-continue", "Content-Length: 2"]),
            status: "404 Not Found",
            length: 19,
            closes: true
        ),
        Self(
            name: "Expect with nothing to come",
            request: Self.text("POST /kick", ["Expect: 100-continue"], body: ""),
            status: "400 Bad Request",
            length: 4
        ),
    ]

    private static func online(_ name: String, _ authorization: [String], _ status: String) -> Self {
        Self(
            name: name,
            request: Self.text("GET /online", authorization, authorized: false),
            status: status,
            length: status == "401 Unauthorized" ? 13 : nil
        )
    }

    static let secrets: [Self] = [
        .online("none", [], "401 Unauthorized"), .online("wrong", ["Authorization: x"], "401 Unauthorized"),
        .online("Bearer", ["Authorization: Bearer SECRET"], "401 Unauthorized"),
        .online("Basic", ["Authorization: Basic OlNFQ1JFVA=="], "401 Unauthorized"),
        .online("empty", ["Authorization:"], "401 Unauthorized"),
        .online("another case", ["Authorization: secret"], "401 Unauthorized"),
        .online("blanks around", ["Authorization: \t SECRET \t "], "200 OK"),
        .online("quotes", ["Authorization: \"SECRET\""], "401 Unauthorized"),
        .online("longer", ["Authorization: SECRETx"], "401 Unauthorized"),
        .online("shorter", ["Authorization: SECRE"], "401 Unauthorized"),
        .online("lower-case name", ["authorization: SECRET"], "200 OK"),
        .online("right, then wrong", ["Authorization: SECRET", "Authorization: x"], "200 OK"),
        .online("wrong, then right", ["Authorization: x", "Authorization: SECRET"], "401 Unauthorized"),
        .online("Proxy-Authorization", ["Proxy-Authorization: SECRET"], "401 Unauthorized"),
        .online("high byte", ["Authorization: SECRETé"], "401 Unauthorized"),
        .online("folded", ["Authorization:", " SECRET"], "200 OK"),
        Self(
            name: "blank before the colon",
            request: Self.text("GET /online", ["Authorization : SECRET"], authorized: false),
            status: "400 Bad Request: invalid header name",
            closes: true
        ),
        Self(
            name: "NUL",
            request: Self.text("GET /online", ["Authorization: SECRET\u{0}"], authorized: false),
            status: "400 Bad Request",
            closes: true
        ),
        Self(
            name: "unknown path",
            request: Self.text("GET /nope", authorized: false),
            status: "401 Unauthorized",
            length: 13
        ),
    ]

    private static func raw(_ name: String, _ request: String, _ status: String, closes: Bool = true) -> Self {
        Self(name: name, request: request, status: status, closes: closes)
    }

    static let versionsAndFraming: [Self] = [
        .raw("HTTP/1.0", Self.text("GET /online", version: "HTTP/1.0"), "200 OK"),
        .raw(
            "1.0 keep",
            Self.text("GET /online", ["Connection: keep-alive"], version: "HTTP/1.0"),
            "200 OK",
            closes: false
        ),
        .raw("HTTP/1.0 without Host", "GET /online HTTP/1.0\r\nAuthorization: SECRET\r\n\r\n", "200 OK"),
        .raw("Connection: close", Self.text("GET /online", ["Connection: close"]), "200 OK"),
        .raw("Connection: Close, keep-alive", Self.text("GET /online", ["Connection: Close, keep-alive"]), "200 OK"),
        .raw("Connection: keep-alive", Self.text("GET /online", ["Connection: keep-alive"]), "200 OK", closes: false),
        .raw("no Host", "GET /online HTTP/1.1\r\n\r\n", "400 Bad Request: missing required Host header"),
        .raw("empty Host", "GET /online HTTP/1.1\r\nHost:\r\nAuthorization: SECRET\r\n\r\n", "200 OK", closes: false),
        .raw("two Hosts", Self.text("GET /online", ["Host: y"]), "400 Bad Request"),
        .raw("Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 Bad Request: malformed Host header"),
        .raw("Host with a slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400 Bad Request: malformed Host header"),
        .raw("Host beyond ASCII", "GET / HTTP/1.1\r\nHost: 😀\r\n\r\n", "400 Bad Request: malformed Host header"),
        .raw("HTTP/1.2", Self.text("GET /online", version: "HTTP/1.2"), "200 OK", closes: false),
        .raw(
            "HTTP/2.0",
            Self.text("GET /online", version: "HTTP/2.0"),
            "505 HTTP Version Not Supported: unsupported protocol version"
        ),
        .raw("HTTP/0.9", "GET /online\r\n\r\n", "400 Bad Request"),
        .raw("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "401 Unauthorized"),
        .raw("LF alone", "GET /online HTTP/1.1\nHost: x\nAuthorization: SECRET\n\n", "200 OK", closes: false),
        .raw("leading line end", "\r\n" + Self.text("GET /online"), "400 Bad Request"),
        .raw("no colon", Self.text("GET /online", ["nonsense"]), "400 Bad Request"),
        .raw("empty name", Self.text("GET /online", [": x"]), "400 Bad Request"),
        .raw("blank in a name", Self.text("GET /online", ["a b: x"]), "400 Bad Request: invalid header name"),
        .raw("Upgrade", Self.text("GET /online", ["Connection: Upgrade", "Upgrade: h2c"]), "200 OK", closes: false),
        .raw("many headers", Self.text("GET /online", (0..<5000).map { "a\($0): b" }), "200 OK", closes: false),
        .raw(
            "large headers",
            Self.text("GET /online", Array(repeating: "a: \(String(repeating: "b", count: 1000))", count: 1200)),
            "431 Request Header Fields Too Large"
        ),
        .raw(
            "200 KB of unread body",
            Self.text("GET /online", body: String(repeating: "a", count: 200 << 10)),
            "200 OK",
            closes: false
        ),
        .raw(
            "300 KB of unread body",
            Self.text("GET /online", body: String(repeating: "a", count: 300 << 10)),
            "200 OK"
        ),
    ]
}
