import NIOCore
import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("Plain HTTP is sent to HTTPS, for names that are served")
struct RedirectExchangeTests {
    private final class NoSink: ResponseSink {
        func send(_ response: Response) {}
    }

    private static let identities = try? TLSIdentitySet([
        TLSIdentity.throwaway(names: ["my.site.com", "*.wild.example", "127.0.0.1", "::1"])
    ])

    /// The status of the answer, and where it sends to.
    private func answer(_ text: String, port: Int = 443) throws -> (status: Int, location: String?) {
        let exchange = RedirectExchange(identities: try #require(Self.identities), port: port)
        let request = try HTTP1HeadParser.parse(ByteBuffer(string: text)).request
        guard case .respond(let response) = exchange.begin(request, answeringTo: NoSink()) else { return (0, nil) }
        #expect(response.fields.count <= 1)
        return (response.status.rawValue, response.fields.first?.value)
    }

    @Test(
        "to the same path",
        arguments: [
            ("GET /traffic?clear=1&x=%41", "my.site.com", "https://my.site.com/traffic?clear=1&x=%41"),
            ("POST /kick", "MY.Site.Com:80", "https://my.site.com/kick"),
            ("GET /", "a.wild.example", "https://a.wild.example/"), ("GET /", "127.0.0.1:8080", "https://127.0.0.1/"),
            ("GET /", "[::1]:80", "https://[::1]/"), ("GET /", "my.site.com:", "https://my.site.com/"),
            ("GET //evil.example/", "my.site.com", "https://my.site.com//evil.example/"),
            ("GET /\\evil", "my.site.com", "https://my.site.com/\\evil"),
            ("OPTIONS *", "my.site.com", "https://my.site.com/"),
            ("GET http://my.site.com/a", "evil.example", "https://my.site.com/a"),
            ("GET http://my.site.com", "my.site.com", "https://my.site.com/"),
            ("GET http://my.site.com?x", "my.site.com", "https://my.site.com/?x"),
        ]
    )
    func redirected(request: String, host: String, location: String) throws {
        let answer = try answer("\(request) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect(answer.status == 308)
        #expect(answer.location == location)
    }

    @Test("on the port that serves it")
    func port() throws {
        #expect(
            try answer("GET /a HTTP/1.1\r\nHost: my.site.com:80\r\n\r\n", port: 8443).location
                == "https://my.site.com:8443/a"
        )
        #expect(try answer("GET /a HTTP/1.1\r\nHost: [::1]\r\n\r\n", port: 8443).location == "https://[::1]:8443/a")
    }

    @Test(
        "no other name gets one",
        arguments: [
            "evil.example", "my.site.com.evil.example", "xmy.site.com", "site.com", "wild.example", "a.b.wild.example",
            "127.0.0.2", "[::2]", "[::1", "[::1]x", "[::1]:80x", "my.site.com:80:80", "my.site.com:x", ":80", "[]",
            "my.site.com%00.evil.example", "my.site.com.", ".wild.example", "*.wild.example:x",
        ]
    )
    func refused(host: String) throws {
        let answer = try answer("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect(answer.status == 421)
        #expect(answer.location == nil)
    }

    @Test("nor does who names none")
    func noHost() throws {
        #expect(try answer("GET / HTTP/1.0\r\n\r\n").status == 421)
        #expect(try answer("GET http://evil.example/ HTTP/1.1\r\nHost: my.site.com\r\n\r\n").status == 421)
    }

    @Test("what cannot be read is told in text")
    func malformed() throws {
        let exchange = RedirectExchange(identities: try #require(Self.identities), port: 443)
        let response = exchange.response(to: .headTooLarge)
        #expect(response.status == .requestHeaderFieldsTooLarge)
        #expect(response.contentType == .text)
    }
}
