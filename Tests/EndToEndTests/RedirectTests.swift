import Testing

/// Plain HTTP sends callers to HTTPS, for the names of the certificate alone.
@Suite(.startsPrograms)
struct RedirectTests {
    private static func playWithRedirect(_ act: @Sendable (Scene, String) async throws -> Void) async throws {
        var setting = Scene.Setting()
        setting.redirects = true
        try await Scene.play(setting) { scene in
            try await act(scene, "http://127.0.0.1:\(scene.gateway.ports[1])")
        }
    }

    @Test("a known name is sent to the same path on HTTPS")
    func aKnownNameIsSentToTheSamePathOnHTTPS() async throws {
        try await Self.playWithRedirect { scene, site in
            for host in ["localhost", "gateway.example", "GATEWAY.example", "gateway.example:80", "127.0.0.1"] {
                for path in ["/", "/traffic", "/traffic?clear=1&format=text", "/%74raffic", "//x"] {
                    let outcome = try await Curl.run(site + path, ["--header", "Host: \(host)"])
                    let answer = try #require(outcome.answer)
                    #expect(answer.status == 308)
                    let name = host.lowercased().replacing(":80", with: "")
                    #expect(answer["location"] == "https://\(name):\(scene.gateway.port)\(path)")
                    #expect(answer["strict-transport-security"] == nil)
                    #expect(answer.body.isEmpty)
                }
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("curl follows to the site")
    func curlFollowsToTheSite() async throws {
        try await Self.playWithRedirect { scene, site in
            let outcome = try await Curl.run(
                "\(site)/healthz",
                ["--location", "--cacert", scene.folder.path(of: "certificate.pem")]
            )
            #expect(outcome.exitCode == 0)
            #expect(outcome.answer?.status == 308)
            #expect(outcome.answer?.text.hasSuffix("ok\n") == true)
        }
    }

    @Test("who sends a token is not sent on and the log names the token")
    func whoSendsATokenIsNotSentOnAndTheLogNamesTheToken() async throws {
        try await Self.playWithRedirect { scene, site in
            let outcome = try await Curl.run(
                "\(site)/traffic",
                [
                    "--location", "--location-trusted", "--cacert", scene.folder.path(of: "certificate.pem"),
                    "--header", "Authorization: Bearer \(Tokens.all.text)",
                ]
            )
            let answer = try #require(outcome.answer)
            #expect(answer.status == 403)
            #expect(answer.values(of: "location").isEmpty)
            #expect(answer.text.contains("https://127.0.0.1:\(scene.gateway.port) instead of http://"))
            let line = try await scene.gateway.log("a token came over plain HTTP", "token=all")
            #expect(!line.contains(Tokens.all.text))
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("an unknown name is misdirected")
    func anUnknownNameIsMisdirected() async throws {
        try await Self.playWithRedirect { scene, site in
            for host in ["evil.example", "gateway.example.evil.example", "192.0.2.1", "[::1]", "x.gateway.example"] {
                let outcome = try await Curl.run("\(site)/traffic", ["--header", "Host: \(host)"])
                let answer = try #require(outcome.answer)
                #expect(answer.status == 421, "\(host)")
                #expect(answer.values(of: "location").isEmpty)
            }
        }
    }

    @Test("nothing is served over plain HTTP")
    func nothingIsServedOverPlainHTTP() async throws {
        try await Self.playWithRedirect { scene, site in
            let known = ["--header", "Host: localhost", "--header", "Authorization: Bearer \(Tokens.all.text)"]
            for path in ["/healthz", "/traffic?clear=1"] {
                #expect(try await Curl.run(site + path, known).answer?.status == 403)
            }
            let kick = try await Curl.run("\(site)/kick", known + ["--data", #"["wang"]"#])
            #expect(kick.answer?.status == 403)
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a malformed request is answered and the next one redirected")
    func aMalformedRequestIsAnsweredAndTheNextOneRedirected() async throws {
        try await Self.playWithRedirect { scene, site in
            let requests = [
                "GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n", "GET /\u{1} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            ]
            for request in requests {
                let client = try await SocketClient.plain(to: scene.gateway.ports[1])
                let answer = try await client.answer(to: request)
                #expect(answer.status == 400)
                try await client.end()
            }
            #expect(try await Curl.run(site, ["--header", "Host: localhost"]).answer?.status == 308)
        }
    }

    @Test("what a caller sends cannot split the answer")
    func whatACallerSendsCannotSplitTheAnswer() async throws {
        try await Self.playWithRedirect { scene, site in
            let outcome = try await Curl.run(
                "\(site)/%0d%0aSet-Cookie:%20a=b",
                ["--header", "Host: localhost"]
            )
            #expect(outcome.answer?.status == 308)
            #expect(outcome.answer?.values(of: "set-cookie").isEmpty == true)
        }
    }
}
