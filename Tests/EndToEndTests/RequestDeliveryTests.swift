import NIOSSL
import Testing

/// However a request travels, it is the same request.
@Suite(.startsPrograms)
struct RequestDeliveryTests {
    private static func request(_ path: String, _ further: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(Tokens.all.text)\r\n\(further)\r\n"
    }

    @Test("requests follow each other on one connection", arguments: [TLSVersion.tlsv12, .tlsv13])
    func requestsFollowEachOtherOnOneConnection(version: TLSVersion) async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port, version: version)
            for count in 1...20 {
                try await client.send(Self.request("/traffic"))
                let answer = try #require(try await client.answers(count).last)
                #expect(answer.status == 200)
                #expect(answer["connection"] == nil)
            }
            try await client.close()
        }
    }

    @Test("pipelined requests are answered in their order")
    func pipelinedRequestsAreAnsweredInTheirOrder() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            let paths = [
                "/healthz", "/traffic", "/nothing", "/online", "/healthz", "/traffic?clear=1", "/traffic", "/x",
            ]
            try await client.send(paths.map { Self.request($0) }.joined())
            let answers = try await client.answers(paths.count)
            #expect(answers.map(\.status) == [200, 200, 404, 200, 200, 200, 200, 404])
            #expect(answers[0].text == "ok\n")
            #expect(answers[3].text == #"{"anna":2,"wang":1}"#)
            #expect(answers[1].body == answers[5].body)
            #expect(answers[6].text == "{}")
        }
    }

    @Test("a thousand pipelined requests are all answered")
    func aThousandPipelinedRequestsAreAllAnswered() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            try await client.send(String(repeating: Self.request("/healthz"), count: 1000))
            let answers = try await client.answers(1000)
            #expect(answers.count == 1000)
            #expect(answers.allSatisfy { $0.status == 200 })
        }
    }

    @Test("a request may come byte by byte")
    func aRequestMayComeByteByByte() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            try await client.sendBytewise(Self.request("/traffic"))
            #expect(try await client.answers(1).first?.status == 200)
            let kick = """
                POST /kick HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer \(Tokens.all.text)\r
                Transfer-Encoding: chunked\r
                \r
                4;ext="a b"\r
                ["wa\r
                4\r
                ng"]\r
                0\r
                Trailer: x\r
                \r

                """
            try await client.sendBytewise(kick)
            #expect(try await client.answers(2).last?.status == 200)
            #expect(await !scene.hysteria.logTraffic(user: "wang", tx: 1, rx: 1))
        }
    }

    @Test("a connection is closed behind the answer to who asks for that")
    func aConnectionIsClosedBehindTheAnswerToWhoAsksForThat() async throws {
        try await Scene.play { scene in
            for request in [
                Self.request("/traffic", "Connection: close\r\n"),
                Self.request("/traffic").replacing("HTTP/1.1", with: "HTTP/1.0"),
            ] {
                let client = try await SocketClient.tls(to: scene.gateway.port)
                // What follows is no business of this connection any more.
                try await client.send(request + Self.request("/traffic?clear=1"))
                let received = try await client.end()
                var rest = received.bytes[...]
                let answer = try #require(HTTPAnswer(takenFrom: &rest))
                #expect(answer.status == 200)
                #expect(answer["connection"] == "close")
                #expect(rest.isEmpty)
                #expect(received.error == nil)
            }
            #expect(await !scene.hysteria.requests.contains("GET /traffic?clear=1"))
        }
    }

    @Test("an old client may keep its connection")
    func anOldClientMayKeepItsConnection() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            let request = Self.request("/healthz", "Connection: keep-alive\r\n").replacing("HTTP/1.1", with: "HTTP/1.0")
            try await client.send(request + request)
            let answers = try await client.answers(2)
            #expect(answers.map { $0["connection"] } == ["keep-alive", "keep-alive"])
        }
    }

    @Test("an idle connection is closed")
    func anIdleConnectionIsClosed() async throws {
        var setting = Scene.Setting()
        setting.limits["idleTimeout"] = "1s"
        try await Scene.play(setting) { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            let answer = try await client.answer(to: Self.request("/healthz"))
            #expect(answer.status == 200)
            let received = try await client.end()
            #expect(received.error == nil)
        }
    }
}
