import NIOSSL
import Testing

/// What is not TLS, or not HTTP, ends its own connection and nothing else.
@Suite(.startsPrograms)
struct MalformedInputTests {
    /// Bytes that do not begin a TLS connection.
    private static let notTLS: [(name: String, bytes: [UInt8])] = [
        ("plain HTTP", Array("GET /traffic HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
        ("SSH", Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)),
        ("zeros", [UInt8](repeating: 0, count: 4096)),
        ("ones", [UInt8](repeating: 0xFF, count: 4096)),
        ("SSL 2", [0x80, 0x2E, 0x01, 0x00, 0x02] + [UInt8](repeating: 1, count: 41)),
        ("an empty record", [0x16, 0x03, 0x01, 0x00, 0x00]),
        ("a record too long", [0x16, 0x03, 0x01, 0xFF, 0xFF] + [UInt8](repeating: 1, count: 0xFFFF)),
        (
            "a hello of garbage",
            [0x16, 0x03, 0x01, 0x00, 0x10, 0x01, 0x00, 0x00, 0x0C] + [UInt8](repeating: 9, count: 12)
        ),
        ("an alert", [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]),
        ("data before the handshake", [0x17, 0x03, 0x03, 0x00, 0x10] + [UInt8](repeating: 7, count: 16)),
        ("a PROXY header", Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".utf8)),
    ]

    @Test("what is not TLS is refused")
    func whatIsNotTLSIsRefused() async throws {
        var setting = Scene.Setting()
        // What might still become a record is waited for so long.
        setting.limits["handshakeTimeout"] = "10s"
        try await Scene.play(setting) { scene in
            for (name, bytes) in Self.notTLS {
                let client = try await SocketClient.plain(to: scene.gateway.port)
                try? await client.send(bytes)
                let received = try await client.end()
                if name == "plain HTTP" {
                    // Whoever forgot the s of https:// is told, whatever they asked for.
                    #expect(received.bytes.starts(with: Array("HTTP/1.1 400 Bad Request\r\n".utf8)), "\(received)")
                } else {
                    // At most an alert, and never an answer.
                    #expect(received.bytes.count <= 7, "\(name): \(received)")
                }
                let good = try await scene.curl.get("/traffic", token: Tokens.all.text)
                #expect(good.status == 200, "\(name)")
            }
        }
    }

    @Test("old versions of TLS are refused", arguments: [TLSVersion.tlsv1, .tlsv11])
    func oldVersionsOfTLSAreRefused(version: TLSVersion) async throws {
        try await Scene.play { scene in
            let option = version == .tlsv1 ? "1.0" : "1.1"
            let outcome = try await Curl.run(
                "https://127.0.0.1:\(scene.gateway.port)/healthz",
                ["--insecure", "--tlsv1.0", "--tls-max", option, "--ciphers", "DEFAULT@SECLEVEL=0"]
            )
            #expect(outcome.exitCode == 35)
            #expect(outcome.answer == nil)
        }
    }

    @Test("a handshake left in the middle harms nobody")
    func aHandshakeLeftInTheMiddleHarmsNobody() async throws {
        try await Scene.play { scene in
            let hello: [UInt8] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]
            var clients: [SocketClient] = []
            for count in 0...hello.count {
                let client = try await SocketClient.plain(to: scene.gateway.port)
                if count > 0 { try await client.send(hello.prefix(count)) }
                clients.append(client)
            }
            let good = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(good.status == 200)
            for client in clients { try await client.reset() }
            let next = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(next.status == 200)
        }
    }

    @Test("a handshake that takes too long is ended")
    func aHandshakeThatTakesTooLongIsEnded() async throws {
        var setting = Scene.Setting()
        setting.limits["handshakeTimeout"] = "1s"
        try await Scene.play(setting) { scene in
            let client = try await SocketClient.plain(to: scene.gateway.port)
            try await client.send([0x16, 0x03])
            try await client.end()
            let good = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(good.status == 200)
        }
    }

    @Test("a tampered record ends its connection")
    func aTamperedRecordEndsItsConnection() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            try await client.sendBelowTLS([0x17, 0x03, 0x03, 0x00, 0x20] + [UInt8](repeating: 0x5A, count: 32))
            let received = try await client.end()
            #expect(received.bytes.isEmpty)
            let good = try await scene.curl.get("/traffic", token: Tokens.all.text)
            #expect(good.status == 200)
        }
    }

    /// Requests that break a rule of RFC 9112, and what they get.
    private static let malformed: [(name: String, request: String, status: Int)] = [
        ("no request line", "garbage\r\n\r\n", 400),
        ("no version", "GET /traffic\r\n\r\n", 400),
        ("two blanks", "GET  /traffic HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("no host", "GET /traffic HTTP/1.1\r\n\r\n", 400),
        ("two hosts", "GET /traffic HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("a blank in the host", "GET /traffic HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("a blank before a colon", "GET /traffic HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("a folded line", "GET /traffic HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n", 400),
        ("bare line feeds", "GET /traffic HTTP/1.1\nHost: a\n\n", 400),
        ("a bare carriage return", "GET /traffic HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
        ("a zero byte", "GET /traffic HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n", 400),
        ("a control byte in the target", "GET /tra\u{1}ffic HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (
            "two credentials",
            "GET /traffic HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400
        ),
        ("two lengths", "POST /kick HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("a negative length", "POST /kick HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (
            "a length beside a coding",
            "POST /kick HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400
        ),
        ("a coding besides chunked", "POST /kick HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
        (
            "a length beyond all bounds",
            "POST /kick HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 413
        ),
        ("HTTP/2 in the request line", "GET /traffic HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ]

    @Test("a malformed request is answered and ends its connection")
    func aMalformedRequestIsAnsweredAndEndsItsConnection() async throws {
        try await Scene.play { scene in
            for (name, request, status) in Self.malformed {
                let client = try await SocketClient.tls(to: scene.gateway.port)
                let answer = try await client.answer(to: request)
                #expect(answer.status == status, "\(name)")
                #expect(answer.problem != nil, "\(name)")
                #expect(answer["connection"] == "close", "\(name)")
                try await client.end()
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a chunk that is none is answered with400")
    func aChunkThatIsNoneIsAnsweredWith400() async throws {
        try await Scene.play { scene in
            for chunk in ["zz\r\n", "-1\r\n", "5\r\nabcdefgh", "\r\n", "1;a=\u{1}\r\n", "5\nabcde"] {
                let client = try await SocketClient.tls(to: scene.gateway.port)
                let answer = try await client.answer(
                    to: """
                        POST /kick HTTP/1.1\r
                        Host: localhost\r
                        Authorization: Bearer \(Tokens.all.text)\r
                        Transfer-Encoding: chunked\r
                        \r
                        \(chunk)
                        """
                )
                #expect(answer.status == 400, "\(chunk)")
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a request that never ends gets408")
    func aRequestThatNeverEndsGets408() async throws {
        var setting = Scene.Setting()
        // Who has sent nothing in this time is closed without a word, so that it has to suffice for a busy machine.
        setting.limits["headTimeout"] = "5s"
        setting.limits["bodyTimeout"] = "5s"
        try await Scene.play(setting) { scene in
            let head = try await SocketClient.tls(to: scene.gateway.port)
            try await head.send("GET /traffic HT")
            let body = try await SocketClient.tls(to: scene.gateway.port)
            try await body.send(
                """
                POST /kick HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer \(Tokens.all.text)\r
                Content-Length: 10\r
                \r
                ["wa
                """
            )
            for client in [head, body] {
                let answer = try #require(try await client.answers(1).first)
                #expect(answer.status == 408)
                #expect(answer.problem == "request-timeout")
                try await client.end()
            }
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("half a request and an end harms nobody")
    func halfARequestAndAnEndHarmsNobody() async throws {
        try await Scene.play { scene in
            let request =
                "GET /traffic?clear=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(Tokens.all.text)\r\n\r\n"
            for length in [1, 10, 40, request.count - 1] {
                let client = try await SocketClient.tls(to: scene.gateway.port)
                try await client.send(String(request.prefix(length)))
                try await client.close()
                try await client.end()
            }
            let good = try await scene.curl.get("/healthz")
            #expect(good.status == 200)
            #expect(await scene.hysteria.requests.isEmpty)
        }
    }

    @Test("a response is no request")
    func aResponseIsNoRequest() async throws {
        try await Scene.play { scene in
            let client = try await SocketClient.tls(to: scene.gateway.port)
            let answer = try await client.answer(to: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(answer.status == 400)
        }
    }
}
