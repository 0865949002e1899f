@testable import Gateway
@testable import HTTPServer

extension RequestCorpus {
    static let bad: [Bad] = framing + lines + fields + targets + chunks + limits + others

    /// Two ways to read where a request ends.
    private static let framing: [Bad] = [
        .init(
            "Content-Length and Transfer-Encoding",
            head("Content-Length: 6", "Transfer-Encoding: chunked") + "0\r\n\r\nX"
        ),
        .init(
            "Transfer-Encoding and Content-Length",
            head("Transfer-Encoding: chunked", "Content-Length: 6") + "0\r\n\r\nX"
        ),
        .init(
            "Transfer-Encoding and Content-Length: 0",
            head("Transfer-Encoding: chunked", "Content-Length: 0") + "0\r\n\r\n"
        ),
        .init("two Transfer-Encodings", head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
        .init("chunked and identity", head("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "0\r\n\r\n"),
        .init("identity and chunked", head("Transfer-Encoding: identity", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
        .init("chunked, chunked", head("Transfer-Encoding: chunked, chunked") + "0\r\n\r\n"),
        .init("gzip, chunked", head("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n"),
        .init("chunked, gzip", head("Transfer-Encoding: chunked, gzip") + "0\r\n\r\n"),
        .init("identity", head("Transfer-Encoding: identity") + "0\r\n\r\n"),
        .init("xchunked", head("Transfer-Encoding: xchunked") + "0\r\n\r\n"),
        .init("chunked with a parameter", head("Transfer-Encoding: chunked;q=1") + "0\r\n\r\n"),
        .init("chunked in quotes", head("Transfer-Encoding: \"chunked\"") + "0\r\n\r\n"),
        .init("a tab behind chunked", head("Transfer-Encoding: chunked\t") + "0\r\n\r\n"),
        .init("a tab before a Content-Length", head("Content-Length:\t2") + "hi"),
        .init("a tab behind a Content-Length", head("Content-Length: 2\t") + "hi"),
        .init("a tab behind close", head("Connection: close\t")),
        .init("Connection in a trailer", head("Transfer-Encoding: chunked") + "0\r\nConnection: close\r\n\r\n"),
        .init("chunked behind a vertical tab", head("Transfer-Encoding: \u{B}chunked") + "0\r\n\r\n"),
        .init("an empty Transfer-Encoding", head("Transfer-Encoding:") + "0\r\n\r\n"),
        .init("Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init("a space before Transfer-Encoding's colon", head("Transfer-Encoding : chunked") + "0\r\n\r\n"),
        .init("a folded Transfer-Encoding", head("Transfer-Encoding:\r\n chunked") + "0\r\n\r\n"),
        .init("a Transfer-Encoding hidden by folding", head("X: y\r\n\tTransfer-Encoding: chunked") + "0\r\n\r\n"),
        .init("two differing Content-Lengths", head("Content-Length: 5", "Content-Length: 6") + "012345"),
        .init("a list of lengths", head("Content-Length: 5, 6") + "012345"),
        .init("a list of equal lengths", head("Content-Length: 5, 5") + "01234"),
        .init("a length with a plus", head("Content-Length: +5") + "01234"),
        .init("a length with a minus", head("Content-Length: -5") + "01234"),
        .init("a length in hexadecimal", head("Content-Length: 0x5") + "01234"),
        .init("a length with a blank within", head("Content-Length: 5 5") + "01234"),
        .init("a length with a fraction", head("Content-Length: 5.0") + "01234"),
        .init("an empty length", head("Content-Length:") + "01234"),
        .init("a length in other digits", head("Content-Length: ٥") + "01234"),
        .init("a length beyond 64 bits", head("Content-Length: 18446744073709551621") + "01234", .contentTooLarge),
        .init(
            "two lengths beyond 64 bits",
            head("Content-Length: 18446744073709551621", "Content-Length: 5") + "01234"
        ),
    ]

    private static let lines: [Bad] = [
        .init("bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n"),
        .init("bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        .init("bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
        .init("bare LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        .init("bare LF first", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("bare CR in the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        .init("bare CR in a field value", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n"),
        .init("CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
        .init("CR CR LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n"),
        .init("a CR alone first", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init(
            "two empty lines between",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            before: 1
        ),
        .init("a blank first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("two blanks behind the method", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a tab behind the method", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("two blanks behind the target", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a blank behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        .init("a request line of one word", "GET\r\nHost: a\r\n\r\n"),
        .init("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("HTTP/0.9", "GET /\r\n\r\n"),
        .init("a version of another name", "GET / HTTQ/1.1\r\nHost: a\r\n\r\n"),
        .init("a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        .init("a version without a minor one", "GET / HTTP/1\r\nHost: a\r\n\r\n"),
        .init("a version of two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        .init("a version with a sign", "GET / HTTP/+1.1\r\nHost: a\r\n\r\n"),
        .init("HTTP/2.0 in text", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", .httpVersionNotSupported),
        .init("HTTP/0.9 said outright", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", .httpVersionNotSupported),
        .init("HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", .httpVersionNotSupported),
        .init("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .httpVersionNotSupported),
        .init("a method that is no token", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("no method", " / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ]

    private static let fields: [Bad] = [
        .init("no Host", "GET / HTTP/1.1\r\n\r\n"),
        .init("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        .init("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        .init("an empty Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost: \r\n\r\n"),
        .init("a Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        .init("a Host with a slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        .init("a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        .init("a Host that is a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        .init("a Host beyond ASCII", "GET / HTTP/1.1\r\nHost: 😀\r\n\r\n"),
        .init("a Host that is a bracket", "GET / HTTP/1.1\r\nHost: [\r\n\r\n"),
        .init("a Host that is an address without brackets", "GET / HTTP/1.1\r\nHost: ::1\r\n\r\n"),
        .init("a Host with a port that is no number", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        .init("a Host with a negative port", "GET / HTTP/1.1\r\nHost: a:-1\r\n\r\n"),
        .init("a Host with two ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"),
        .init("a Host that is a port", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"),
        .init("a Host with a malformed escape", "GET / HTTP/1.1\r\nHost: %zz\r\n\r\n"),
        .init("a Host with half an escape", "GET / HTTP/1.1\r\nHost: a%4\r\n\r\n"),
        .init("a Host with a name in brackets", "GET / HTTP/1.1\r\nHost: [a]\r\n\r\n"),
        .init("a Host with IPv4 in brackets", "GET / HTTP/1.1\r\nHost: [127.0.0.1]\r\n\r\n"),
        .init("a Host with text behind brackets", "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n"),
        .init("a Host with brackets inside", "GET / HTTP/1.1\r\nHost: a[::1]\r\n\r\n"),
        .init("a Host with a zone", "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n"),
        .init("a Host in quotes", "GET / HTTP/1.1\r\nHost: \"a\"\r\n\r\n"),
        .init("a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        .init("a tab before the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n"),
        .init("no colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
        .init("no name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"),
        .init("a name with a blank", "GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n"),
        .init("a name in quotes", "GET / HTTP/1.1\r\nHost: a\r\n\"X\": z\r\n\r\n"),
        .init("a name beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\nÄ: z\r\n\r\n"),
        .init("a folded field", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"),
        .init("a folded field with a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n"),
        .init("a blank before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        .init("a line of blanks", "GET / HTTP/1.1\r\nHost: a\r\n  \r\n\r\n"),
        .init("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\u{0}z\r\n\r\n"),
        .init("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\u{0}: z\r\n\r\n"),
        .init("an escape in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{1B}[2J\r\n\r\n"),
        .init("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n"),
        .init("two credentials", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nAuthorization: x\r\n\r\n"),
        .init("an expectation unknown", "GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", .expectationFailed),
        .init("an empty expectation", "GET / HTTP/1.1\r\nHost: a\r\nExpect:\r\n\r\n", .expectationFailed),
    ]

    private static let targets: [Bad] = [
        .init("a target that is no path", "GET traffic HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a target that is a query", "GET ?x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a target that is an encoded path", "GET %2ftraffic HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a target with a backslash first", "GET \\traffic HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a fragment", "GET /traffic#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a target beyond ASCII", "GET /träffic HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("NUL in the target", "GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("DEL in the target", "GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("asterisk form of another method", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
        .init("CONNECT with a path", "CONNECT /traffic HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a scheme without an authority", "GET http:///traffic HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a scheme and nothing", "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a user in absolute form", "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a bracket in absolute form", "GET http://[/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("a port that is no number in absolute form", "GET http://a:b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("absolute form without a Host", "GET http://a/ HTTP/1.1\r\n\r\n"),
    ]

    private static let chunks: [Bad] = [
        .init("no chunk size", chunked("\r\n")),
        .init("a chunk size that is no number", chunked("x\r\n")),
        .init("a chunk size with a prefix", chunked("0x1\r\na\r\n0\r\n\r\n")),
        .init("a chunk size with a sign", chunked("+1\r\na\r\n0\r\n\r\n")),
        .init("a negative chunk size", chunked("-1\r\na\r\n0\r\n\r\n")),
        .init("a blank before the chunk size", chunked(" 1\r\na\r\n0\r\n\r\n")),
        .init("a blank behind the chunk size", chunked("1 \r\na\r\n0\r\n\r\n")),
        .init("a bare LF behind the chunk size", chunked("1\na\r\n0\r\n\r\n")),
        .init("a bare CR behind the chunk size", chunked("1\ra\r\n0\r\n\r\n")),
        .init("a bare LF behind the chunk", chunked("1\r\na\n0\r\n\r\n")),
        .init("a chunk longer than its size", chunked("1\r\nab\r\n0\r\n\r\n")),
        .init("a chunk shorter than its size", chunked("3\r\na\r\n0\r\n\r\n")),
        .init("a bare LF at the end", chunked("0\r\n\n")),
        .init("a bare CR at the end", chunked("0\r\n\rX")),
        .init("a bare LF behind a trailer", chunked("0\r\nX: y\n\r\n")),
        .init("a trailer without a colon", chunked("0\r\nX\r\n\r\n")),
        .init("a trailer without a name", chunked("0\r\n: x\r\n\r\n")),
        .init("a trailer that is a request", chunked("0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")),
        .init("a folded trailer", chunked("0\r\nX: y\r\n z\r\n\r\n")),
        .init("a length in a trailer", chunked("0\r\nContent-Length: 5\r\n\r\n")),
        .init("a transfer-coding in a trailer", chunked("0\r\nx: y\r\ntransfer-encoding: chunked\r\n\r\n")),
        .init("NUL in a trailer", chunked("0\r\nX: \u{0}\r\n\r\n")),
        .init("a space before a trailer's colon", chunked("0\r\nX : y\r\n\r\n")),
        .init("an empty chunk extension", chunked("1;\r\na\r\n0\r\n\r\n")),
        .init("a chunk extension with an empty value", chunked("1;a=\r\na\r\n0\r\n\r\n")),
        .init("a chunk extension that is a blank", chunked("1; \r\na\r\n0\r\n\r\n")),
        .init("a blank behind a chunk extension", chunked("1;a \r\na\r\n0\r\n\r\n")),
        .init("a chunk extension in two words", chunked("1;a b\r\na\r\n0\r\n\r\n")),
        .init("a chunk extension with an open quote", chunked("1;a=\"b\r\na\r\n0\r\n\r\n")),
        .init("a bare LF in a chunk extension", chunked("1;a\nb\r\na\r\n0\r\n\r\n")),
        .init("a bare CR in a chunk extension", chunked("1;a\rb\r\na\r\n0\r\n\r\n")),
        .init("NUL in a chunk extension", chunked("1;a=\"\u{0}\"\r\na\r\n0\r\n\r\n")),
        .init("a huge chunk extension", chunked("1;\(String(repeating: "a", count: 4096))\r\na\r\n0\r\n\r\n")),
        .init("a chunk size of seventeen digits", chunked("00000000000000001\r\na\r\n0\r\n\r\n")),
        .init("a chunk size beyond 64 bits", chunked("10000000000000001\r\na\r\n0\r\n\r\n"), .contentTooLarge),
    ]

    private static let limits: [Bad] = [
        .init("a head one byte too large", head(ofSize: HTTP1Limits.head + 1), .requestHeaderFieldsTooLarge),
        .init(
            "a head without an end",
            "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 20_000),
            .requestHeaderFieldsTooLarge
        ),
        .init("a target without an end", "GET /" + String(repeating: "x", count: 20_000), .requestHeaderFieldsTooLarge),
        .init(
            "very many fields",
            "GET / HTTP/1.1\r\n" + String(repeating: "a:\r\n", count: 5_000),
            .requestHeaderFieldsTooLarge
        ),
        .init("a body one byte too large", post(length: HTTP1Limits.body + 1), .contentTooLarge),
        .init("a chunk one byte too large", chunked("10001\r\n"), .contentTooLarge),
        .init(
            "chunks that are too large together",
            chunked("8000\r\n\(String(repeating: "b", count: 0x8000))\r\n8001\r\n"),
            .contentTooLarge
        ),
        .init(
            "trailers without an end",
            chunked("0\r\n" + String(repeating: "a: b\r\n", count: 1_000)),
            .requestHeaderFieldsTooLarge
        ),
        .init(
            "a trailer name without an end",
            chunked("0\r\n" + String(repeating: "a", count: 5_000)),
            .requestHeaderFieldsTooLarge
        ),
    ]

    private static let others: [Bad] = [
        .init("a TLS greeting", bytes: [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]),
        .init("an SSH greeting", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        .init("a SOCKS greeting", bytes: [0x05, 0x01, 0x00]),
        .init("a PROXY line", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .init("an HTTP answer", "HTTP/1.1 200 OK\r\nHost: a\r\n\r\n"),
        .init("NUL first", bytes: [0]),
        .init("a byte order mark", bytes: [0xEF, 0xBB, 0xBF] + "GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
        .init("rubbish behind a good request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n\u{1}", before: 1),
        .init("a body nobody announced", "POST / HTTP/1.1\r\nHost: a\r\n\r\n[\"a\"]\r\n\r\n", before: 1),
    ]
}

extension RequestCorpus.Bad {
    fileprivate init(_ name: String, _ text: String, _ status: HTTPStatus = .badRequest, before: Int = 0) {
        self.init(name: name, bytes: Array(text.utf8), status: status, requestsBefore: before)
    }

    fileprivate init(_ name: String, bytes: [UInt8]) {
        self.init(name: name, bytes: bytes, status: .badRequest)
    }
}
