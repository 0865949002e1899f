import Testing

/// What is asked wrongly gets an answer that says so.
@Suite(.startsPrograms)
struct RefusalTests {
    @Test("what does not exist is404", arguments: Curl.TLS.allCases)
    func whatDoesNotExistIs404(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let json = try await scene.curl.get("/nothing", token: Tokens.all.text, tls: tls)
            #expect(json.status == 404)
            #expect(json.problem == "not-found")
            let text = try await scene.curl.get("/nothing?format=text", token: Tokens.all.text, tls: tls)
            #expect(text.status == 404)
            #expect(text["content-type"] == "text/plain; charset=utf-8")
            #expect(text.text.hasPrefix("404 Not Found: "))
            #expect(text.text.hasSuffix("\n"))
        }
    }

    @Test("a method that a path does not have is405 and names those it has")
    func aMethodThatAPathDoesNotHaveIs405AndNamesThoseItHas() async throws {
        try await Scene.play { scene in
            for (method, path, allow) in [
                ("POST", "/traffic", "GET, HEAD, OPTIONS"), ("DELETE", "/traffic?clear=1", "GET, HEAD, OPTIONS"),
                ("PUT", "/online", "GET, HEAD, OPTIONS"), ("get", "/dump/streams", "GET, HEAD, OPTIONS"),
                ("GET", "/kick", "OPTIONS, POST"), ("PATCH", "/healthz", "GET, HEAD, OPTIONS"),
            ] {
                let answer = try await scene.curl.get(path, token: Tokens.all.text, "--request", method)
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer["allow"] == allow)
                #expect(answer.problem == "method-not-allowed")
            }
            let head = try await scene.curl.get("/kick", token: Tokens.all.text, "--head")
            #expect(head.status == 405)
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a body beyond the limit is413", arguments: Curl.TLS.allCases)
    func aBodyBeyondTheLimitIs413(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let body = try scene.folder.write("[\"\(String(repeating: "a", count: 100_000))\"]", to: "body")
            for framing in [[], ["--header", "Transfer-Encoding: chunked"]] {
                let outcome = try await scene.curl.run(
                    "/kick",
                    token: Tokens.all.text,
                    tls: tls,
                    ["--data-binary", "@\(body)", "--header", "Expect:"] + framing
                )
                let answer = try #require(outcome.answer, "\(outcome)")
                #expect(answer.status == 413)
                #expect(answer.problem == "request-too-large")
                #expect(answer["connection"] == "close")
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a head beyond the limit is431", arguments: Curl.TLS.allCases)
    func aHeadBeyondTheLimitIs431(tls: Curl.TLS) async throws {
        try await Scene.play { scene in
            let long = String(repeating: "a", count: 17_000)
            let field = try await scene.curl.get(
                "/traffic",
                token: Tokens.all.text,
                tls: tls,
                "--header",
                "X-Long: \(long)"
            )
            #expect(field.status == 431)
            #expect(field.problem == "request-too-large")
            let target = try await scene.curl.get("/\(long)", token: Tokens.all.text, tls: tls)
            #expect(target.status == 431)
            let good = try await scene.curl.get("/traffic", token: Tokens.all.text, tls: tls)
            #expect(good.status == 200)
        }
    }

    @Test("a kick that is no list of names is400 and reaches nobody")
    func aKickThatIsNoListOfNamesIs400AndReachesNobody() async throws {
        try await Scene.play { scene in
            for body in [
                "{}", "\"wang\"", "[\"wang\"", "[\"wang\"] junk", "[1]", "[null]", "", "[\"wang\",]", "[\"\u{1}\"]",
                "nonsense",
            ] {
                let answer = try await scene.curl.get("/kick", token: Tokens.all.text, "--data-raw", body)
                #expect(answer.status == 400, "\(body)")
                #expect(answer.problem == "malformed-request", "\(body)")
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a query that could mean two things is400")
    func aQueryThatCouldMeanTwoThingsIs400() async throws {
        try await Scene.play { scene in
            for path in [
                "/traffic?clear=yes", "/traffic?clear=0&clear=1", "/traffic?clear=", "/traffic?clear",
                "/traffic?clear=%zz",
                "/traffic?%zz=1", "/traffic?format=xml", "/traffic?format=json&format=text", "/online?clear=1",
                "/traffic?clear=tRuE",
            ] {
                let answer = try await scene.curl.get(path, token: Tokens.all.text)
                #expect(answer.status == 400, "\(path)")
                #expect(answer.problem == "malformed-request", "\(path)")
            }
            let head = try await scene.curl.get("/traffic?clear=1", token: Tokens.all.text, "--head")
            #expect(head.status == 400)
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a query of another sort is passed over and never passed on")
    func aQueryOfAnotherSortIsPassedOverAndNeverPassedOn() async throws {
        try await Scene.play { scene in
            for path in ["/traffic?t=1", "/traffic?clear=0", "/traffic?;clear=1", "/traffic?Clear=1", "/traffic?&&"] {
                let answer = try await scene.curl.get(path, token: Tokens.all.text)
                #expect(answer.status == 200, "\(path)")
            }
            #expect(await Set(scene.hysteria.requests) == ["GET /traffic"])
        }
    }

    @Test("an expectation that nobody knows is417")
    func anExpectationThatNobodyKnowsIs417() async throws {
        try await Scene.play { scene in
            let answer = try await scene.curl.get("/traffic", token: Tokens.all.text, "--header", "Expect: miracles")
            #expect(answer.status == 417)
            #expect(answer.problem == "expectation-failed")
        }
    }
}
