import HysteriaStats
import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing
import Text
import Time

@testable import Access
@testable import Gateway
@testable import HTTPServer

@Suite("Plain HTTP is sent to HTTPS, for names that are served")
struct RedirectExchangeTests {
    private final class NoSink: ResponseSink {
        func send(_ response: Response) {}
    }

    private static let identities = try? TLSIdentitySet([
        TLSIdentity.throwaway(names: ["my.site.com", "*.wild.example", "127.0.0.1", "::1"])
    ])

    private static let phone = "hg_phone-0123456789abcdef"
    private static let chosen = "chosen-by-somebody"

    private let log = CapturedLog()
    private let api: LoopContext

    init() throws {
        api = LoopContext(
            tokens: TokenTable([
                .sample("phone", Self.phone), .sample("old", Self.chosen, expires: 1),
                .sample("far", "hg_far-0123456789abcdef", addresses: [try AddressRange("198.51.100.0/24")]),
            ]),
            client: StatsClient(
                eventLoop: EmbeddedEventLoop(),
                upstream: StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: 1))
            ),
            clock: WallClock { 1_000 },
            accessLog: nil,
            logger: log.logger
        )
    }

    private func makeExchange(port: Int) throws -> RedirectExchange {
        RedirectExchange(api: api, identities: try #require(Self.identities), port: port, peer: nil)
    }

    /// The status of the answer, and where it sends to.
    private func answer(_ text: String, port: Int = 443) throws -> (status: Int, location: String?) {
        let exchange = try makeExchange(port: port)
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
            "127.0.0.2", "[::2]", "my.site.com%00.evil.example", "my.site.com.", ".wild.example",
        ]
    )
    func refused(host: String) throws {
        let answer = try answer("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect(answer.status == 421)
        #expect(answer.location == nil)
    }

    @Test(
        "nor does what is no name",
        arguments: [
            "[::1", "[::1]x", "[::1]:80x", "my.site.com:80:80", "my.site.com:x", ":80", "[]", "*.wild.example:x",
        ]
    )
    func malformed(host: String) {
        #expect(throws: RequestError.self) { try answer("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") }
    }

    @Test("nor does who names none")
    func noHost() throws {
        #expect(try answer("GET / HTTP/1.0\r\n\r\n").status == 421)
        #expect(try answer("GET http://evil.example/ HTTP/1.1\r\nHost: my.site.com\r\n\r\n").status == 421)
    }

    @Test("what cannot be read is told in text")
    func malformed() throws {
        let exchange = try makeExchange(port: 443)
        let response = exchange.response(to: .headTooLarge)
        #expect(response.status == .requestHeaderFieldsTooLarge)
        #expect(response.contentType == .text)
    }

    // MARK: Tokens in clear

    private func refusal(_ text: String) throws -> Response? {
        let request = try HTTP1HeadParser.parse(ByteBuffer(string: text)).request
        guard case .respond(let response) = try makeExchange(port: 8443).begin(request, answeringTo: NoSink()),
            response.status == .forbidden
        else { return nil }
        return response
    }

    @Test(
        "but who sends a token is refused, wherever it stands, and the log names it",
        arguments: [
            ("/traffic", "Bearer \(phone)", "phone"), ("/traffic", phone, "phone"),
            ("/traffic", "token  \(phone)", "phone"),
            ("/", "Basic " + Base64.encode(Array("me:\(phone)".utf8)), "phone"),
            ("/", "Basic " + Base64.encode(Array("\(phone):".utf8)), "phone"),
            ("/", "Bearer \(chosen)", "old"), ("/", "Bearer hg_far-0123456789abcdef", "far"),
            ("/sub/\(phone)", nil, "phone"), ("/?token=\(phone)&x", nil, "phone"), ("/\(chosen)/x", nil, "old"),
            ("/sub/%68g_phone-0123456789abcdef", nil, "phone"), ("/%2568g_phone-0123456789abcdef", nil, "phone"),
            ("http://my.site.com/sub/\(phone)", nil, "phone"),
        ]
    )
    func tokensAreRefused(target: String, authorization: String?, name: String) throws {
        let field = authorization.map { "Authorization: \($0)\r\n" } ?? ""
        for host in ["my.site.com", "evil.example"] {
            let response = try #require(try refusal("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\(field)\r\n"))
            #expect(response.fields.isEmpty)
            let body = String(buffer: response.body)
            #expect(body.contains("plain HTTP") && body.contains("replaced"))
            #expect(!body.contains(Self.phone) && !body.contains(Self.chosen))
        }
        #expect(log.lines.count == 1)
        #expect(log.lines.first?.contains("a token came over plain HTTP") == true)
        #expect(log.lines.first?.contains("token=\(name)") == true, "\(log.lines)")
        #expect(log.lines.allSatisfy { !$0.contains(Self.phone) && !$0.contains(Self.chosen) })
        let label = try #require(api.tokens.labels.names.firstIndex(of: name))
        #expect(api.counters.cleartextCredentials == [label: 2])
    }

    @Test("one that is none of ours is refused alike, and hides no line about one that is")
    func unknownTokens() throws {
        let head = "GET / HTTP/1.1\r\nHost: my.site.com\r\n"
        var answers: Set<String> = []
        for value in ["Bearer hg_nobodys-0123456789abcdef", "Basic bWU6eW91", "x", "Bearer \(Self.phone)"] {
            let response = try #require(try refusal(head + "Authorization: \(value)\r\n\r\n"))
            answers.insert(String(buffer: response.body))
        }
        #expect(answers.count == 1, "the answer does not tell which token is good")
        #expect(answers.first?.contains("https://my.site.com:8443 ") == true)
        #expect(try refusal("GET /hg_nobodys-0123456789abcdef HTTP/1.1\r\nHost: my.site.com\r\n\r\n") != nil)
        #expect(log.lines.count == 2)
        #expect(log.lines.first?.contains("no token of this gateway") == true)
        #expect(log.lines.last?.contains("token=phone") == true)
        #expect(api.counters.cleartextCredentials == [TokenLabels.none: 4, 1: 1])
    }

    @Test("to programs the explanation is JSON")
    func explanationAsJSON() throws {
        let head = "GET / HTTP/1.1\r\nHost: my.site.com\r\nAccept: application/json\r\n"
        let response = try #require(try refusal(head + "Authorization: \(Self.phone)\r\n\r\n"))
        #expect(response.contentType == .problem)
    }

    @Test("what is long, and no token, is sent on")
    func longPaths() throws {
        for path in ["/a-path-of-some-length-that-means-nothing", "/?user=somebody-with-a-long-name", "/hg_"] {
            #expect(try answer("GET \(path) HTTP/1.1\r\nHost: my.site.com\r\n\r\n").status == 308)
        }
        #expect(log.lines.isEmpty)
    }
}
