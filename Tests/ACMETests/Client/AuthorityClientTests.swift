import ACME
import Foundation
import NIOCore
import NIOPosix
import Testing

@Suite("The client of an authority")
struct AuthorityClientTests {
    private static let agent = "test/1 (linux)"

    private static func answer(_ status: String, _ fields: [String] = [], _ body: String = "") -> String {
        (["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n")
    }

    private func withServer<Value>(
        names: [String] = ["127.0.0.1", "localhost"],
        _ answers: [String?],
        time: TimeAmount = .seconds(30),
        _ body: (ScriptedServer, AuthorityClient) async throws -> Value
    ) async throws -> Value {
        let server = try ScriptedServer(names: names, answers: answers)
        let trust = NSTemporaryDirectory() + "/trust-\(UUID().uuidString).crt"
        try Data(server.trustPEM).write(to: URL(fileURLWithPath: trust))
        defer {
            server.stop()
            try? FileManager.default.removeItem(atPath: trust)
        }
        var limits = AuthorityClient.Limits()
        limits.body = 100
        limits.request = time
        return try await body(server, client(trust, limits))
    }

    private func client(_ trust: String?, _ limits: AuthorityClient.Limits) -> AuthorityClient {
        AuthorityClient(
            group: MultiThreadedEventLoopGroup.singleton,
            trust: trust,
            userAgent: Self.agent,
            limits: limits
        )
    }

    private func failure(_ send: () async throws -> AuthorityResponse) async -> String {
        do {
            return "answered \(try await send())"
        } catch {
            return "\(error)"
        }
    }

    @Test("sends what RFC 8555 asks for, and brings the fields that matter")
    func exchange() async throws {
        let fields = [
            "Replay-Nonce: n1", "Location: https://a.example/1", "Retry-After: 7", "LINK: <a>;rel=\"up\"", "Link: <b>",
            "Content-Type: application/json", "Date: Sun, 22 Nov 2026 21:41:55 GMT", "X: y",
        ]
        try await withServer([Self.answer("201 Created", fields, "{}")]) { server, client in
            let url = "https://127.0.0.1:\(server.port)/new?a=b"
            let answer = try await client.send(WireRequest(.post, url, body: Array("{\"x\":1}".utf8)))
            #expect(
                answer
                    == AuthorityResponse(
                        status: 201,
                        body: Array("{}".utf8),
                        nonce: "n1",
                        location: "https://a.example/1",
                        retryAfter: "7",
                        links: ["<a>;rel=\"up\"", "<b>"],
                        contentType: "application/json",
                        date: "Sun, 22 Nov 2026 21:41:55 GMT"
                    )
            )
            #expect(
                server.requests == [
                    """
                    POST /new?a=b HTTP/1.1\r
                    Host: 127.0.0.1:\(server.port)\r
                    User-Agent: test/1 (linux)\r
                    Accept-Language: en\r
                    Connection: close\r
                    Content-Type: application/jose+json\r
                    Content-Length: 7\r
                    \r
                    {"x":1}
                    """
                ]
            )
        }
    }

    @Test("takes HEAD, any status, and a body in chunks or until the end")
    func shapes() async throws {
        let answers = [
            "HTTP/1.1 200 OK\r\nReplay-Nonce: n\r\nContent-Length: 99\r\n\r\n", Self.answer("429 x", [], "slow"),
            "HTTP/1.1 503 x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "HTTP/1.0 500 x\r\n\r\nend",
            Self.answer("302 Found", ["Location: https://a.example/"]),
        ]
        try await withServer(answers) { server, client in
            let url = "https://localhost:\(server.port)/"
            let head = try await client.send(WireRequest(.head, url))
            #expect(head == AuthorityResponse(status: 200, nonce: "n"))
            for (status, body) in [(429, "slow"), (503, "ab"), (500, "end")] {
                let answer = try await client.send(WireRequest(.get, url))
                #expect(answer == AuthorityResponse(status: status, body: Array(body.utf8)))
            }
            // A redirect is an answer like any other, but for the directory.
            let redirect = try await client.send(WireRequest(.get, url))
            #expect(redirect.status == 302)
        }
    }

    @Test("follows the directory's redirects, and not more than ten")
    func redirects() async throws {
        try await withServer([Self.answer("302 x", ["Location: /two"]), Self.answer("200 OK", [], "here")]) {
            server,
            client in
            let url = "https://127.0.0.1:\(server.port)/one"
            let answer = try await client.send(WireRequest(.get, url, followsRedirects: true))
            #expect(answer.body == Array("here".utf8))
            #expect(server.requests.map { $0.prefix(8) } == ["GET /one", "GET /two"])
        }
        let loop = [String?](repeating: Self.answer("301 x", ["Location: /again"]), count: 20)
        try await withServer(loop) { server, client in
            let url = "https://127.0.0.1:\(server.port)/one"
            let problem = await failure { try await client.send(WireRequest(.get, url, followsRedirects: true)) }
            #expect(problem == "\(url) leads to more than 10 redirects")
            #expect(server.requests.count == 11)
        }
    }

    @Test(
        "never leaves https",
        arguments: ["http://127.0.0.1/", "//a.example/", "ftp://a.example", "", "https://a b/"]
    )
    func plainRedirect(location: String) async throws {
        try await withServer([Self.answer("307 x", ["Location: \(location)"])]) { server, client in
            let url = "https://127.0.0.1:\(server.port)/one"
            let problem = await failure { try await client.send(WireRequest(.get, url, followsRedirects: true)) }
            #expect(problem == "\(url) redirects to '\(location)', which is no https URL")
        }
        let problem = await failure { try await client(nil, .init()).send(WireRequest(.get, "http://127.0.0.1/")) }
        #expect(problem == "'http://127.0.0.1/' is no https URL that a request can be sent to")
    }

    @Test("verifies the server's name, and its address, by the file it is given or by what the system trusts")
    func verification() async throws {
        let ok = [String?](repeating: Self.answer("200 OK"), count: 3)
        try await withServer(names: ["localhost"], ok) { server, client in
            let byName = try await client.send(WireRequest(.get, "https://localhost:\(server.port)/"))
            #expect(byName.status == 200)
            let byAddress = await failure {
                try await client.send(WireRequest(.get, "https://127.0.0.1:\(server.port)/"))
            }
            #expect(byAddress.contains("is not trusted"), "\(byAddress)")
            #expect(byAddress.contains("IP address mismatch"), "\(byAddress)")
            let system = await failure {
                try await self.client(nil, .init()).send(WireRequest(.get, "https://localhost:\(server.port)/"))
            }
            #expect(system.contains("is not trusted"), "\(system)")
            #expect(server.requests.count == 1, "nothing is sent to who is not verified")
        }
        try await withServer(names: ["other.example", "127.0.0.2"], ok) { server, client in
            for host in ["localhost", "127.0.0.1"] {
                let problem = await failure {
                    try await client.send(WireRequest(.get, "https://\(host):\(server.port)/"))
                }
                #expect(problem.contains("is not trusted"), "\(problem)")
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("an answer that is cut off, too large or no HTTP is none")
    func badAnswers() async throws {
        let answers = [
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            Self.answer("200 OK", [], String(repeating: "x", count: 101)),
            "nonsense\r\n\r\n", "",
        ]
        try await withServer(answers) { server, client in
            let url = "https://127.0.0.1:\(server.port)/"
            for words in [
                "the connection ended before", "larger than the limit of 100 bytes", "it does not begin with",
                "the connection ended before",
            ] {
                let problem = await failure { try await client.send(WireRequest(.get, url)) }
                #expect(problem.hasPrefix("\(url) answered, but "))
                #expect(problem.contains(words), "\(problem)")
            }
        }
    }

    @Test("waits no longer than its limits, and not at all once it is cancelled")
    func time() async throws {
        try await withServer([nil], time: .milliseconds(1500)) { server, client in
            let url = "https://127.0.0.1:\(server.port)/"
            let slow = await failure { try await client.send(WireRequest(.get, url)) }
            #expect(slow == "\(url) did not answer within 1 s")
        }
        try await withServer([nil]) { server, client in
            let url = "https://127.0.0.1:\(server.port)/"
            let task = Task { await failure { try await client.send(WireRequest(.get, url)) } }
            task.cancel()
            #expect(await task.value.hasSuffix("was not waited for"))
        }
    }

    @Test("says why nobody is there")
    func unreachable() async throws {
        let server = try ScriptedServer(names: ["localhost"], answers: [])
        server.stop()
        let url = "https://localhost:\(server.port)/"
        let refused = await failure { try await client(nil, .init()).send(WireRequest(.get, url)) }
        #expect(refused == "\(url) cannot be reached: connection refused")
        let file = await failure { try await client("/nowhere/ca.crt", .init()).send(WireRequest(.get, url)) }
        #expect(
            file
                == "/nowhere/ca.crt, by which the authority is to be verified, cannot be read: No such file or directory"
        )
    }
}
