import HysteriaStats
import NIOCore
import NIOEmbedded
import Testing
import Time

@testable import Access
@testable import Gateway
@testable import HTTPServer

@Suite("A request becomes a call, for who may", .timeLimit(.minutes(5)))
struct APIExchangeTests {
    private static let traffic = #"{"ann\#u{E9}":{"tx":3,"rx":4},"other":{"tx":1,"rx":2},"wang":{"tx":514,"rx":4017}}"#

    // MARK: What is answered

    @Test("with Hysteria's JSON, byte for byte")
    func traffic() async throws {
        try await APIBench.with { bench in
            let answer = await bench.ask("GET /traffic")
            #expect(answer.status == 200)
            #expect(answer.contentType == "application/json; charset=utf-8")
            #expect(answer.body == Self.traffic)
            #expect(await bench.ask("GET /online").body.contains(#""wang":2"#))
            #expect(await bench.ask("GET /dump/streams").body.hasPrefix(#"{"streams":"#))
            #expect(await bench.hysteria.requests == ["GET /traffic", "GET /online", "GET /dump/streams"])
        }
    }

    @Test("in the form that is asked for, the query before the field")
    func formats() async throws {
        try await APIBench.with { bench in
            let text = "text/plain; charset=utf-8"
            let json = "application/json; charset=utf-8"
            for (request, accept, type) in [
                ("GET /traffic", "text/plain", text), ("GET /traffic?format=text", "application/json", text),
                ("GET /traffic?format=json", "text/plain", json), ("GET /traffic", "text/html", json),
                ("GET /", "*/*", text), ("GET /", "application/json", json), ("GET /?format=json", "*/*", json),
                ("GET /online?format=text", "*/*", text), ("GET /dump/streams", "text/plain", text),
            ] {
                let answer = await bench.ask(request, fields: ["Accept: \(accept)"])
                #expect(answer.status == 200)
                #expect(answer.contentType == type, "\(request), Accept: \(accept)")
            }
        }
    }

