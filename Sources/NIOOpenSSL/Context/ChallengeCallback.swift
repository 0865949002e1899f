import COpenSSL

/// Has a responder asked for each ClientHello that offers `acme-tls/1` and nothing else, before OpenSSL does anything with it.
///
/// In OpenSSL's ALPN callback it would be too late: the identity is chosen, and a certificate is asked of the client, which no
/// authority has.
final class ChallengeCallback: Sendable {
    /// RFC 8737, 6.2.
    static let applicationProtocol: StaticString = "acme-tls/1"

    /// Where the contexts of challenges have a mark: the place that OpenSSL reserves for its user.
    private static let markIndex: CInt = 0

    private let responder: any TLSChallengeResponder

    init(_ responder: any TLSChallengeResponder) {
        self.responder = responder
    }

    /// Lets the responder choose in `context`. This object must outlive the context's connections.
    func choose(in context: OpaquePointer) {
        SSL_CTX_set_client_hello_cb(
            context,
            { ssl, alert, callback in
                guard let ssl, let callback else { return SSL_CLIENT_HELLO_SUCCESS }
                let isGood = Unmanaged<ChallengeCallback>.fromOpaque(callback)._withUnsafeGuaranteedRef {
                    $0.switchContext(of: ssl)
                }
                guard !isGood else { return SSL_CLIENT_HELLO_SUCCESS }
                alert?.pointee = SSL_AD_INTERNAL_ERROR
                return SSL_CLIENT_HELLO_ERROR
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Goes on with the responder's context if it has one. Returns whether the handshake can go on at all.
    private func switchContext(of ssl: OpaquePointer) -> Bool {
        guard let offered = Self.clientExtension(TLSEXT_TYPE_application_layer_protocol_negotiation, of: ssl),
            ClientHelloExtension.offersOnly(Self.applicationProtocol, in: offered),
            let name = Self.clientExtension(TLSEXT_TYPE_server_name, of: ssl).flatMap(ClientHelloExtension.hostName),
            let context = responder.challengeContext(for: name), context.isOfChallenge
        else { return true }
        // The SSL holds on to the SSL_CTX, which needs nothing else of the TLSContext.
        guard SSL_set_SSL_CTX(ssl, context.pointer) != nil else { return false }
        // These stay those of the first context otherwise. No session may come of this: a caller who resumed it would not
        // have shown a certificate.
        SSL_set_verify(ssl, SSL_VERIFY_NONE, nil)
        SSL_set_options(ssl, COpenSSL_SSL_OP_NO_TICKET)
        return SSL_set_num_tickets(ssl, 0) == 1
    }

    private static func clientExtension(_ type: CInt, of ssl: OpaquePointer) -> UnsafeBufferPointer<UInt8>? {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        guard SSL_client_hello_get0_ext(ssl, UInt32(type), &bytes, &count) == 1 else { return nil }
        return UnsafeBufferPointer(start: bytes, count: count)
    }

    // MARK: The context of a challenge

    /// The session id context: no session of a challenge is taken for one of a caller, or the other way round.
    private static let sessionScope = Array("NIOOpenSSL challenge".utf8)

    /// Makes `context` one that answers challenges: it agrees on `acme-tls/1` alone, and the callbacks of the context before it
    /// do not take it away again. None of its own callbacks has an object that would have to outlive it.
    static func prepare(_ context: OpaquePointer) -> Bool {
        // OpenSSL calls the one of the first context if the present one has none.
        COpenSSL_SSL_CTX_set_tlsext_servername_callback(context, { _, _, _ in SSL_TLSEXT_ERR_OK }, nil)
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, chosenCount, offered, offeredCount, _ in
                let name = ChallengeCallback.applicationProtocol
                // A second ClientHello may offer something else than the first.
                guard let chosen, let chosenCount, let offered,
                    ClientHelloExtension.isOnly(
                        name,
                        in: UnsafeBufferPointer(start: offered, count: Int(offeredCount))
                    )
                else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                chosen.pointee = offered + 1
                chosenCount.pointee = UInt8(name.utf8CodeUnitCount)
                return SSL_TLSEXT_ERR_OK
            },
            nil
        )
        return SSL_CTX_set_session_ticket_cb(context, nil, nil, nil) == 1
            && SSL_CTX_set_session_id_context(context, sessionScope, UInt32(sessionScope.count)) == 1
            && SSL_CTX_set_ex_data(context, markIndex, UnsafeMutableRawPointer(bitPattern: 1)) == 1
    }

    /// Whether a context answers challenges.
    static func isOfChallenge(_ context: OpaquePointer?) -> Bool {
        SSL_CTX_get_ex_data(context, markIndex) != nil
    }
}

extension TLSContext {
    /// A context that answers a challenge of TLS-ALPN-01 (RFC 8737) and serves nothing: after the handshake, the connection ends.
    ///
    /// - Parameter identity: The certificate that proves it, with the name and the extension that the authority expects.
    /// - Throws: ``TLSError`` with OpenSSL's reasons if it does not accept the identity.
    public static func challenge(identity: TLSIdentity) throws(TLSError) -> TLSContext {
        var configuration = TLSConfiguration.intermediate()
        configuration.sessionTickets = false
        let context = try server(identity: identity, configuration: configuration)
        try context.require(ChallengeCallback.prepare(context.pointer), "a context for challenges")
        return context
    }

    /// Whether this was made to answer challenges.
    var isOfChallenge: Bool { ChallengeCallback.isOfChallenge(pointer) }
}
