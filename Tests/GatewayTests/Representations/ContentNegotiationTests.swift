import Foundation
import Gunzip
import HysteriaSimulator
import NIOCore
import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Large answers travel compressed, and not again if they have not changed", .timeLimit(.minutes(5)))
struct ContentNegotiationTests {
    private static let gzip = "Accept-Encoding: gzip"
    /// Some thousand bytes of figures.
    private static let crowd = (0..<100).map { SimulatedUser(name: "user\($0)", devices: 1, tx: 514, rx: 4017) }

    @Test(
        "whoever takes gzip gets the same by gzip",
        arguments: ["/traffic", "/traffic?format=text", "/traffic?format=csv", "/online", "/online?format=text"],
        ["GET", "HEAD"]
    )
    func compressed(path: String, method: String) async throws {
        try await APIBench.with(users: Self.crowd) { bench in
            let plain = await bench.ask("\(method) \(path)")
            #expect(plain.status == 200)
            #expect(plain.fields["Content-Encoding"] == nil)
            #expect(plain.fields["Vary"] == "Accept, Accept-Encoding")
            let packed = await bench.ask("\(method) \(path)", fields: [Self.gzip])
            #expect(packed.fields["Content-Encoding"] == "gzip")
            #expect(packed.fields["Vary"] == "Accept, Accept-Encoding")
            #expect(packed.contentType == plain.contentType)
            #expect(packed.bytes.count < plain.bytes.count / 2)
            #expect(gunzipped(packed.bytes) == plain.bytes)
            let tag = try #require(plain.fields["ETag"])
            #expect(packed.fields["ETag"] == "W/" + tag.dropLast() + "-gzip\"")
        }
    }

    @Test("an answer of hundreds of kilobytes as well, which is made on another thread")
    func large() async throws {
        let users = (0..<20_000).map { SimulatedUser(name: "user\($0)", devices: 1, tx: 514, rx: 4017) }
        try await APIBench.with(users: users) { bench in
            let plain = await bench.ask("GET /traffic")
            #expect(plain.bytes.count > 500_000)
            async let first = bench.ask("GET /traffic", fields: [Self.gzip])
            async let second = bench.ask("GET /traffic", fields: [Self.gzip])
            async let third = bench.ask("GET /traffic")
            let answers = await [first, second]
            for answer in answers {
                #expect(answer.fields["Content-Encoding"] == "gzip")
                #expect(gunzipped(answer.bytes) == plain.bytes)
            }
            #expect(await third.bytes == plain.bytes)
            let fields = [Self.gzip, "If-None-Match: \(answers[0].fields["ETag"] ?? "")"]
            #expect(await bench.ask("GET /traffic", fields: fields).status == 304)
            #expect(await bench.ask("GET /traffic", fields: fields, fate: .abandoned).status == 0)
        }
    }

    @Test("whoever has the answer is told so, until it changes")
    func unchanged() async throws {
        try await APIBench.with(users: Self.crowd) { bench in
            for (coding, other) in [([Self.gzip], []), ([], [Self.gzip])] {
                let first = await bench.ask("GET /traffic", fields: coding)
                let tag = try #require(first.fields["ETag"])
                let fields = coding + ["If-None-Match: \"other\", \(tag)"]
                for request in ["GET /traffic", "HEAD /traffic"] {
                    let second = await bench.ask(request, fields: fields)
                    #expect(second.status == 304)
                    #expect(second.bytes.isEmpty)
                    #expect(second.contentType == nil)
                    #expect(second.fields["Content-Encoding"] == nil)
                    #expect(second.fields["ETag"] == tag)
                    #expect(second.fields["Vary"] == first.fields["Vary"])
                }
                // In another form it is another answer.
                #expect(await bench.ask("GET /traffic?format=csv", fields: fields).status == 200)
                #expect(await bench.ask("GET /online", fields: fields).status == 200)
                if coding.isEmpty {
                    #expect(await bench.ask("GET /traffic", fields: other + fields).fields["ETag"] == tag)
                } else {
                    #expect(await bench.ask("GET /traffic", fields: ["If-None-Match: \(tag)"]).status == 200)
                }
                #expect(await bench.hysteria.logTraffic(user: "user7", tx: 1, rx: 1))
                let third = await bench.ask("GET /traffic", fields: fields)
                #expect(third.status == 200)
                #expect(third.fields["ETag"] != tag)
            }
        }
    }

    @Test("a caller who sees less has other tags, and cannot learn of others by them")
    func limited() async throws {
        let users = (0..<200).map { SimulatedUser(name: $0 == 0 ? "wang" : "user\($0)", tx: 1, rx: 1) }
        try await APIBench.with(users: users) { bench in
            let all = try #require(await bench.ask("GET /traffic").fields["ETag"])
            let fields = ["If-None-Match: \(all)"]
            let answer = await bench.ask("GET /traffic", token: APIBench.limited, fields: fields)
            #expect(answer.status == 200)
            #expect(answer.body == #"{"wang":{"tx":1,"rx":1}}"#)
        }
    }

    @Test("small answers go out as they are, unless that is refused")
    func small() async throws {
        try await APIBench.with { bench in
            let plain = await bench.ask("GET /traffic", fields: [Self.gzip, "If-None-Match: *"])
            #expect(plain.status == 200)
            #expect(plain.fields.isEmpty)
            let packed = await bench.ask("GET /traffic", fields: ["Accept-Encoding: gzip, identity;q=0"])
            // Of so few bytes the compressed form may be no shorter, and then it is of no use to anybody.
            #expect(packed.fields["Content-Encoding"] == nil || gunzipped(packed.bytes) == plain.bytes)
            #expect(await bench.ask("GET /healthz", fields: [Self.gzip]).fields.isEmpty)
        }
    }

