import COpenSSL
import NIOCore
import NIOOpenSSL
import Testing

@Suite("Identities by name")
struct ServerNameTests {
    /// A set with literal names, wildcards that overlap them, an address, and two algorithms for one name.
    private static let set = Result {
        try TLSIdentitySet([
            TestCertificates.issue("first", names: ["first.example", "192.0.2.1"]).identity(),
            TestCertificates.issue("wild", names: ["*.example.org", "example.org"]).identity(),
            TestCertificates.issue("www", names: ["www.example.org", "WWW.Upper.Example"]).identity(),
            TestCertificates.issue("idna", names: ["xn--bcher-kva.example", "*.xn--bcher-kva.example"]).identity(),
            TestCertificates.issue("both-ec", names: ["both.example"]).identity(),
            TestCertificates.issue("both-rsa", names: ["both.example", "rsa.example"], algorithm: .rsa).identity(),
        ])
    }

    @Test(
        "the literal name comes before the wildcard and the first is for all others",
        arguments: [
            (nil, "first"), ("first.example", "first"), ("unknown.example", "first"), ("192.0.2.1", "first"),
            ("example.org", "wild"), ("a.example.org", "wild"), ("A.EXAMPLE.ORG", "wild"), ("a.b.example.org", "first"),
            ("www.example.org", "www"), ("WWW.example.ORG", "www"), ("www.example.org.", "www"),
            ("a.example.org.", "wild"),
            ("www.upper.example", "www"), ("xn--bcher-kva.example", "idna"), ("XN--BCHER-KVA.example", "idna"),
            ("xn--a.xn--bcher-kva.example", "idna"), ("xn--a.example.org", "wild"), ("bücher.example", "first"),
            (".example.org", "first"), ("*.example.org", "wild"), (".", "first"), ("org", "first"),
            ("both.example", "both-ec"), ("rsa.example", "both-rsa"), ("www.example.org..", "first"),
        ]
    )
    func theLiteralNameComesBeforeTheWildcardAndTheFirstIsForAllOthers(name: String?, expected: String) throws {
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            let context = try TLSContext.server(identities: Self.set.get())
            #expect(try handshake(context, name, version).subject == expected)
        }
    }

    @Test(
        "a client gets the algorithm that it can verify",
        arguments: [
            (TLS1_3_VERSION, "ECDSA+SHA256:RSA-PSS+SHA256", "both-ec"), (TLS1_3_VERSION, "RSA-PSS+SHA256", "both-rsa"),
            (TLS1_3_VERSION, "RSA-PSS+SHA256:ECDSA+SHA256", "both-ec"), (TLS1_2_VERSION, "ECDSA+SHA256", "both-ec"),
            (TLS1_2_VERSION, "RSA-PSS+SHA256", "both-rsa"), (TLS1_2_VERSION, "RSA+SHA256", "both-rsa"),
        ]
    )
    func aClientGetsTheAlgorithmThatItCanVerify(version: CInt, algorithms: String, expected: String) throws {
        let context = try TLSContext.server(identities: Self.set.get())
        #expect(try handshake(context, "both.example", version, algorithms: algorithms).subject == expected)
    }

    @Test("both algorithms of the first identitys name are for clients without a name")
    func bothAlgorithmsOfTheFirstIdentitysNameAreForClientsWithoutAName() throws {
        let set = try TLSIdentitySet([
            TestCertificates.issue("rsa", names: ["a.example"], algorithm: .rsa).identity(),
            TestCertificates.issue("ec", names: ["a.example", "b.example"]).identity(),
        ])
        let context = try TLSContext.server(identities: set)
        #expect(try handshake(context, nil, TLS1_3_VERSION).subject == "ec")
        #expect(try handshake(context, nil, TLS1_3_VERSION, algorithms: "RSA-PSS+SHA256").subject == "rsa")
        #expect(try handshake(context, "b.example", TLS1_3_VERSION).subject == "ec")
    }

    @Test("the chain of the chosen identity is sent along")
    func theChainOfTheChosenIdentityIsSentAlong() throws {
        let root = try TestCertificates.issue("root", isAuthority: true)
        let middle = try TestCertificates.issue("middle", by: root, isAuthority: true)
        let leaf = try TestCertificates.issue("leaf", names: ["leaf.example"], by: middle)
        let set = try TLSIdentitySet([
            TestCertificates.issue("first", names: ["first.example"]).identity(), leaf.identity(chain: [middle]),
        ])
        let context = try TLSContext.server(identities: set)
        #expect(try handshake(context, "leaf.example", TLS1_3_VERSION).chain == 2)
        #expect(try handshake(context, nil, TLS1_3_VERSION).chain == 1)
    }

    @Test("a session is resumed under a name that was chosen", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func aSessionIsResumedUnderANameThatWasChosen(version: CInt) throws {
        let context = try TLSContext.server(identities: Self.set.get())
        let first = try handshake(context, "www.example.org", version)
        #expect(!first.isResumed)
        #expect(try handshake(context, "www.example.org", version, resuming: first.session).isResumed)
    }

    @Test(
        "a session is resumed by the context that takes the old ones place",
        arguments: [TLS1_2_VERSION, TLS1_3_VERSION]
    )
    func aSessionIsResumedByTheContextThatTakesTheOldOnesPlace(version: CInt) throws {
        let keys = try TLSTicketKeys()
        let old = try TLSContext.server(identities: Self.set.get(), ticketKeys: keys)
        let renewed = try TLSIdentitySet([TestCertificates.issue("new", names: ["www.example.org"]).identity()])
        let new = try TLSContext.server(identities: renewed, ticketKeys: keys)
        let stranger = try TLSContext.server(identities: renewed)
        for name in ["www.example.org", nil] {
            let first = try handshake(old, name, version)
            #expect(try !handshake(stranger, name, version, resuming: first.session).isResumed)
            let second = try handshake(new, name, version, resuming: first.session)
            #expect(second.isResumed)
            #expect(try handshake(old, name, version, resuming: second.session).isResumed)
        }
    }

    @Test("the protocol is agreed on whichever identity is chosen")
    func theProtocolIsAgreedOnWhicheverIdentityIsChosen() throws {
        let configuration = NIOOpenSSL.TLSConfiguration.intermediate(applicationProtocols: ["http/1.1"])
        let context = try TLSContext.server(identities: Self.set.get(), configuration: configuration)
        for name in ["www.example.org", "unknown.example"] {
            let handshake = try handshake(context, name, TLS1_3_VERSION, protocols: ["http/1.1"])
            #expect(handshake.completed?.applicationProtocol == "http/1.1")
            #expect(handshake.completed?.serverName == name)
        }
    }

    // MARK: Support

    private struct Handshake {
        let subject: String
        let chain: Int32
        let isResumed: Bool
        let session: RawSession
        let completed: TLSHandshakeCompleted?
    }

    private func handshake(
        _ context: TLSContext,
        _ name: String?,
        _ version: CInt,
        algorithms: String? = nil,
        protocols: [String] = [],
        resuming session: RawSession? = nil
    ) throws -> Handshake {
        let server = try ServerChannel(context)
        defer { server.drop() }
        let peer = try RawPeer(oldest: version, newest: version, resuming: session)
        if let name { COpenSSL_SSL_set_tlsext_host_name(peer.ssl, name) }
        if let algorithms {
            var list = algorithms.utf8CString.map { $0 }
            try #require(SSL_ctrl(peer.ssl, SSL_CTRL_SET_SIGALGS_LIST, 0, &list) == 1)
        }
        let offer = protocols.flatMap { [UInt8($0.utf8.count)] + $0.utf8 }
        SSL_set_alpn_protos(peer.ssl, offer, UInt32(offer.count))
        try #require(try peer.handshake(with: server.channel), "\(peer.lastError)")
        // The ticket of TLS 1.3 is behind the handshake: it is read with the first data.
        server.channel.writeAndFlush(ByteBuffer(string: "data"), promise: nil)
        try peer.exchange(with: server.channel)
        #expect(peer.read() == "data")
        let leaf = try #require(SSL_get0_peer_certificate(peer.ssl))
        var text = [CChar](repeating: 0, count: 256)
        X509_NAME_get_text_by_NID(X509_get_subject_name(leaf), NID_commonName, &text, 256)
        return Handshake(
            subject: text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" },
            chain: SSL_session_reused(peer.ssl) == 1 ? 0 : OPENSSL_sk_num(SSL_get_peer_cert_chain(peer.ssl)),
            isResumed: SSL_session_reused(peer.ssl) == 1,
            session: try peer.session(),
            completed: server.recorder.handshake
        )
    }
}
