import COpenSSL
import NIOCore
import NIOEmbedded
import Testing

@testable import NIOOpenSSL

@Suite("The rules of the protocol")
struct ProtocolRulesTests {
    @Test("old versions are refused with the alert for it", arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func oldVersionsAreRefusedWithTheAlertForIt(version: CInt) throws {
        let server = try ServerChannel(Fixtures.server())
        defer { server.drop() }
        let peer = try RawPeer(oldest: version, newest: version)
        #expect(try peer.handshake(with: server.channel) == false)
        #expect(peer.lastError == "tlsv1 alert protocol version")
        #expect(server.recorder.errorKinds == [.handshakeFailed])
        #expect("\(server.recorder.errors[0])".contains("unsupported protocol"))
        #expect(!server.channel.isActive)
    }

    @Test("renegotiation is refused")
    func renegotiationIsRefused() throws {
        let server = try ServerChannel(Fixtures.server())
        defer { server.drop() }
        let peer = try RawPeer(newest: TLS1_2_VERSION)
        #expect(try peer.handshake(with: server.channel))
        peer.write("before")
        try peer.exchange(with: server.channel)
        SSL_renegotiate(peer.ssl)
        SSL_do_handshake(peer.ssl)
        try peer.exchange(with: server.channel)
        _ = peer.read()
        #expect(peer.lastError == "no renegotiation")
        #expect(server.recorder.count(of: .handshakeCompleted) == 1)
        #expect(server.recorder.received == ByteBuffer(string: "before"))
        #expect(server.recorder.errors.isEmpty)
    }

    @Test("a key update is answered and data flows on")
    func aKeyUpdateIsAnsweredAndDataFlowsOn() throws {
        let server = try ServerChannel(Fixtures.server())
        defer { server.drop() }
        let peer = try RawPeer()
        #expect(try peer.handshake(with: server.channel))
        SSL_key_update(peer.ssl, SSL_KEY_UPDATE_REQUESTED)
        peer.write("under new keys")
        try peer.exchange(with: server.channel)
        #expect(server.recorder.received == ByteBuffer(string: "under new keys"))
        server.channel.writeAndFlush(ByteBuffer(string: "as you wish"), promise: nil)
        try peer.exchange(with: server.channel)
        #expect(peer.read() == "as you wish")
    }

    @Test("a key update of the server is followed and answered")
    func aKeyUpdateOfTheServerIsFollowedAndAnswered() throws {
        let server = try ServerChannel(Fixtures.server())
        defer { server.drop() }
        let peer = try RawPeer()
        #expect(try peer.handshake(with: server.channel))
        let engine = try #require(server.tls.connection?.ssl)
        for round in 0..<3 {
            #expect(SSL_key_update(engine, SSL_KEY_UPDATE_REQUESTED) == 1)
            server.channel.writeAndFlush(ByteBuffer(string: "round \(round)"), promise: nil)
            try peer.exchange(with: server.channel)
            #expect(peer.read() == "round \(round)")
            peer.write("answer \(round) ")
            try peer.exchange(with: server.channel)
        }
        #expect(server.recorder.received == ByteBuffer(string: "answer 0 answer 1 answer 2 "))
        #expect(server.recorder.errors.isEmpty)
    }

    @Test("key updates from both sides at once cross")
    func keyUpdatesFromBothSidesAtOnceCross() throws {
        let pair = try BackToBack.connected()
        for end in [pair.server, pair.client] {
            let engine = try #require(end.tls.connection?.ssl)
            #expect(SSL_key_update(engine, SSL_KEY_UPDATE_REQUESTED) == 1)
        }
        pair.server.send("from the server")
        pair.client.send("from the client")
        try pair.exchange()
        pair.server.send(", again")
        pair.client.send(", again")
        try pair.exchange()
        #expect(pair.client.recorder.received == ByteBuffer(string: "from the server, again"))
        #expect(pair.server.recorder.received == ByteBuffer(string: "from the client, again"))
    }

    @Test("a peer that demands answers and never reads them is dropped")
    func aPeerThatDemandsAnswersAndNeverReadsThemIsDropped() throws {
        let server = try ServerChannel(Fixtures.server())
        defer { server.drop() }
        let peer = try RawPeer()
        #expect(try peer.handshake(with: server.channel))
        server.channel.isWritable = false
        var demands = 0
        while server.channel.isActive, demands < 10_000 {
            SSL_key_update(peer.ssl, SSL_KEY_UPDATE_REQUESTED)
            SSL_do_handshake(peer.ssl)
            _ = try? server.channel.writeInbound(peer.take())
            demands += 1
        }
        #expect(server.recorder.errorKinds == [.peerDoesNotRead])
        #expect(demands > 100)
    }

    @Test("the intermediate profile is accepted as it is")
    func theIntermediateProfileIsAcceptedAsItIs() throws {
        let configuration = NIOOpenSSL.TLSConfiguration.intermediate()
        #expect(configuration.minimumVersion == .v1_2)
        #expect(configuration.groups.first == "X25519MLKEM768")
        #expect(configuration.cipherList.allSatisfy { $0.hasPrefix("ECDHE-") })
        _ = try Fixtures.server(configuration)
    }

    @Test("what OpenSSL does not know is an error that names it")
    func whatOpenSSLDoesNotKnowIsAnErrorThatNamesIt() throws {
        var ciphers = NIOOpenSSL.TLSConfiguration.intermediate()
        ciphers.cipherList = ["NO-SUCH-CIPHER"]
        let noCipher = #expect(throws: TLSError.self) { try Fixtures.server(ciphers) }
        #expect(noCipher?.description.contains("NO-SUCH-CIPHER") == true)
        var groups = NIOOpenSSL.TLSConfiguration.intermediate()
        groups.groups = ["no-such-group"]
        let error = #expect(throws: TLSError.self) { try Fixtures.server(groups) }
        #expect(error?.kind == .configuration)
        #expect(error?.description.contains("no-such-group") == true)
    }

    @Test("a client without AES in hardware gets cha cha")
    func aClientWithoutAESInHardwareGetsChaCha() throws {
        var configuration = NIOOpenSSL.TLSConfiguration.intermediate()
        configuration.cipherSuites.reverse()
        let pair = try BackToBack.connected(client: Fixtures.client(configuration))
        #expect(pair.server.recorder.handshake?.cipher.description == "TLS_CHACHA20_POLY1305_SHA256")
    }
}