    @Test("what is given once goes out as it is, whatever the caller has")
    func once() async throws {
        try await APIBench.with(users: Self.crowd) { bench in
            let tag = try #require(await bench.ask("GET /traffic").fields["ETag"])
            for held in [tag, "*"] {
                let answer = await bench.ask("GET /traffic?clear=1", fields: [Self.gzip, "If-None-Match: \(held)"])
                #expect(answer.status == 200)
                #expect(answer.fields.isEmpty)
                #expect(answer.body.contains("user"))
                for number in 0..<100 { await bench.hysteria.logTraffic(user: "user\(number)", tx: 514, rx: 4017) }
            }
        }
    }

    @Test("the sites of others are not compressed, since anybody chooses the names of some")
    func streams() async throws {
        try await APIBench.with(users: Self.crowd) { bench in
            let answer = await bench.ask("GET /dump/streams", fields: [Self.gzip])
            #expect(answer.fields["Content-Encoding"] == nil)
            for endpoint in Endpoints.all where endpoint.scope == .streams {
                #expect(!endpoint.contentRules(EndpointCall()).contains(.compressed))
            }
        }
    }

    @Test("a page of another site, with a password that the browser keeps, gets nothing compressed")
    func crossSite() async throws {
        let basic = "Authorization: Basic " + Data("any:\(APIBench.token)".utf8).base64EncodedString()
        let panel = "https://panel.example"
        try await APIBench.with(users: Self.crowd, origins: AllowedOrigins([panel])) { bench in
            let evil = ["Sec-Fetch-Site: cross-site", "Origin: https://evil.example", Self.gzip]
            #expect(
                await bench.ask("GET /traffic", token: nil, fields: [basic] + evil).fields["Content-Encoding"] == nil
            )
            // It knows the token, or is named.
            #expect(await bench.ask("GET /traffic", fields: evil).fields["Content-Encoding"] == "gzip")
            let named = [basic, "Sec-Fetch-Site: cross-site", "Origin: \(panel)", Self.gzip]
            #expect(await bench.ask("GET /traffic", token: nil, fields: named).fields["Content-Encoding"] == "gzip")
        }
    }

    @Test("metrics are compressed, and have no tag, since they change each time")
    func metrics() async throws {
        try await APIBench.with(users: Self.crowd) { bench in
            let fields = [Self.gzip, "If-None-Match: *"]
            let answer = await bench.ask("GET /metrics", token: APIBench.monitor, fields: fields)
            #expect(answer.status == 200)
            #expect(answer.fields == ["Content-Encoding": "gzip", "Vary": "Accept-Encoding"])
            let text = String(decoding: gunzipped(answer.bytes) ?? [], as: UTF8.self)
            #expect(text.contains("hysteria_gateway_build_info") || text.contains("hysteria_gateway_"))
        }
    }

    @Test("problems are neither compressed nor known by tags")
    func problems() async throws {
        try await APIBench.with(users: Self.crowd) { bench in
            for request in ["GET /nothing", "GET /traffic?clear=maybe", "POST /traffic"] {
                let answer = await bench.ask(
                    request,
                    fields: ["Accept-Encoding: gzip, identity;q=0", "If-None-Match: *"]
                )
                #expect(answer.status >= 400)
                #expect(answer.fields["Content-Encoding"] == nil)
                #expect(answer.fields["ETag"] == nil)
            }
            await bench.hysteria.vanish()
            #expect(await bench.ask("GET /traffic", fields: [Self.gzip, "If-None-Match: *"]).status == 502)
        }
    }

    @Test(
        "the page and the description are compressed, and may be kept",
        arguments: ["/?format=html", "/openapi.json"]
    )
    func embedded(path: String) async throws {
        try await APIBench.with { bench in
            let plain = await bench.ask("GET \(path)", token: nil)
            let packed = await bench.ask("GET \(path)", token: nil, fields: [Self.gzip])
            #expect(packed.fields["Content-Encoding"] == "gzip")
            #expect(packed.bytes.count < plain.bytes.count / 2)
            #expect(gunzipped(packed.bytes) == plain.bytes)
            for (answer, fields) in [(plain, []), (packed, [Self.gzip])] {
                let tag = try #require(answer.fields["ETag"])
                let again = await bench.ask("GET \(path)", token: nil, fields: fields + ["If-None-Match: \(tag)"])
                #expect(again.status == 304)
                #expect(again.bytes.isEmpty)
                #expect(again.fields["ETag"] == tag)
                #expect(again.fields["Content-Security-Policy"] == answer.fields["Content-Security-Policy"])
            }
            #expect(plain.fields["ETag"] != packed.fields["ETag"])
        }
    }

    @Test("no answer repeats what its question says")
    func reflection() async throws {
        try await APIBench.with(users: Self.crowd) { bench in
            let word = "zqxjkvbw"
            for endpoint in Endpoints.all where endpoint.methods.contains(.get) && !endpoint.hasTokenInPath {
                for query in ["user=\(word)", "from=\(word)", "by=\(word)", "since=\(word)", "clear=\(word)", word] {
                    for format in ["", "&format=text"] {
                        let answer = await bench.ask(
                            "GET \(endpoint.path)?\(query)\(format)",
                            fields: ["User-Agent: \(word)", "Idempotency-Key: \(word)"]
                        )
                        #expect(!answer.body.contains(word), "\(endpoint.path)?\(query)")
                    }
                }
            }
            #expect(!(await bench.ask("GET /\(word)")).body.contains(word))
        }
    }
}
