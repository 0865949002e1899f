import HysteriaStats
import Testing

/// HTTP/2, with clients that speak it.
@Suite(.startsPrograms)
struct HTTP2Tests {
    private static let http2 = "--http2"

    @Test(
        "answers are those of HTTP/1",
        arguments: ["/", "/traffic", "/online?format=text", "/dump/streams", "/nothing", "/traffic?clear=maybe"]
    )
    func answersAreThoseOfHTTP1(path: String) async throws {
        try await Scene.play { scene in
            for token in [Tokens.all.text, "wrong"] {
                let one = try await scene.curl.get(path, token: token)
                let two = try await scene.curl.get(path, token: token, Self.http2)
                #expect(two.status == one.status)
                #expect(two.body == one.body)
                let fields = { (answer: HTTPAnswer) in
                    answer.fields.filter { $0.name != "date" }.map { "\($0.name): \($0.value)" }.sorted()
                }
                #expect(fields(two) == fields(one))
                #expect(two["date"]?.hasSuffix(" GMT") == true)
            }
        }
    }

    @Test("it is preferred by who offers both", arguments: Curl.TLS.allCases)
    func itIsPreferredByWhoOffersBoth(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let outcome = try await scene.curl.run(
                "/traffic",
                token: Tokens.all.text,
                tls: tls,
                [Self.http2, "--write-out", "%{stderr}%{http_version}"]
            )
            #expect(outcome.answer?.status == 200)
            #expect(outcome.complaint == "2")
            let end = try await scene.gateway.stop()
            #expect(end.outputText.contains("\"GET /traffic HTTP/2.0\" 200"))
        }
    }

    @Test("bodies are read and users kicked")
    func bodiesAreReadAndUsersKicked() async throws {
        try await Scene.play { scene in
            let kicked = try await scene.curl.get("/kick", token: Tokens.all.text, Self.http2, "--data", #"["anna"]"#)
            #expect(kicked.status == 200)
            #expect(await scene.hysteria.requests.last?.contains("/kick") == true)

            let expecting = try await scene.curl.run(
                "/kick",
                token: Tokens.all.text,
                [Self.http2, "--data", #"["wang"]"#, "--header", "Expect: 100-continue"]
            )
            #expect(expecting.interim.map(\.status) == [100])
            #expect(expecting.answer?.status == 200)

            let large = "[\"" + String(repeating: "a", count: 65_536) + "\"]"
            let file = try scene.folder.write(large, to: "body")
            let refused = try await scene.curl.get("/kick", token: Tokens.all.text, Self.http2, "--data", "@\(file)")
            #expect(refused.status == 413)
            #expect(refused.problem == "request-too-large")
        }
    }

    @Test("head and options are answered without content")
    func headAndOptionsAreAnsweredWithoutContent() async throws {
        try await Scene.play { scene in
            let head = try await scene.curl.get("/traffic", token: Tokens.all.text, Self.http2, "--head")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            let options = try await scene.curl.get("/kick", Self.http2, "--request", "OPTIONS")
            #expect(options.status == 204)
            #expect(options["allow"] == "OPTIONS, POST" || options["allow"] == "POST, OPTIONS")
        }
    }

    @Test("a large answer arrives whole")
    func aLargeAnswerArrivesWhole() async throws {
        try await Scene.play { scene in
            await scene.hysteria.set(fault: .large(bytes: 3 << 20))
            let one = try await scene.curl.get("/traffic", token: Tokens.all.text)
            let two = try await scene.curl.get("/traffic", token: Tokens.all.text, Self.http2)
            #expect(two.body.count > 3 << 20)
            #expect(two.body == one.body)
        }
    }

    @Test("requests on many streams share reads", .enabled(if: NGHTTP2Client.isInstalled, NGHTTP2Client.advice))
    func requestsOnManyStreamsShareReads() async throws {
        var setting = Scene.Setting()
        setting.threads = 1
        try await Scene.play(setting) { scene in
            let end = try await NGHTTP2Client.run(
                "h2load",
                [
                    "-n", "3000", "-c", "3", "-m", "100", "-H", "authorization: Bearer \(Tokens.all.text)",
                    "https://127.0.0.1:\(scene.gateway.port)/traffic",
                ]
            )
            #expect(end.outputText.contains("3000 succeeded, 0 failed, 0 errored, 0 timeout"))
            #expect(end.outputText.contains("status codes: 3000 2xx"))
            #expect(await scene.hysteria.requests.count < 1000)
        }
    }

    @Test(
        "streams of a connection are answered each by itself",
        .enabled(if: NGHTTP2Client.isInstalled, NGHTTP2Client.advice)
    )
    func streamsOfAConnectionAreAnsweredEachByItself() async throws {
        try await Scene.play { scene in
            let origin = "https://127.0.0.1:\(scene.gateway.port)"
            let end = try await NGHTTP2Client.run(
                "nghttp",
                ["-v", "-n", "-H", "authorization: Bearer \(Tokens.all.text)"]
                    + ["/traffic", "/online", "/healthz", "/nothing"].map { origin + $0 }
            )
            #expect(end.outputText.contains("The negotiated protocol: h2"))
            #expect(end.outputText.matches(of: /:status: 200/).count == 3)
            #expect(end.outputText.matches(of: /:status: 404/).count == 1)
            #expect(end.outputText.contains("SETTINGS_MAX_CONCURRENT_STREAMS(0x03):100"))
        }
    }
}
