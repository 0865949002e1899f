import HysteriaStats
import NIOCore
import NIOEmbedded
import NIOOpenSSL
import Testing
import Time

@testable import Access
@testable import Gateway
@testable import HTTPServer

@Suite("A connection is handshaking until its handshake is complete")
struct HandshakingConnectionTests {
    private let loop = EmbeddedEventLoop()
    private let worker: Worker
    private let log = CapturedLog()
    private let server: EmbeddedChannel
    private let address: SocketAddress

    init() throws {
        let state = try ServingState(
            configuration: try ConfigurationFixture.load(ConfigurationFixture.minimal),
            identities: TLSIdentitySet([TLSIdentity.throwaway(names: ["localhost"])])
        )
        worker = Worker(
            eventLoop: loop,
            state: state,
            clock: WallClock { 1_000 },
            accessLog: nil,
            logger: log.logger
        )
        server = EmbeddedChannel(loop: loop)
        address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        let handshake = HandshakingConnection(server, worker)
        try server.pipeline.syncOperations.addHandler(
            OpenSSLServerHandler(context: state.listeners[0].context, observer: handshake)
        )
        worker.handshakes.append(handshake)
        server.connect(to: address, promise: nil)
    }

    private var speaksHTTP: Bool {
        (try? server.pipeline.syncOperations.handler(type: HTTP1ServerHandler.self)) != nil
    }

    private func carry(from sender: EmbeddedChannel, to receiver: EmbeddedChannel) throws {
        while let bytes = try sender.readOutbound(as: ByteBuffer.self) { try receiver.writeInbound(bytes) }
    }

    @Test("then HTTP is spoken on it, and it is counted out")
    func completed() throws {
        let client = EmbeddedChannel(loop: loop)
        try client.pipeline.syncOperations.addHandler(
            OpenSSLClientHandler(context: TLSContext.client(trust: .unverified), serverName: "localhost")
        )
        client.connect(to: address, promise: nil)
        try carry(from: client, to: server)
        try carry(from: server, to: client)
        #expect(!speaksHTTP, "the client's Finished is still to come")
        #expect(worker.handshakes.count == 1)
        #expect(worker.registry.count == 1)
        try carry(from: client, to: server)
        #expect(speaksHTTP)
        #expect(worker.handshakes.count == 0)
        #expect(worker.registry.count == 1)
        _ = try? server.finish(acceptAlreadyClosed: true)
        _ = try? client.finish(acceptAlreadyClosed: true)
        #expect(worker.registry.count == 0)
    }

    @Test("or until it ends, however it ends", arguments: ["closed", "gibberish", "timeout", "drain"])
    func ended(how: String) throws {
        switch how {
        case "closed": server.pipeline.close(promise: nil)
        case "gibberish": _ = try? server.writeInbound(ByteBuffer(string: "EHLO somebody\r\n"))
        case "timeout": loop.advanceTime(by: .seconds(11))
        default:
            worker.registry.drain {}
            loop.advanceTime(by: .milliseconds(2900))
            #expect(worker.registry.count == 1, "a handshake under way may come to its end")
            loop.advanceTime(by: .milliseconds(200))
        }
        loop.run()
        #expect(worker.handshakes.count == 0)
        #expect(worker.registry.count == 0)
        #expect(!speaksHTTP)
        _ = try? server.finish(acceptAlreadyClosed: true)
    }

    private func end() {
        loop.advanceTime(by: .seconds(30))
        loop.run()
        _ = try? server.finish(acceptAlreadyClosed: true)
    }

    private func sent() throws -> String {
        var all = ""
        while let bytes = try server.readOutbound(as: ByteBuffer.self) { all += String(buffer: bytes) }
        return all
    }

