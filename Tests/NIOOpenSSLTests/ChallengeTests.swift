import COpenSSL
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import NIOOpenSSL

@Suite("Challenges by ALPN")
struct ChallengeTests {
    /// Answers for one name, and notes who was asked for.
    private final class Responder: TLSChallengeResponder {
        let asked = NIOLockedValueBox<[String]>([])
        private let name: String
        private let context: TLSContext

        init(for name: String, _ context: TLSContext) {
            self.name = name
            self.context = context
        }

        func challengeContext(for serverName: String) -> TLSContext? {
            asked.withLockedValue { $0.append(serverName) }
            return serverName == name ? context : nil
        }
    }

    private static let acme = ["acme-tls/1"]

    private let responder: Responder
    private let authority: TestAuthority

    init() throws {
        let proof = try TLSIdentity.throwaway(names: ["proof.example"])
        responder = Responder(for: "new.example", try TLSContext.challenge(identity: proof))
        authority = try TestAuthority(name: "Authority")
    }

    private var asked: [String] { responder.asked.withLockedValue { $0 } }

    private func server(requiresCertificate: Bool = false, names: [String] = ["localhost"]) throws -> TLSContext {
        try TLSContext.server(
            identities: TLSIdentitySet([
                TLSIdentity.throwaway(names: ["first.example"]), TLSIdentity.throwaway(names: names),
            ]),
            configuration: .intermediate(applicationProtocols: ["h2", "http/1.1"]),
            clientVerification: requiresCertificate ? authority.verification() : nil,
            challenges: responder
        )
    }

