import HysteriaSimulator
import HysteriaStats
import Synchronization
import Testing

/// Each call, asked with curl over both versions of TLS.
@Suite(.startsPrograms)
struct CallTests {
    @Test("JSON is Hysteria's byte for byte", arguments: ["/traffic", "/online", "/dump/streams"], Curl.TLS.allCases)
    func jsonIsHysteriasByteForByte(path: String, tls: Curl.TLS) async throws {
        try await Scene.play(.withStreams) { scene in
            let upstream = try await Curl.run(
                "http://\(scene.hysteria.address)\(path)",
                ["--header", "Authorization: \(Scene.secret)"]
            )
            let original = try #require(upstream.answer)
            #expect(original.status == 200)
            #expect(original.body.count > 2)

            let answer = try await scene.curl.get(path, token: Tokens.all.text, tls: tls)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json; charset=utf-8")
            #expect(answer["content-length"] == "\(original.body.count)")
            #expect(answer.body == original.body)
        }
    }

    /// curl then offers `http/1.0` alone in the handshake.
    @Test("who knows HTTP/1.0 alone is served", arguments: Curl.TLS.allCases)
    func whoKnowsHTTP10AloneIsServed(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text, tls: tls, "--http1.0")
            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
        }
    }

    @Test("every answer is uncached unsniffed and for HTTPS only", arguments: Curl.TLS.allCases)
    func everyAnswerIsUncachedUnsniffedAndForHTTPSOnly(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            for path in ["/", "/traffic", "/healthz", "/nothing"] {
                let answer = try await scene.curl.get(path, token: Tokens.all.text, tls: tls)
                #expect(answer["cache-control"] == "no-store")
                #expect(answer["x-content-type-options"] == "nosniff")
                #expect(answer["strict-transport-security"] == "max-age=31536000")
                #expect(answer["date"]?.hasSuffix(" GMT") == true)
                #expect(answer.values(of: "server").isEmpty)
            }
        }
    }

    @Test("summary is text unless JSON is asked for", arguments: Curl.TLS.allCases)
    func summaryIsTextUnlessJSONIsAskedFor(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let text = try await scene.curl.get("/", token: Tokens.all.text, tls: tls)
            #expect(text["content-type"] == "text/plain; charset=utf-8")
            #expect(
                text.text == """
                    3 users, 1.44 MiB in all: 1.01 MiB up, 440.08 KiB down
                    <b>&\\u{1b}[31m  1.00 MiB up         0 B down
                    anna            7.61 KiB up  436.16 KiB down
                    wang               514 B up    3.92 KiB down

                    """
            )
            let json = try await scene.curl.get("/?format=json", token: Tokens.all.text, tls: tls)
            #expect(json.text == #"{"users":3,"tx":1056880,"rx":450640}"#)
        }
    }

    @Test("clear answers and empties the counters", arguments: Curl.TLS.allCases)
    func clearAnswersAndEmptiesTheCounters(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let before = try await scene.curl.get("/traffic", token: Tokens.all.text, tls: tls)
            let cleared = try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text, tls: tls)
            #expect(cleared.body == before.body)
            let after = try await scene.curl.get("/traffic", token: Tokens.all.text, tls: tls)
            #expect(after.text == "{}")
        }
    }

    @Test("kick marks users and says nothing", arguments: Curl.TLS.allCases)
    func kickMarksUsersAndSaysNothing(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/kick", token: Tokens.all.text, tls: tls, "--data", #"["wang"]"#)
            #expect(answer.status == 200)
            #expect(answer["content-length"] == "0")
            #expect(await !scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 1))
            #expect(await scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 1))
            #expect(await scene.hysteria.logTraffic(user: "anna", tx: 1, rx: 1))
        }
    }

    @Test("kick takes a body in chunks behind an invitation")
    func kickTakesABodyInChunksBehindAnInvitation() async throws {
        try await Scene.play { scene in
            let body = "[\"wang\"\(String(repeating: " ", count: 30_000))]"
            let file = try scene.folder.write(body, to: "body")
            let outcome = try await scene.curl.run(
                "/kick",
                token: Tokens.all.text,
                [
                    "--data-binary", "@\(file)", "--header", "Transfer-Encoding: chunked",
                    "--header", "Expect: 100-continue",
                ]
            )
            #expect(outcome.interim.map(\.status) == [100])
            #expect(outcome.answer?.status == 200)
            #expect(await !scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 1))
        }
    }

    @Test("health is told to anyone", arguments: Curl.TLS.allCases)
    func healthIsToldToAnyone(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/healthz", tls: tls)
            #expect(answer.status == 200)
            #expect(answer.text == "ok\n")
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test(
        "HEAD has the fields of GET and no content",
        arguments: ["/", "/traffic", "/online", "/dump/streams", "/healthz"]
    )
    func headHasTheFieldsOfGetAndNoContent(path: String) async throws {
        try await Scene.play { scene in
            let get = try await scene.curl.get(path, token: Tokens.all.text)
            let head = try await scene.curl.get(path, token: Tokens.all.text, "--head")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head["content-length"] == "\(get.body.count)")
            #expect(head["content-type"] == get["content-type"])
        }
    }

    @Test("OPTIONS names the methods without a token")
    func optionsNamesTheMethodsWithoutAToken() async throws {
        try await Scene.play { scene in
            let expected = [
                "/": "GET, HEAD, OPTIONS", "/traffic": "GET, HEAD, OPTIONS", "/online": "GET, HEAD, OPTIONS",
                "/dump/streams": "GET, HEAD, OPTIONS", "/kick": "OPTIONS, POST", "/healthz": "GET, HEAD, OPTIONS",
            ]
            for (path, allow) in expected {
                let answer = try await scene.curl.get(path, "--request", "OPTIONS")
                #expect(answer.status == 204)
                #expect(answer["allow"] == allow)
                #expect(answer["content-length"] == nil)
            }
            let server = try await scene.curl.get("/", "--request", "OPTIONS", "--request-target", "*")
            #expect(server.status == 204)
            #expect(server["allow"] == "GET, HEAD, OPTIONS, POST")
        }
    }

    @Test("percent encoded path is decoded once")
    func percentEncodedPathIsDecodedOnce() async throws {
        try await Scene.play { scene in
            let plain = try await scene.curl.get("/traffic", token: Tokens.all.text)
            let encoded = try await scene.curl.get("/%74raffic", token: Tokens.all.text)
            #expect(encoded.body == plain.body)
            for path in ["//traffic", "/traffic/", "/%2574raffic", "/./traffic", "/x/../traffic", "/Traffic"] {
                let answer = try await scene.curl.get(path, token: Tokens.all.text)
                #expect(answer.status == 404, "\(path)")
            }
        }
    }

    @Test("OpenSSL and curl read the same")
    func opensslAndCurlReadTheSame() async throws {
        try await Scene.play { scene in
            let curl = try await scene.curl.get("/traffic", token: Tokens.all.text)
            for version in ["-tls1_2", "-tls1_3"] {
                let end = try await OpenSSLClient.run(
                    port: scene.gateway.port,
                    request: """
                        GET /traffic HTTP/1.1\r
                        Host: localhost\r
                        Authorization: Bearer \(Tokens.all.text)\r
                        Connection: close\r
                        \r

                        """,
                    trusting: scene.folder.path(of: "certificate.pem"),
                    version,
                    "-quiet"
                )
                var bytes = end.output[...]
                let answer = try #require(HTTPAnswer(takenFrom: &bytes), "\(end)")
                #expect(answer.body == curl.body)
                #expect(answer["connection"] == "close")
                #expect(bytes.isEmpty)
                #expect(end.ending == .exit(0))
            }
        }
    }
}

extension Scene.Setting {
    /// A Hysteria whose users are busy for half a minute and then stand still.
    static var withStreams: Scene.Setting {
        let began: Int64 = 1_800_000_000_000_000_000
        let isBegun = Atomic(false)
        var setting = Scene.Setting()
        setting.users = SimulatedUser.crowd(20, seed: 3)
        setting.now = { isBegun.exchange(true, ordering: .relaxed) ? began + 30_000_000_000 : began }
        return setting
    }
}
