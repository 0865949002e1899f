import NIOCore
import NIOOpenSSL
import NIOPosix
import SeededRandom
import Testing

@testable import ACME

/// On real sockets of loopback.
@Suite("Looking for a proof as an authority does")
struct ProofProbeTests {
    private let table = ProofTable()

    private func proof(_ kind: ProofKind, of name: String = "a.example", seed: UInt64 = 1) throws -> Proof {
        var generator = SeededGenerator(seed: seed)
        return Proof.madeUp(for: try Identifier(name), kind, using: &generator)
    }

    private func probe(
        _ proof: Proof,
        tls: Int = 1,
        http: Int = 1,
        limit: TimeAmount = .seconds(20),
        attempts: Int = 1,
        whenSleeping: @escaping @Sendable () -> Void = {}
    ) async throws -> [SurveyFinding] {
        var ports = ProofProbe.Ports()
        (ports.tls, ports.http) = (tls, http)
        let probe = ProofProbe(
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(),
            clock: StillClock(whenSleeping: whenSleeping),
            ports: ports,
            limit: limit,
            attempts: attempts
        )
        return await probe.run(for: proof, at: [try #require(HostAddress("127.0.0.1"))])
    }

    private func withListener(_ body: (ProofListener) async throws -> Void) async throws {
        let listener = try ProofListener(table)
        defer { listener.stop() }
        try await body(listener)
    }

    @Test(
        "a proof that is shown is seen",
        arguments: ["a.example", "127.0.0.1", "2001:db8::1"],
        [ProofKind.tls, .http]
    )
    func shown(name: String, kind: ProofKind) async throws {
        let proof = try proof(kind, of: name)
        try table.set([proof], of: .folder)
        try await withListener { listener in
            let findings = try await probe(proof, tls: listener.tlsPort, http: listener.httpPort)
            let port = kind == .tls ? listener.tlsPort : listener.httpPort
            expect(findings, .ok, "\(name): \(kind.rawValue) at 127.0.0.1:\(port) shows the proof")
        }
        #expect(table.timesAsked(for: proof) == 1)
    }

    @Test("a proof that a gateway shows a moment later is seen", arguments: [ProofKind.tls, .http])
    func late(kind: ProofKind) async throws {
        let proof = try proof(kind)
        let table = table
        try await withListener { listener in
            let findings = try await probe(proof, tls: listener.tlsPort, http: listener.httpPort, attempts: 2) {
                try? table.set([proof], of: .folder)
            }
            expect(findings, .ok)
        }
    }

    @Test("a server that does not show it is a failure", arguments: [ProofKind.tls, .http])
    func notShown(kind: ProofKind) async throws {
        let proof = try proof(kind)
        try await withListener { listener in
            let findings = try await probe(proof, tls: listener.tlsPort, http: listener.httpPort, attempts: 3)
            expect(findings, .failure, "is this gateway running")
        }
    }

    @Test("another proof for the same name is a warning for handshakes, and none for requests")
    func anotherProof() async throws {
        let tls = try proof(.tls)
        let other = try proof(.tls, seed: 2)
        try table.set([other], of: .own)
        try await withListener { listener in
            expect(try await probe(tls, tls: listener.tlsPort), .warning, "another proof")
        }
        let plain = try PlainAnswers { _ in Self.answer("200 OK", body: "other") }
        defer { plain.stop() }
        expect(try await probe(try proof(.http), http: plain.port), .failure, "something else than the proof")
    }

    /// Shows what it is given for any name.
    private struct AnyName: TLSChallengeResponder {
        let context: TLSContext

        func challengeContext(for serverName: String) -> TLSContext? { context }
    }

    @Test("a certificate for another name, or without the digest, is no proof")
    func wrongCertificates() async throws {
        let proof = try proof(.tls)
        let digest = KeyAuthorization.digest(of: proof.keyAuthorization)
        let identities = [
            try TLSIdentity.validation(for: "b.example", digest: digest),
            try TLSIdentity.throwaway(names: ["a.example"]),
        ]
        for identity in identities {
            let responder = AnyName(context: try TLSContext.challenge(identity: identity))
            let context = try TLSContext.server(
                identities: TLSIdentitySet([try .throwaway(names: ["a.example"])]),
                challenges: responder
            )
            let server = try PlainAnswers(context) { _ in nil }
            defer { server.stop() }
            expect(try await probe(proof, tls: server.port), .failure, "no proof for it")
        }
    }

    @Test("a server of TLS that knows no acme-tls/1 is a failure, and so is one of plain text")
    func otherServers() async throws {
        let context = try TLSContext.server(identity: .throwaway(names: ["a.example"]))
        let secured = try PlainAnswers(context) { _ in nil }
        defer { secured.stop() }
        expect(try await probe(try proof(.tls), tls: secured.port), .failure, "without agreeing on acme-tls/1")
        let plain = try PlainAnswers { _ in Self.answer("400 Bad Request") }
        defer { plain.stop() }
        expect(try await probe(try proof(.tls), tls: plain.port), .failure, "does not show the proof")
    }

    @Test("where nobody answers, it may be the router", arguments: [ProofKind.tls, .http])
    func silence(kind: ProofKind) async throws {
        // Nothing listens on port 1.
        expect(try await probe(try proof(kind)), .warning, "hairpin NAT", "refused")
        let silent = try PlainAnswers { _ in nil }
        defer { silent.stop() }
        let findings = try await probe(try proof(kind), tls: silent.port, http: silent.port, limit: .milliseconds(200))
        expect(findings, .warning, "hairpin NAT")
    }

    // MARK: Requests

    private static func answer(_ status: String, _ field: String? = nil, body: String = "") -> String {
        "HTTP/1.1 \(status)\r\n\(field.map { $0 + "\r\n" } ?? "")Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("blanks at the end of the answer are allowed, in front of it they are not")
    func blanks() async throws {
        let proof = try proof(.http)
        let behind = try PlainAnswers { _ in Self.answer("200 OK", body: proof.keyAuthorization + " \r\n") }
        defer { behind.stop() }
        expect(try await probe(proof, http: behind.port), .ok)
        let before = try PlainAnswers { _ in Self.answer("200 OK", body: " " + proof.keyAuthorization) }
        defer { before.stop() }
        expect(try await probe(proof, http: before.port), .failure)
    }

    @Test("a redirect to https on the same name is followed")
    func redirect() async throws {
        let proof = try proof(.http)
        let path = "/.well-known/acme-challenge/\(proof.token)"
        let context = try TLSContext.server(identity: .throwaway(names: ["other.example"]))
        let secured = try PlainAnswers(context) { asked in
            asked == path + "?a" ? Self.answer("200 OK", body: proof.keyAuthorization) : Self.answer("404 Not Found")
        }
        let plain = try PlainAnswers { asked in
            asked == path
                ? Self.answer("301 Moved", "Location: https://A.example\(path)?a#b") : Self.answer("404 Not Found")
        }
        defer {
            secured.stop()
            plain.stop()
        }
        expect(try await probe(proof, tls: secured.port, http: plain.port), .ok)
    }

    @Test(
        "redirects that no authority follows, or that lead elsewhere, are named",
        arguments: [
            ("http://a.example:8080/x", "failure", "no authority follows"),
            ("ftp://a.example/x", "failure", "no authority follows"),
            ("https://a.example:444/", "failure", "no authority follows"),
            ("https://b.example/x", "warning", "redirects to b.example"),
            ("/again", "failure", "more than 10 times"), ("//b.example/", "failure", "no authority follows"),
        ]
    )
    func otherRedirects(location: String, verdict: String, words: String) async throws {
        let server = try PlainAnswers { _ in Self.answer("302 Found", "Location: \(location)") }
        defer { server.stop() }
        let findings = try await probe(try proof(.http), http: server.port)
        expect(findings, try #require(SurveyFinding.Verdict(rawValue: verdict)), words)
    }

    @Test(
        "other statuses and answers that are none are failures",
        arguments: [
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n",
            "SSH-2.0-x\r\n", "",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
        ]
    )
    func otherAnswers(text: String) async throws {
        let server = try PlainAnswers { _ in text }
        defer { server.stop() }
        expect(try await probe(try proof(.http), http: server.port), .failure, "is this gateway running")
    }

    @Test(
        "a request is as an authority sends it",
        arguments: [("a.example", "a.example"), ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "[2001:db8::1]")]
    )
    func request(name: String, host: String) throws {
        let proof = try proof(.http, of: name)
        let request = ProbeTarget(proof).request
        #expect(request.hasPrefix("GET /.well-known/acme-challenge/\(proof.token) HTTP/1.1\r\nHost: \(host)\r\n"))
        #expect(request.hasSuffix("\r\n\r\n") && !request.dropLast(4).contains("\r\n\r\n"))
    }

    @Test(
        "a redirect cannot put anything into the next request",
        arguments: [
            "/a b", "/a\r\nX: y", "https://a.example/\u{e9}", "https://a.exam ple/", "https://user@a.example/",
            "https://*.a.example/",
            "https://a.example:0443443/", "https://[::1/", "https://[::1]x/", "https:a.example", "https://", "nonsense",
            "",
        ]
    )
    func badLocations(location: String) throws {
        #expect(ProbeTarget(try proof(.http)).following(location) == nil)
    }

    @Test("a made-up proof has a token of its own, and no wildcard")
    func madeUp() throws {
        let first = try proof(.tls, of: "*.a.example")
        let second = try proof(.tls, of: "*.a.example", seed: 2)
        #expect(first.identifier == .name("a.example"))
        #expect(first.token != second.token && Base64URL.isValid(first.token, upTo: 43))
        #expect(first.keyAuthorization.hasPrefix(first.token + "."))
        #expect(Proof.madeUp(for: first.identifier, .http) != Proof.madeUp(for: first.identifier, .http))
    }
}