    private func peer(
        _ version: CInt,
        offering protocols: [String],
        name: String? = "new.example",
        resuming session: RawSession? = nil
    ) throws -> RawPeer {
        let peer = try RawPeer(oldest: version, newest: version, resuming: session)
        peer.offer(protocols)
        if let name { try #require(COpenSSL_SSL_set_tlsext_host_name(peer.ssl, name) == 1) }
        return peer
    }

    @Test(
        "the responder's certificate is shown, nothing is asked of the client, and the connection ends",
        arguments: ResumingClient.versions,
        [false, true]
    )
    func answered(version: CInt, requiresCertificate: Bool) throws {
        for names in [["localhost"], ["new.example"]] {
            let channel = try ServerChannel(server(requiresCertificate: requiresCertificate, names: names))
            defer { channel.drop() }
            let peer = try peer(version, offering: Self.acme)
            #expect(try peer.handshake(with: channel.channel))
            #expect(peer.certificateName == "proof.example")
            #expect(peer.agreedProtocol == "acme-tls/1")
            peer.write("GET / HTTP/1.1\r\n\r\n")
            try peer.exchange(with: channel.channel)
            #expect(peer.read() == "")
            #expect(SSL_get_shutdown(peer.ssl) & SSL_RECEIVED_SHUTDOWN != 0)
            #expect(SSL_SESSION_has_ticket(try peer.session().pointer) == 0)
            #expect(channel.recorder.handshake == nil && channel.recorder.received.readableBytes == 0)
            #expect(channel.recorder.errors.isEmpty)
        }
        #expect(asked == ["new.example", "new.example"])
    }

    @Test(
        "nobody is served after one, whatever a second ClientHello offers",
        arguments: [["h2"], ["h2", "acme-tls/1"], []]
    )
    func secondClientHello(protocols: [String]) throws {
        let channel = try ServerChannel(server(requiresCertificate: true))
        defer { channel.drop() }
        let peer = try peer(TLS1_3_VERSION, offering: Self.acme)
        // The key share is for a group that the server does not take, so it asks for another one.
        try peer.use(groups: "P-521:P-256")
        #expect(SSL_do_handshake(peer.ssl) < 1)
        try peer.exchange(with: channel.channel)
        peer.offer(protocols)
        try peer.handshake(with: channel.channel)
        peer.write("GET / HTTP/1.1\r\n\r\n")
        try peer.exchange(with: channel.channel)
        #expect(asked == ["new.example"])
        #expect(channel.recorder.handshake == nil && channel.recorder.received.readableBytes == 0)
    }

    @Test("no session of a caller is resumed by one, nor the other way round", arguments: ResumingClient.versions)
    func sessions(version: CInt) throws {
        let context = try server()
        let session = try ResumingClient(version: version, serverName: "localhost").connect(context).session
        let channel = try ServerChannel(context)
        defer { channel.drop() }
        let peer = try peer(version, offering: Self.acme, resuming: session)
        #expect(try peer.handshake(with: channel.channel))
        #expect(SSL_session_reused(peer.ssl) == 0)
        #expect(peer.certificateName == "proof.example")
    }

    @Test(
        "everybody else is served as without a responder, which is not asked",
        arguments: [["h2"], ["http/1.1", "acme-tls/1"], ["acme-tls/1", "h2"], []]
    )
    func callers(protocols: [String]) throws {
        for version in ResumingClient.versions {
            let channel = try ServerChannel(server(names: ["new.example"]))
            defer { channel.drop() }
            let peer = try peer(version, offering: protocols)
            #expect(try peer.handshake(with: channel.channel))
            #expect(peer.certificateName == "new.example")
            #expect(channel.recorder.handshake?.applicationProtocol == protocols.first { $0 != "acme-tls/1" })
        }
        #expect(asked.isEmpty)
    }

    @Test("a name that is not awaited, or none, gets the alert that there is no such protocol")
    func unknownName() throws {
        for name in ["other.example", nil] {
            let channel = try ServerChannel(server())
            defer { channel.drop() }
            let peer = try peer(TLS1_3_VERSION, offering: Self.acme, name: name)
            #expect(try !peer.handshake(with: channel.channel))
            #expect(peer.lastError.contains("no application protocol"))
            #expect(channel.recorder.errorKinds == [.handshakeFailed])
        }
        #expect(asked == ["other.example"])
    }

    @Test("a context that was not made for challenges answers none")
    func ordinaryContext() throws {
        let responder = Responder(for: "new.example", try Fixtures.server())
        let context = try TLSContext.server(
            identities: TLSIdentitySet([Fixtures.identity.get()]),
            configuration: .intermediate(applicationProtocols: ["h2"]),
            clientVerification: authority.verification(),
            challenges: responder
        )
        let channel = try ServerChannel(context)
        defer { channel.drop() }
        #expect(try !peer(TLS1_3_VERSION, offering: Self.acme).handshake(with: channel.channel))
        #expect(responder.asked.withLockedValue { $0 } == ["new.example"])
    }

    @Test("extensions are read as far as they are whole")
    func extensions() {
        func name(_ bytes: [UInt8]) -> String? { bytes.withUnsafeBufferPointer(ClientHelloExtension.hostName) }
        #expect(name([0, 6, 0, 0, 3] + "a.b".utf8) == "a.b")
        #expect(name([0, 10, 0, 0, 3] + "a.b".utf8 + [0, 0, 1, 99]) == "a.b")
        for bad: [UInt8] in [
            [], [0], [0, 3, 0, 0, 0], [0, 6, 1, 0, 3] + "a.b".utf8, [0, 7, 0, 0, 3] + "a.b".utf8,
            [0, 6, 0, 0, 4] + "a.b".utf8, [0, 6, 0, 0, 3, 97, 0, 98], [0, 4, 0, 0, 1, 0xFF],
        ] { #expect(name(bad) == nil, "\(bad)") }
        func offers(_ bytes: [UInt8]) -> Bool {
            bytes.withUnsafeBufferPointer { ClientHelloExtension.offersOnly("acme-tls/1", in: $0) }
        }
        let whole = [0, 11, 10] + Array("acme-tls/1".utf8)
        #expect(offers(whole))
        for count in whole.indices { #expect(!offers(Array(whole[..<count]))) }
        #expect(!offers(whole + [0]) && !offers([0, 14, 10] + "acme-tls/1".utf8 + [2] + "h2".utf8))
        #expect(!offers([0, 11, 10] + "acme-tls/2".utf8))
    }
}

extension RawPeer {
    /// Offers these protocols in the next ClientHello.
    fileprivate func offer(_ protocols: [String]) {
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        SSL_set_alpn_protos(ssl, list.isEmpty ? nil : list, UInt32(list.count))
    }

    /// Agrees on one of these groups, and sends a key share for the first.
    fileprivate func use(groups: String) throws {
        var text = Array(groups.utf8CString)
        try #require(SSL_ctrl(ssl, SSL_CTRL_SET_GROUPS_LIST, 0, &text) == 1)
    }

    /// The name of the server's certificate.
    fileprivate var certificateName: String? {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return nil }
        defer { X509_free(certificate) }
        var name = [CChar](repeating: 0, count: 100)
        let count = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &name, 100)
        return String(decoding: name.prefix(Int(max(0, count))).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    fileprivate var agreedProtocol: String {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }
}
