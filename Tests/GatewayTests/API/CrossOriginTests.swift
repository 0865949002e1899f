import OwnHosts
import Testing

@testable import Gateway
@testable import GatewayConfiguration
@testable import HTTPServer

@Suite("Pages of other sites", .timeLimit(.minutes(5)))
struct CrossOriginTests {
    private static let panel = "https://panel.example"
    private static let cors = AllowedOrigins([panel, "http://localhost:3000"])

    private static func fields(_ answer: APIBench.Answer) -> [String: String] {
        answer.fields.filter { $0.key.hasPrefix("Access-Control-") || $0.key == "Vary" }
    }

    @Test("that are named may read every answer, errors as well", arguments: [panel, "http://localhost:3000"])
    func actual(origin: String) async throws {
        try await APIBench.with(origins: Self.cors) { bench in
            for (request, token, status) in [
                ("GET /traffic", APIBench.token, 200), ("GET /?format=json", APIBench.token, 200),
                ("HEAD /online", APIBench.token, 200), ("GET /metrics", APIBench.monitor, 200),
                ("GET /healthz", nil, 200), ("GET /openapi.json", nil, 200), ("GET /?format=html", nil, 200),
                ("GET /traffic", nil, 401), ("GET /traffic", "hg_wrong", 401), ("GET /online", APIBench.monitor, 403),
                ("GET /nothing", nil, 404), ("PUT /traffic", nil, 405), ("GET /traffic?clear=maybe", nil, 400),
                ("POST /kick", APIBench.token, 400),
            ] {
                let answer = await bench.ask(request, token: token, fields: ["Origin: \(origin)"], body: "no names")
                #expect(answer.status == status, "\(request)")
                #expect(
                    Self.fields(answer) == [
                        "Access-Control-Allow-Origin": origin, "Vary": "Origin",
                        "Access-Control-Expose-Headers": "Date, ETag, Link, Retry-After, Subscription-Userinfo",
                    ]
                )
            }
            await bench.hysteria.vanish()
            let answer = await bench.ask("GET /traffic", fields: ["Origin: \(origin)"])
            #expect(answer.status == 502)
            #expect(answer.fields["Access-Control-Allow-Origin"] == origin)
        }
    }

    @Test("may ask beforehand, without a token, what they may send")
    func preflight() async throws {
        try await APIBench.with(origins: Self.cors) { bench in
            for (path, allow) in [("/traffic?clear=1", "GET, HEAD, OPTIONS"), ("/kick", "OPTIONS, POST")] {
                let answer = await bench.ask(
                    "OPTIONS \(path)",
                    token: nil,
                    fields: [
                        "Origin: \(Self.panel)", "Access-Control-Request-Method: GET",
                        "Access-Control-Request-Headers: authorization",
                    ]
                )
                #expect(answer.status == 204)
                #expect(
                    answer.fields == [
                        "Allow": allow, "Vary": "Origin", "Access-Control-Allow-Origin": Self.panel,
                        "Access-Control-Allow-Methods": allow, "Access-Control-Max-Age": "7200",
                        "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-None-Match",
                        "Access-Control-Expose-Headers": "Date, ETag, Link, Retry-After, Subscription-Userinfo",
                    ]
                )
            }
            let plain = await bench.ask("OPTIONS /kick", token: nil, fields: ["Origin: \(Self.panel)"])
            #expect(plain.status == 204)
            #expect(plain.fields["Access-Control-Allow-Methods"] == nil)
            #expect(await bench.hysteria.requests.isEmpty)
        }
    }

    @Test(
        "that are not named learn nothing of it",
        arguments: [
            "https://other.example", "null", "https://panel.example.evil", "https://panel.example:443",
            "HTTPS://PANEL.EXAMPLE",
            "http://panel.example", "https://panel.example/", "https://panel.exampl", "*", "",
        ]
    )
    func others(origin: String) async throws {
        try await APIBench.with(origins: Self.cors) { bench in
            let fields = ["Origin: \(origin)", "Access-Control-Request-Method: GET"]
            for request in ["GET /traffic", "OPTIONS /traffic", "GET /nothing"] {
                #expect(Self.fields(await bench.ask(request, fields: fields)) == ["Vary": "Origin"])
            }
        }
    }

    @Test("are not told of where a request does not say, or says twice, where it comes from")
    func noOrigin() async throws {
        try await APIBench.with(origins: Self.cors) { bench in
            for fields in [[], ["Origin: \(Self.panel)", "Origin: \(Self.panel)"]] {
                #expect(Self.fields(await bench.ask("GET /traffic", fields: fields)) == ["Vary": "Origin"])
            }
        }
    }

    @Test("may all read answers where the operator says so", arguments: [panel, "null", nil])
    func everyone(origin: String?) async throws {
        try await APIBench.with(origins: .all) { bench in
            let answer = await bench.ask("GET /traffic", fields: origin.map { ["Origin: \($0)"] } ?? [])
            var expected = ["Access-Control-Allow-Origin": "*"]
            if origin != nil {
                expected["Access-Control-Expose-Headers"] = "Date, ETag, Link, Retry-After, Subscription-Userinfo"
            }
            #expect(Self.fields(answer) == expected)
        }
    }

    @Test("are not told of where none is allowed", arguments: ["GET /traffic", "OPTIONS /traffic", "GET /nothing"])
    func off(request: String) async throws {
        try await APIBench.with { bench in
            let fields = ["Origin: \(Self.panel)", "Access-Control-Request-Method: GET"]
            #expect(Self.fields(await bench.ask(request, fields: fields)).isEmpty)
        }
    }
}