    @Test(
        "Plain HTTP is told in the log and to its caller",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST http://a/kick HTTP/1.1\r\n", "CONNECT a:1 HTTP/1.1",
            "PRI * HTTP/2.0",
        ]
    )
    func plainHTTP(request: String) throws {
        try server.writeInbound(ByteBuffer(string: request))
        // What comes behind it is nobody's concern.
        try server.writeInbound(ByteBuffer(string: "more"))
        let answer = try sent()
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains("Connection: close\r\n") && answer.contains("Content-Type: text/plain"))
        #expect(
            answer.hasSuffix("\r\n\r\n400 Bad Request: this port speaks HTTPS. Write https:// in place of http://.\n")
        )
        end()
        #expect(!server.isActive)
        #expect(log.lines.count == 1)
        #expect(log.lines.first?.hasPrefix("notice: plain HTTP was received where TLS is expected") == true)
        #expect(worker.counters.handshakesFailed == 1)
        #expect(worker.handshakes.count == 0 && worker.registry.count == 0)
    }

    @Test("an answer to HEAD has no content")
    func plainHead() throws {
        try server.writeInbound(ByteBuffer(string: "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(try sent().hasSuffix("\r\n\r\n"))
        end()
    }

    @Test("a token that came so is reported")
    func plainToken() throws {
        let request = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer hg_nobodys-0123456789\r\n\r\n"
        try server.writeInbound(ByteBuffer(string: request))
        #expect(try sent().contains("have the token replaced"))
        end()
        #expect(worker.counters.cleartextCredentials == [TokenLabels.none: 1])
        #expect(log.lines.contains { $0.contains("came over plain HTTP") })
        #expect(log.lines.allSatisfy { !$0.contains("hg_") })
    }

    @Test(
        "What is not TLS is told in the log",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", "SSH was received"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n", "a PROXY protocol header"),
            ("\r\n\r\n\0\r\nQUIT\n!", "a PROXY protocol header"), ("EHLO a\r\n", "something that is not TLS"),
            ("\u{3}\0\0\u{13}", "something that is not TLS"), ("GET", "something that is not TLS"),
        ]
    )
    func notTLS(bytes: String, words: String) throws {
        _ = try? server.writeInbound(ByteBuffer(string: bytes))
        end()
        let lines = log.lines.filter { $0.hasPrefix("notice:") }
        #expect(lines.count == 1)
        #expect(lines.first?.contains(words) == true, "\(log.lines)")
        #expect(worker.counters.handshakesFailed == 1 && worker.counters.handshakesSilent == 0)
    }

    @Test("Who says nothing did not fail, and is not told", arguments: [true, false])
    func silent(isClosedByCaller: Bool) throws {
        if isClosedByCaller { server.close(promise: nil) }
        end()
        #expect(worker.counters.handshakesSilent == 1 && worker.counters.handshakesFailed == 0)
        #expect(log.lines.allSatisfy { $0.hasPrefix("debug:") }, "\(log.lines)")
    }

    @Test("Who leaves in the middle failed, and is told at debug alone")
    func left() throws {
        try server.writeInbound(ByteBuffer(bytes: [22, 3, 1, 0, 100, 1]))
        server.close(promise: nil)
        end()
        #expect(worker.counters.handshakesSilent == 0 && worker.counters.handshakesFailed == 1)
        #expect(log.lines.allSatisfy { $0.hasPrefix("debug:") }, "\(log.lines)")
    }

    @Test("A refused client certificate is told with the reason and the address, once a second")
    func refusedCertificates() throws {
        let authority = try TLSIdentity.throwaway(names: ["authority"])
        let context = try TLSContext.server(
            identity: .throwaway(names: ["localhost"]),
            clientVerification: TLSClientVerification(authorities: [authority.leaf])
        )
        let strangers = try TLSIdentity.throwaway(names: ["stranger"])
        for identity in [strangers, strangers, nil] {
            let server = EmbeddedChannel(loop: loop)
            let client = EmbeddedChannel(loop: loop)
            server.connect(to: address, promise: nil)
            let handshake = HandshakingConnection(server, worker)
            try server.pipeline.syncOperations.addHandler(OpenSSLServerHandler(context: context, observer: handshake))
            try client.pipeline.syncOperations.addHandler(
                OpenSSLClientHandler(
                    context: TLSContext.client(trust: .unverified, identity: identity),
                    serverName: "localhost"
                )
            )
            client.connect(to: address, promise: nil)
            for _ in 0..<4 {
                _ = try? carry(from: client, to: server)
                _ = try? carry(from: server, to: client)
            }
            for channel in [client, server] { _ = try? channel.finish(acceptAlreadyClosed: true) }
        }
        loop.run()
        #expect(worker.counters.handshakesFailed == 3)
        #expect(log.lines.count == 1, "\(log.lines)")
        #expect(
            log.lines.first?.hasPrefix("warning: TLS handshake failed: the client's certificate is refused: ") == true
        )
        #expect(log.lines.first?.contains("address=127.0.0.1") == true)
        end()
    }
}