    @Test("anyone may ask whether it is there, and learns nothing else")
    func health() async throws {
        try await APIBench.with { bench in
            for token in [nil, "hg_wrong-0123456789abcdef", APIBench.token] {
                let answer = await bench.ask("GET /healthz", token: token)
                #expect(answer.status == 200)
                #expect(answer.body == "ok\n")
            }
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    @Test("HEAD asks what GET does")
    func head() async throws {
        try await APIBench.with { bench in
            #expect(await bench.ask("HEAD /traffic").status == 200)
            #expect(await bench.ask("HEAD /").status == 200)
            #expect(await bench.ask("HEAD /healthz", token: nil).status == 200)
            #expect(await bench.ask("HEAD /kick").status == 405)
        }
    }

    @Test("OPTIONS tells the methods, to anyone")
    func options() async throws {
        try await APIBench.with { bench in
            for (target, allow) in [
                ("/traffic", "GET, HEAD, OPTIONS"), ("/kick", "OPTIONS, POST"), ("*", "GET, HEAD, OPTIONS, POST"),
                ("/traffic?clear=1", "GET, HEAD, OPTIONS"),
            ] {
                let answer = await bench.ask("OPTIONS \(target)", token: nil)
                #expect(answer.status == 204)
                #expect(answer.fields["Allow"] == allow)
            }
            #expect(await bench.ask("OPTIONS /nope", token: nil).status == 404)
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    @Test("OPTIONS tells a token what it may do, and a wrong one nothing, which counts as an attempt")
    func scopes() async throws {
        try await APIBench.with { bench in
            for target in ["/traffic", "/kick"] {
                let all = await bench.ask("OPTIONS \(target)")
                #expect(all.fields["Token-Scopes"] == "traffic, online, streams, clear, kick")
                let monitor = await bench.ask("OPTIONS \(target)", token: APIBench.monitor)
                #expect(monitor.fields["Token-Scopes"] == "metrics")
            }
            for token in [nil, "hg_wrong-0123456789abcdef", "hg_expired-0123456789abcdef"] {
                let answer = await bench.ask("OPTIONS /traffic", token: token)
                #expect(answer.status == 204)
                #expect(answer.fields["Token-Scopes"] == nil)
            }
            for _ in 0..<20 { _ = await bench.ask("OPTIONS /traffic", token: "hg_wrong-0123456789abcdef") }
            #expect(await bench.ask("GET /traffic", token: "hg_wrong-0123456789abcdef").status == 429)
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    // MARK: Who may

    @Test("nobody without a good token", arguments: ["/", "/traffic", "/traffic?clear=1", "/online", "/dump/streams"])
    func unauthorized(path: String) async throws {
        try await APIBench.with { bench in
            for token in [nil, "hg_wrong-0123456789abcdef", "hg_expired-0123456789abcdef", ""] {
                let answer = await bench.ask("GET \(path)", token: token)
                #expect(answer.status == 401)
                #expect(answer.fields["WWW-Authenticate"] != nil)
            }
            #expect(await bench.ask("POST /kick", token: nil, body: #"["wang"]"#).status == 401)
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    @Test("nobody whose token lacks the scope, which is named")
    func forbidden() async throws {
        try await APIBench.with { bench in
            let token = "hg_traffic-0123456789abcdef"
            for (request, scope) in [
                ("GET /online", "online"), ("GET /dump/streams", "streams"), ("GET /traffic?clear=1", "clear"),
                ("POST /kick", "kick"),
            ] {
                let answer = await bench.ask(request, token: token, body: "[]")
                #expect(answer.status == 403)
                #expect(answer.body.contains(scope))
            }
            #expect(await bench.ask("GET /traffic", token: token).status == 200)
            #expect(await bench.hysteria.requests == ["GET /traffic"])
        }
    }

    @Test("what does not exist, or not so, is told to anyone and never passed on")
    func neither() async throws {
        try await APIBench.with { bench in
            for (request, status) in [
                ("GET /nope", 404), ("GET //traffic", 404), ("GET /traffic/", 404), ("POST /traffic", 405),
                ("PUT /online", 405), ("GET /kick", 405), ("TRACE /", 405), ("get /traffic", 405),
                ("GET /%zz", 400), ("GET /traffic?clear=yes", 400), ("GET /traffic?format=xml", 400),
                ("GET /online?clear=1", 400), ("GET /?clear=1", 400), ("POST /kick?clear=1", 400),
                ("GET /healthz?clear=1", 400),
            ] {
                #expect(await bench.ask(request, token: nil).status == status, "\(request)")
                #expect(await bench.ask(request).status == status, "\(request)")
            }
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    @Test("an error comes in the form that was asked for")
    func errorFormat() async throws {
        try await APIBench.with { bench in
            for (request, token) in [
                ("GET /nope", nil), ("GET /traffic", nil), ("GET /online?clear=1", APIBench.token),
            ] {
                let text = await bench.ask(request, token: token, fields: ["Accept: text/plain"])
                #expect(text.contentType == "text/plain; charset=utf-8")
                let json = await bench.ask(request, token: token)
                #expect(json.contentType == "application/problem+json")
            }
        }
    }

    // MARK: Users

    @Test("a token limited to users sees them alone, in every form")
    func limited() async throws {
        try await APIBench.with { bench in
            let traffic = await bench.ask("GET /traffic", token: APIBench.limited)
            let expected = #"{"ann\#u{E9}":{"tx":3,"rx":4},"wang":{"tx":514,"rx":4017}}"#
            #expect(traffic.body.utf8.elementsEqual(expected.utf8))
            #expect(
                await bench.ask("GET /", token: APIBench.limited, fields: ["Accept: application/json"]).body
                    == #"{"users":2,"tx":517,"rx":4021}"#
            )
            let online = await bench.ask("GET /online", token: APIBench.limited)
            #expect(online.body.utf8.elementsEqual(#"{"ann\#u{E9}":1,"wang":2}"#.utf8))
            for path in ["/", "/traffic", "/online", "/dump/streams"] {
                for format in ["json", "text"] {
                    let answer = await bench.ask("GET \(path)?format=\(format)", token: APIBench.limited)
                    #expect(answer.status == 200)
                    #expect(!answer.body.contains("other"), "\(path) as \(format)")
                }
            }
        }
    }

    @Test("it may kick them alone, and all or nobody")
    func limitedKick() async throws {
        try await APIBench.with { bench in
            for (body, status) in [
                (#"["wang"]"#, 200), (#"["other"]"#, 403), (#"["wang","other"]"#, 403), ("[]", 200),
                (#"["w\u0061ng"]"#, 200), (#"["anne\u0301"]"#, 403), (#"[""]"#, 403), (#"["WANG"]"#, 403),
            ] {
                #expect(
                    await bench.ask("POST /kick", token: APIBench.limited, body: body).status == status,
                    "\(body)"
                )
            }
            #expect(await bench.hysteria.requests == ["POST /kick", "POST /kick", "POST /kick"])
        }
    }

    @Test("it may not clear what belongs to all")
    func limitedClear() async throws {
        try await APIBench.with { bench in
            #expect(await bench.ask("GET /traffic?clear=1", token: APIBench.limited).status == 403)
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    // MARK: Calls that change something

    @Test("clear answers with the figures, once")
    func clear() async throws {
        try await APIBench.with { bench in
            let answer = await bench.ask("GET /traffic?%63lear=%74rue&x=1")
            #expect(answer.status == 200)
            #expect(answer.body.contains(#""wang":{"tx":514,"rx":4017}"#))
            #expect(await bench.ask("GET /traffic").body == "{}")
            #expect(await bench.hysteria.requests == ["GET /traffic?clear=1", "GET /traffic"])
        }
    }

    @Test("HEAD never clears: nobody would get the figures")
    func headNeverClears() async throws {
        try await APIBench.with { bench in
            #expect(await bench.ask("HEAD /traffic?clear=1").status == 400)
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    @Test("figures that do not reach the caller are logged", arguments: [APIBench.Fate.lost, .abandoned])
    func lostFigures(fate: APIBench.Fate) async throws {
        try await APIBench.with { bench in
            _ = await bench.ask("GET /traffic?clear=1&format=text", fate: fate)
            let line = try #require(await bench.log.line(containing: "counters were cleared"))
            #expect(line.hasPrefix("error: "))
            #expect(line.contains(#""wang":{"tx":514,"rx":4017}"#))
            #expect(line.hasSuffix(" token=all"))
        }
    }

    @Test("figures that were read are not logged, nor are answers that can be had again")
    func nothingLost() async throws {
        try await APIBench.with { bench in
            _ = await bench.ask("GET /traffic", fate: .lost)
            _ = await bench.ask("GET /traffic?clear=1")
            #expect(bench.log.lines.isEmpty)
        }
    }

    @Test("figures in an answer that cannot be read are logged as they are, on one line")
    func unreadableFigures() throws {
        let log = CapturedLog()
        let upstream = StatsUpstream(address: StatsAddress(host: "127.0.0.1", port: 1))
        let api = LoopContext(
            tokens: TokenTable([.sample("all", APIBench.token, scopes: [.traffic, .clear])]),
            client: StatsClient(eventLoop: EmbeddedEventLoop(), upstream: upstream),
            clock: WallClock { 0 },
            accessLog: nil,
            logger: log.logger
        )
        let exchange = APIExchange(context: api, peer: nil)
        let sink = KeptResponse()
        let head = "GET /traffic?clear=1&format=text HTTP/1.0\r\nAuthorization: Bearer \(APIBench.token)\r\n\r\n"
        _ = exchange.begin(try HTTP1HeadParser.parse(ByteBuffer(string: head)).request, answeringTo: sink)
        exchange.receive(.success(StatsAnswer(body: ByteBuffer(string: "{\"wang\":\n{\"up\":1}}"))), for: 0)
        #expect(sink.response?.status == .badGateway)
        let line = try #require(log.lines.last)
        #expect(line.hasPrefix("error: the counters were cleared"))
        #expect(line.contains(#"{"wang": {"up":1}}"#))
    }

    private final class KeptResponse: ResponseSink {
        var response: Response?
        func send(_ response: Response) { self.response = response }
    }

    @Test("the body of a kick is checked before it is sent")
    func kickBody() async throws {
        try await APIBench.with { bench in
            for body in [
                "", " ", "x", "null", "5", "true", #""a""#, #"{"ids":["a"]}"#, #"["a",1]"#, #"["a",]"#, #"["a"] x"#,
                #"[null]"#, #"[["a"]]"#,
            ] {
                let answer = await bench.ask("POST /kick", body: body)
                #expect(answer.status == 400, "\(body)")
                #expect(answer.body.contains("JSON array"))
            }
            #expect(await bench.hysteria.requests.isEmpty)
            let answer = await bench.ask("POST /kick", body: " [\"nobody\", \"\"]\n")
            #expect(answer.status == 200)
            #expect(answer.body == "")
            #expect(answer.contentType == nil)
        }
    }
}
