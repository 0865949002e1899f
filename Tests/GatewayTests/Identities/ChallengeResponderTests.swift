import HysteriaStats
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing
import Time

@testable import Gateway
@testable import HTTPServer

@Suite("Whoever validates a name is answered by a responder")
struct ChallengeResponderTests {
    /// Answers for one name, and notes what it was asked.
    private final class Responder: ChallengeResponder {
        let asked = NIOLockedValueBox<[String]>([])
        private let context: TLSContext

        init() throws {
            context = try TLSContext.challenge(identity: TLSIdentity.throwaway(names: ["proof.example"]))
        }

        func challengeContext(for serverName: String) -> TLSContext? {
            asked.withLockedValue { $0.append("tls \(serverName)") }
            return serverName == "new.example" ? context : nil
        }

        func answer(toToken token: String, host: String?) -> ByteBuffer? {
            asked.withLockedValue { $0.append("http \(token) \(host ?? "-")") }
            return host == "new.example" && token == "Tok_en-1" ? ByteBuffer(string: "Tok_en-1.proof") : nil
        }
    }

    private final class NoSink: ResponseSink {
        func send(_ response: Response) {}
    }

    private let loop = EmbeddedEventLoop()
    private let responder: Responder
    private let state: ServingState
    private let worker: Worker

    init() throws {
        responder = try Responder()
        state = try ServingState(
            configuration: try ConfigurationFixture.load(ConfigurationFixture.minimal),
            identities: TLSIdentitySet([TLSIdentity.throwaway(names: ["localhost"])]),
            challenges: responder
        )
        worker = Worker(
            eventLoop: loop,
            state: state,
            clock: WallClock { 1_000 },
            accessLog: nil,
            logger: CapturedLog().logger
        )
    }

    private var asked: [String] { responder.asked.withLockedValue { $0 } }

    private struct Unanswered: Error {
        let step: String
    }

    private func answer(_ request: String, host: String, asks responder: Responder?) throws -> Response {
        let exchange = RedirectExchange(
            api: worker.api,
            identities: state.identities,
            challenges: responder,
            port: 443,
            peer: nil
        )
        let head = "\(request) HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        let parsed = try HTTP1HeadParser.parse(ByteBuffer(string: head)).request
        let step = exchange.begin(parsed, answeringTo: NoSink())
        guard case .respond(let response) = step else { throw Unanswered(step: "\(step)") }
        return response
    }

    @Test("over plain HTTP, by the path, also for a name that no certificate covers yet", arguments: ["GET", "HEAD"])
    func plain(method: String) throws {
        let response = try answer(
            "\(method) /.well-known/acme-challenge/Tok_en-1",
            host: "New.Example:80",
            asks: responder
        )
        #expect(response.status == .ok)
        #expect(response.contentType?.description == "application/octet-stream")
        #expect(String(buffer: response.body) == "Tok_en-1.proof")
        #expect(asked == ["http Tok_en-1 new.example"])
    }

    @Test("over HTTPS, by the path and without a token: an authority follows a redirect from port 80")
    func overTLS() throws {
        let exchange = APIExchange(context: worker.api, peer: nil)
        func status(_ path: String, host: String) throws -> Int? {
            let head = ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            let step = exchange.begin(try HTTP1HeadParser.parse(head).request, answeringTo: NoSink())
            guard case .respond(let response) = step else { return nil }
            _ = exchange.didAnswer(status: response.status, contentLength: response.body.readableBytes)
            return response.status.rawValue
        }
        #expect(try status("/.well-known/acme-challenge/Tok_en-1", host: "new.example") == 200)
        #expect(try status("/.well-known/acme-challenge/Tok_en-1", host: "other.example") == 404)
        #expect(try status("/.well-known/acme-challenge/other", host: "new.example") == 404)
        #expect(try status("/traffic", host: "new.example") == 401)
    }

    @Test("what it does not await is dealt with as without it")
    func notAwaited() throws {
        let paths = [
            "/.well-known/acme-challenge/other", "/.well-known/acme-challenge/", "/.well-known/acme-challenge/a/b",
            "/.well-known/acme-challenge/Tok_en-1?x", "/.well-known/acme-challenge/..%2f", "/traffic",
        ]
        for host in ["localhost", "new.example"] {
            for request in paths.map({ "GET \($0)" }) + ["POST /.well-known/acme-challenge/Tok_en-1"] {
                let with = try answer(request, host: host, asks: responder)
                let without = try answer(request, host: host, asks: nil)
                #expect(with.status == without.status && with.status != .ok, "\(request)")
                #expect(with.fields.map(\.value) == without.fields.map(\.value))
            }
        }
        #expect(asked == ["http other localhost", "http other new.example"])
    }

    @Test("in a handshake, by ALPN: HTTP is not spoken on it, and it did not fail")
    func handshake() throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        let server = EmbeddedChannel(loop: loop)
        let handshake = HandshakingConnection(server, worker)
        try server.pipeline.syncOperations.addHandler(
            OpenSSLServerHandler(context: state.listeners[0].context, observer: handshake)
        )
        worker.handshakes.append(handshake)
        server.connect(to: address, promise: nil)
        let client = EmbeddedChannel(loop: loop)
        try client.pipeline.syncOperations.addHandler(
            OpenSSLClientHandler(
                context: TLSContext.client(
                    trust: .unverified,
                    configuration: .intermediate(applicationProtocols: ["acme-tls/1"])
                ),
                serverName: "new.example"
            )
        )
        client.connect(to: address, promise: nil)
        for _ in 0..<4 {
            while let bytes = try client.readOutbound(as: ByteBuffer.self) { try server.writeInbound(bytes) }
            while let bytes = try server.readOutbound(as: ByteBuffer.self) { try client.writeInbound(bytes) }
        }
        #expect(asked == ["tls new.example"])
        #expect((try? server.pipeline.syncOperations.handler(type: HTTP1ServerHandler.self)) == nil)
        #expect(worker.handshakes.count == 0 && worker.registry.count == 0)
        let counters = worker.counters
        #expect(counters.handshakesFailed == 0 && counters.handshakesSilent == 0 && counters.handshakesOfTLS13 == 0)
        loop.advanceTime(by: .seconds(10))
        #expect(!server.isActive)
        for channel in [client, server] { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    @Test("a state that takes the place of another one keeps it")
    func kept() throws {
        let next = try ServingState(configuration: state.configuration, identities: state.identities, after: state)
        #expect(next.challenges as? Responder === responder)
    }
}
