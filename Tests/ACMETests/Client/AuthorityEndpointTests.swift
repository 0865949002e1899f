import Testing

@testable import ACME

@Suite("Where a URL of an authority leads")
struct AuthorityEndpointTests {
    @Test(
        "is a host, a port and a target",
        arguments: [
            ("https://acme.example/directory", "acme.example", 443, "/directory", "acme.example"),
            ("https://ACME.example", "acme.example", 443, "/", "acme.example"),
            ("https://acme.example:14000/a?b=c", "acme.example", 14_000, "/a?b=c", "acme.example:14000"),
            ("https://acme.example?b", "acme.example", 443, "/?b", "acme.example"),
            ("https://acme.example.:/", "acme.example", 443, "/", "acme.example"),
            ("https://127.0.0.1:14000/dir", "127.0.0.1", 14_000, "/dir", "127.0.0.1:14000"),
            ("https://[::1]:14000/dir", "::1", 14_000, "/dir", "[::1]:14000"),
            ("https://[2001:DB8::1]/dir", "2001:db8::1", 443, "/dir", "[2001:db8::1]"),
        ]
    )
    func read(url: String, host: String, port: Int, target: String, field: String) {
        let endpoint = AuthorityEndpoint(url)
        #expect(endpoint?.host == host)
        #expect(endpoint?.port == port)
        #expect(endpoint?.target == target)
        #expect(endpoint?.hostField == field)
    }

    @Test(
        "is nothing where it is no https URL",
        arguments: [
            "", "http://acme.example/", "HTTPS://acme.example/", "https://", "https:///a", "https://a b/",
            "https://a/b c",
            "https://a/\r\nX: y", "https://user@acme.example/", "https://acme.example:0/",
            "https://acme.example:65536/",
            "https://acme.example:+1/", "https://acme.example:1:2/", "https://[::1/", "https://[::1]x/",
            "https://[a.b]/",
            "https://::1/", "https://*.a.example/", "https://a_b.example/", "https://acme.example/#a", "https://1.2.3/",
            "https://[1.2.3.4]/", "https://acme.example/\u{e9}", "https://a\\b/", "file:///etc/passwd", "ftp://a/",
        ]
    )
    func refused(url: String) {
        #expect(AuthorityEndpoint(url) == nil)
    }

    @Test("a redirect leads to a URL or a path, and never to http")
    func redirects() {
        let start = AuthorityEndpoint("https://acme.example:14000/a/b")
        #expect(start?.following("/c")?.url == "https://acme.example:14000/c")
        #expect(start?.following("https://other.example/c")?.url == "https://other.example/c")
        for location in ["http://acme.example/", "//other.example/c", "c", "", "/a b", "/\r\n", "?x", "javascript:1"] {
            #expect(start?.following(location) == nil, "\(location)")
        }
    }

    @Test("a nonce serves once, the last counts, and what is none is ignored")
    func nonces() {
        var pool = NoncePool()
        #expect(pool.take() == nil)
        pool.keep("abc-_9")
        #expect(pool.take() == "abc-_9")
        #expect(pool.take() == nil)
        pool.keep("a")
        pool.keep("b")
        for bad in [nil, "", "a b", "a\"", "é", "a=", String(repeating: "a", count: 513)] { pool.keep(bad) }
        #expect(pool.take() == "b")
    }
}
