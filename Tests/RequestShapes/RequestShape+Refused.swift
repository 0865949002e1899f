extension RequestShape {
    /// Where a body ends.
    static let framing: [RequestShape] = [
        refused("CL.TE", kick("Content-Length: 6", "Transfer-Encoding: chunked", body: "0\r\n\r\nX")),
        refused("TE.CL", kick("Transfer-Encoding: chunked", "Content-Length: 4", body: "5c\r\n")),
        refused("CL.0 beside TE", kick("Content-Length: 0", "Transfer-Encoding: chunked", body: "0\r\n\r\n")),
        refused("TE.TE", kick("Transfer-Encoding: chunked", "Transfer-Encoding: x", body: "0\r\n\r\n")),
        refused(
            "TE.TE, the other first",
            kick("Transfer-Encoding: x", "Transfer-Encoding: chunked", body: "0\r\n\r\n")
        ),
        refused("chunked twice", kick("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body: "0\r\n\r\n")),
        refused("chunked, chunked", kick("Transfer-Encoding: chunked, chunked", body: "0\r\n\r\n")),
        refused("chunked, identity", kick("Transfer-Encoding: chunked, identity", body: "0\r\n\r\n")),
        refused("identity, chunked", kick("Transfer-Encoding: identity, chunked", body: "0\r\n\r\n")),
        refused("gzip, chunked", kick("Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n")),
        refused("a list that begins empty", kick("Transfer-Encoding: , chunked", body: "0\r\n\r\n")),
        refused("xchunked", kick("Transfer-Encoding: xchunked", body: "0\r\n\r\n")),
        refused("a tab behind chunked", kick("Transfer-Encoding: chunked\t", body: "0\r\n\r\n")),
        refused("a tab before chunked", kick("Transfer-Encoding:\tchunked", body: "0\r\n\r\n")),
        refused("a tab behind a Content-Length", kick("Content-Length: 2\t", body: "[]")),
        refused("chunked behind a vertical tab", kick("Transfer-Encoding: \u{B}chunked", body: "0\r\n\r\n")),
        refused("chunked with a NUL", kick("Transfer-Encoding: chunked\u{0}", body: "0\r\n\r\n")),
        refused("a blank before the coding's colon", kick("Transfer-Encoding : chunked", body: "0\r\n\r\n")),
        refused("a folded coding", kick("Transfer-Encoding:\r\n chunked", body: "0\r\n\r\n")),
        refused("an empty coding", kick("Transfer-Encoding:", body: "0\r\n\r\n")),
        refused("a coding in HTTP/1.0", head("POST /kick HTTP/1.0", ["Transfer-Encoding: chunked"]) + "0\r\n\r\n"),
        refused("two lengths", kick("Content-Length: 2", "Content-Length: 3", body: "[] ")),
        refused("a list of lengths", kick("Content-Length: 2, 2", body: "[]")),
        refused("a length with a plus", kick("Content-Length: +2", body: "[]")),
        refused("a length with a minus", kick("Content-Length: -2", body: "[]")),
        refused("a length in hexadecimal", kick("Content-Length: 0x2", body: "[]")),
        refused("a length with an underscore", kick("Content-Length: 0_2", body: "[]")),
        refused("a length with a blank within", kick("Content-Length: 0 2", body: "[]")),
        refused("an empty length", kick("Content-Length:", body: "[]")),
        refused("a length of 2^64 + 2", kick("Content-Length: 18446744073709551618", body: "[]"), 413),
        refused("a length of 2^32 + 2", kick("Content-Length: 4294967298", body: "[]"), 413),
        refused("a length of 40 digits", kick("Content-Length: 1\(String(repeating: "0", count: 39))", body: ""), 413),
    ]

    /// Where lines end, and what the first one is.
    static let lines: [RequestShape] = [
        refused("bare LF everywhere", "GET /traffic HTTP/1.1\nHost: a\n\n"),
        refused("bare LF behind a field", "GET /traffic HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
        refused("bare LF as the empty line", "GET /traffic HTTP/1.1\r\nHost: a\r\n\n"),
        refused("bare CR in a value", request("GET /traffic", "X: y\rZ: x")),
        refused("bare CR in the request line", "GET /traffic HTTP/1.1\rHost: a\r\n\r\n"),
        refused("CR CR LF", request("GET /traffic", "X: y\r")),
        refused("NUL in a value", request("GET /traffic", "X: y\u{0}z")),
        refused("NUL in a name", request("GET /traffic", "X\u{0}: y")),
        refused("NUL in the target", request("GET /traffic\u{0}")),
        refused("HTTP/0.9", "GET /traffic\r\n"),
        refused("HTTP/0.9 by name", request("GET /traffic", version: "HTTP/0.9"), 505),
        refused("HTTP/2.0 by name", request("GET /traffic", version: "HTTP/2.0"), 505),
        refused("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        refused("a version of two digits", request("GET /traffic", version: "HTTP/1.10")),
        refused("a version in lower case", request("GET /traffic", version: "http/1.1")),
        refused("words behind the version", request("GET /traffic", version: "HTTP/1.1 x")),
        refused("two blanks", request("GET  /traffic")),
        refused("a tab for a blank", request("GET\t/traffic")),
        refused("a method that is no token", request("G(T /traffic")),
        refused("a blank first", " " + request("GET /traffic")),
        refused("two empty lines first", "\r\n\r\n" + request("GET /traffic")),
    ]

    /// Fields.
    static let fields: [RequestShape] = [
        refused("a folded field", request("GET /traffic", "X: y\r\n z")),
        refused("a field folded by a tab", request("GET /traffic", "X: y\r\n\tTransfer-Encoding: chunked")),
        refused("a folded first field", "GET /traffic HTTP/1.1\r\n Host: a\r\nX: y\r\n\r\n"),
        refused("a blank before a colon", request("GET /traffic", "X : y")),
        refused("no colon", request("GET /traffic", "X")),
        refused("no name", request("GET /traffic", ": x")),
        refused("no Host", head("GET /traffic HTTP/1.1", [])),
        refused("two Hosts", request("GET /traffic", "Host: a")),
        refused("two differing Hosts", request("GET /traffic", "Host: b")),
        refused("an empty Host", head("GET /traffic HTTP/1.1", ["Host:"])),
        refused("a Host with a user", head("GET /traffic HTTP/1.1", ["Host: u:p@a"])),
        refused("a Host with a path", head("GET /traffic HTTP/1.1", ["Host: a/b"])),
        refused("two credentials", request("GET /traffic", "Authorization: Bearer x")),
        refused("an unknown expectation", request("GET /traffic", "Expect: 200-ok"), 417),
        refused("fields without an end", request("GET /traffic", String(repeating: "x: y\r\n", count: 3000)), 431),
    ]

    /// What is asked for.
    static let targets: [RequestShape] = [
        refused("CONNECT", request("CONNECT a:443")),
        refused("a query for a target", request("GET ?clear=1")),
        refused("a fragment", request("GET /traffic#x")),
        refused("another scheme", request("GET gopher://a/traffic")),
        refused("a user in an address", request("GET http://u:p@a/traffic")),
        refused("an address without a host", request("GET http:///traffic")),
        refused("an asterisk with GET", request("GET *")),
        refused("a request in a target", request("GET /x HTTP/1.1 /traffic")),
    ]

    /// Chunks.
    static let chunks: [RequestShape] = [
        refused("a chunk size with a prefix", chunked("0x2\r\n[]\r\n0\r\n\r\n")),
        refused("a chunk size with a plus", chunked("+2\r\n[]\r\n0\r\n\r\n")),
        refused("a chunk size with a minus", chunked("-2\r\n[]\r\n0\r\n\r\n")),
        refused("a chunk size with a blank", chunked("2 \r\n[]\r\n0\r\n\r\n")),
        refused("a chunk size of 2^64 + 2", chunked("10000000000000002\r\n[]\r\n0\r\n\r\n"), 413),
        refused("a chunk size of 2^32 + 2", chunked("100000002\r\n[]\r\n0\r\n\r\n"), 413),
        refused("no chunk size", chunked("\r\n[]\r\n0\r\n\r\n")),
        refused("a chunk longer than its size", chunked("2\r\n[]]\r\n0\r\n\r\n")),
        refused("a bare LF behind a chunk size", chunked("2\n[]\r\n0\r\n\r\n")),
        refused("a bare CR behind a chunk size", chunked("2\r[]\r\n0\r\n\r\n")),
        refused("a huge chunk extension", chunked("2;\(String(repeating: "x", count: 5000))\r\n[]\r\n0\r\n\r\n")),
        refused("a bare LF in a chunk extension", chunked("2;a\n[]\r\n0\r\n\r\n")),
        refused("a length in a trailer", chunked("2\r\n[]\r\n0\r\nContent-Length: 5\r\n\r\n")),
        refused("a coding in a trailer", chunked("2\r\n[]\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n")),
        refused("a folded trailer", chunked("2\r\n[]\r\n0\r\nX: y\r\n z\r\n\r\n")),
        refused("a trailer that is a request", chunked("2\r\n[]\r\n0\r\n")),
    ]
}
