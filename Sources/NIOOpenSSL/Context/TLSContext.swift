import COpenSSL

/// What the connections of a server or a client have in common: identity or trust, and the rules of negotiation.
///
/// `@unchecked Sendable`: the `SSL_CTX` is complete when it is handed out and nothing changes its settings afterwards.
/// OpenSSL counts references to it atomically and locks what connections share in it.
public final class TLSContext: @unchecked Sendable {
    /// The `SSL_CTX`, for as long as this object lives.
    let pointer: OpaquePointer

    /// Which end of a connection this context is for.
    let role: TLSRole

    /// Whether the peer has to prove who it is: a server its name, a client whatever it is known by.
    let verifiesPeer: Bool

    /// Kept for the callbacks of OpenSSL, which hold its address.
    private let applicationProtocols: ProtocolList?

    /// Kept for the same reason.
    private let serverNames: ServerNameContexts?

    /// Likewise.
    private let sessionEnd: SessionEnd?

    /// Likewise.
    private let challenges: ChallengeCallback?

    /// Whether challenges are answered where this context is the first of a connection.
    var answersChallenges: Bool { challenges != nil }

    private init(
        role: TLSRole,
        configuration: TLSConfiguration,
        verifiesPeer: Bool,
        sessionScope: [UInt8],
        serverNames: ServerNameContexts? = nil,
        sessionEnd: SessionEnd? = nil,
        challenges: ChallengeCallback? = nil
    ) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let context = SSL_CTX_new(role == .server ? TLS_server_method() : TLS_client_method()) else {
            throw TLSError(.engine, "OpenSSL makes no TLS context", reasons: OpenSSLErrorQueue.drain())
        }
        let protocols: ProtocolList?
        do {
            protocols =
                configuration.applicationProtocols.isEmpty
                ? nil : try ProtocolList(configuration.applicationProtocols)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        pointer = context
        self.role = role
        self.verifiesPeer = verifiesPeer
        applicationProtocols = protocols
        self.serverNames = serverNames
        self.sessionEnd = sessionEnd
        self.challenges = challenges
        try apply(configuration, sessionScope)
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// A context for the server's end of connections.
    ///
    /// - Parameters:
    ///   - identity: What the server proves itself with.
    ///   - configuration: What is negotiated.
    ///   - ticketKeys: What session tickets are encrypted with. Contexts that share them resume each other's sessions;
    ///     `nil` makes keys for this context alone.
    ///   - clientVerification: Whose certificates are asked for; `nil` asks for none.
    /// - Throws: ``TLSError`` with OpenSSL's reasons if it does not accept one of them.
    public static func server(
        identity: TLSIdentity,
        configuration: TLSConfiguration = .intermediate(),
        ticketKeys: TLSTicketKeys? = nil,
        clientVerification: TLSClientVerification? = nil
    ) throws(TLSError) -> TLSContext {
        try server(
            identities: TLSIdentitySet([identity]),
            configuration: configuration,
            ticketKeys: ticketKeys,
            clientVerification: clientVerification
        )
    }

    /// A context for the server's end of connections, with an identity for each name.
    ///
    /// - Parameters:
    ///   - identities: What the server proves itself with.
    ///   - configuration: What is negotiated.
    ///   - ticketKeys: What session tickets are encrypted with. Contexts that share them resume each other's sessions;
    ///     `nil` makes keys for this context alone.
    ///   - clientVerification: Whose certificates are asked for; `nil` asks for none.
    ///   - challenges: The responder for validations of a name by a handshake; `nil` for none.
    /// - Throws: ``TLSError`` with OpenSSL's reasons if it does not accept one of them.
    public static func server(
        identities: TLSIdentitySet,
        configuration: TLSConfiguration = .intermediate(),
        ticketKeys: TLSTicketKeys? = nil,
        clientVerification: TLSClientVerification? = nil,
        challenges: (any TLSChallengeResponder)? = nil
    ) throws(TLSError) -> TLSContext {
        try server(
            identities: identities,
            configuration: configuration,
            ticketKeys: ticketKeys,
            clientVerification: clientVerification,
            challenges: challenges,
            clock: SessionEnd.systemClock
        )
    }

    /// The same by a clock, in seconds since 1970, that says until when sessions are resumed.
    static func server(
        identities: TLSIdentitySet,
        configuration: TLSConfiguration,
        ticketKeys: TLSTicketKeys?,
        clientVerification: TLSClientVerification?,
        challenges: (any TLSChallengeResponder)? = nil,
        clock: @escaping @Sendable () -> Int64
    ) throws(TLSError) -> TLSContext {
        let scope = try SessionScope.identifier(for: clientVerification)
        var keys = ticketKeys
        if !configuration.sessionTickets {
            keys = nil
        } else if keys == nil {
            keys = try TLSTicketKeys()
        }
        let end = SessionEnd(
            lifetime: configuration.sessionLifetime.nanoseconds / 1_000_000_000,
            verification: clientVerification,
            clock: clock
        )
        func context(
            of group: [Int],
            _ names: ServerNameContexts?,
            _ challenges: ChallengeCallback?
        ) throws(TLSError) -> TLSContext {
            let context = try TLSContext(
                role: .server,
                configuration: configuration,
                verifiesPeer: clientVerification != nil,
                sessionScope: scope,
                serverNames: names,
                sessionEnd: end,
                challenges: challenges
            )
            for index in group {
                try context.use(identities.identities[index])
            }
            // Also where a name chooses the context: OpenSSL verifies a client by the store of the one that was chosen.
            if let clientVerification {
                try context.use(clientVerification)
            }
            // Likewise: OpenSSL asks the first context for the keys, and the callback is told of the one that was chosen.
            if let keys {
                try context.use(keys)
            }
            return context
        }
        var further: [TLSContext] = []
        for group in identities.groups.dropFirst() {
            further.append(try context(of: group, nil, nil))
        }
        let names = ServerNameContexts(names: identities.names, further: further)
        let callback = challenges.map(ChallengeCallback.init)
        let first = try context(of: identities.groups[0], names, callback)
        names.choose(in: first.pointer)
        callback?.choose(in: first.pointer)
        return first
    }

    /// A context for the client's end of connections.
    ///
    /// - Parameters:
    ///   - trust: The authorities that may issue a server's certificate.
    ///   - identity: What the client proves itself with if a server asks for it.
    ///   - configuration: What is negotiated.
    /// - Throws: ``TLSError`` with OpenSSL's reasons if it does not accept one of them.
    public static func client(
        trust: TLSTrust = .system,
        identity: TLSIdentity? = nil,
        configuration: TLSConfiguration = .intermediate()
    ) throws(TLSError) -> TLSContext {
        let verifies = if case .unverified = trust { false } else { true }
        let context = try TLSContext(
            role: .client,
            configuration: configuration,
            verifiesPeer: verifies,
            sessionScope: try SessionScope.identifier(for: nil)
        )
        try context.use(trust)
        if let identity {
            try context.use(identity)
        }
        return context
    }
}

// MARK: Settings

extension TLSContext {
    private func apply(_ configuration: TLSConfiguration, _ sessionScope: [UInt8]) throws(TLSError) {
        COpenSSL_SSL_CTX_set_mode(
            pointer,
            Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER) | Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_NO_AUTO_CHAIN)
                | Int(SSL_MODE_AUTO_RETRY)
        )
        COpenSSL_SSL_CTX_set_read_ahead(pointer, 1)

        var options = COpenSSL_SSL_OP_NO_COMPRESSION | COpenSSL_SSL_OP_NO_RENEGOTIATION
        if configuration.prefersServerOrder {
            options |= COpenSSL_SSL_OP_CIPHER_SERVER_PREFERENCE | COpenSSL_SSL_OP_PRIORITIZE_CHACHA
        }
        if !configuration.sessionTickets {
            options |= COpenSSL_SSL_OP_NO_TICKET
        }
        SSL_CTX_set_options(pointer, options)

        // Tickets keep the session on the client's side. A cache on this side would cost memory for each client, and a
        // lock that all event loops share.
        COpenSSL_SSL_CTX_set_session_cache_mode(pointer, Int(SSL_SESS_CACHE_OFF))
        let tickets = configuration.sessionTickets ? max(0, configuration.numberOfTickets) : 0
        try require(
            SSL_CTX_set_session_id_context(pointer, sessionScope, UInt32(sessionScope.count)) == 1
                && SSL_CTX_set_num_tickets(pointer, tickets) == 1,
            "session tickets"
        )

        let newest = configuration.maximumVersion?.wireValue ?? 0
        try require(
            COpenSSL_SSL_CTX_set_min_proto_version(pointer, CInt(configuration.minimumVersion.wireValue)) == 1
                && COpenSSL_SSL_CTX_set_max_proto_version(pointer, CInt(newest)) == 1,
            "TLS versions \(configuration.minimumVersion) to \(configuration.maximumVersion?.description ?? "newest")"
        )
        let ciphers = configuration.cipherList.joined(separator: ":")
        try require(SSL_CTX_set_cipher_list(pointer, ciphers) == 1, "TLS 1.2 ciphers '\(ciphers)'")
        let suites = configuration.cipherSuites.joined(separator: ":")
        try require(SSL_CTX_set_ciphersuites(pointer, suites) == 1, "TLS 1.3 cipher suites '\(suites)'")

        let known = configuration.groups.filter { COpenSSL_SSL_CTX_set1_groups_list(pointer, $0) == 1 }
        OpenSSLErrorQueue.clear()
        let groups = known.joined(separator: ":")
        try require(
            !known.isEmpty && COpenSSL_SSL_CTX_set1_groups_list(pointer, groups) == 1,
            "groups '\(configuration.groups.joined(separator: ":"))'"
        )

        switch role {
        case .server:
            try require(sessionEnd?.limit(pointer) ?? true, "the end of sessions")
            applicationProtocols?.choose(in: pointer)
        case .client:
            try require(applicationProtocols?.offer(in: pointer) ?? true, "application protocols")
        }
    }

    private func use(_ identity: TLSIdentity) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        func accept(_ certificate: TLSCertificate, _ accepted: Bool) throws(TLSError) {
            guard !accepted else { return }
            throw TLSError(
                .certificate,
                "\(identity.certificateSource): OpenSSL does not accept the certificate of \(certificate.subject) "
                    + "(\(certificate.publicKeyDescription))",
                reasons: OpenSSLErrorQueue.drain(),
                file: identity.certificateSource
            )
        }
        try accept(
            identity.leaf,
            SSL_CTX_use_certificate(pointer, identity.leaf.pointer) == 1
                && SSL_CTX_use_PrivateKey(pointer, identity.key.pointer) == 1
        )
        for certificate in identity.chain {
            try accept(certificate, COpenSSL_SSL_CTX_add1_chain_cert(pointer, certificate.pointer) == 1)
        }
    }

    private func use(_ ticketKeys: TLSTicketKeys) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        try require(TicketCallback.install(ticketKeys, in: pointer), "session ticket keys")
    }

    private func use(_ trust: TLSTrust) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        SSL_CTX_set_verify(pointer, verifiesPeer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        switch trust {
        case .system:
            try require(SSL_CTX_set_default_verify_paths(pointer) == 1, "the system's certificate authorities")
        case .file(let path):
            guard SSL_CTX_load_verify_file(pointer, path) == 1 else {
                throw TLSError(.file, "no certificate authority in \(path)", reasons: OpenSSLErrorQueue.drain())
            }
        case .certificates(let certificates):
            let store = SSL_CTX_get_cert_store(pointer)
            for certificate in certificates {
                try require(X509_STORE_add_cert(store, certificate.pointer) == 1, "trust in \(certificate.subject)")
            }
        case .unverified:
            break
        }
    }

    func require(_ accepted: Bool, _ setting: String) throws(TLSError) {
        guard accepted else {
            throw TLSError(.configuration, "OpenSSL does not accept \(setting)", reasons: OpenSSLErrorQueue.drain())
        }
    }
}

extension TLSIdentity {
    /// Makes sure that OpenSSL serves with the identity: it refuses keys that are too short and signatures that are weak.
    public func verifyAcceptance() throws(TLSError) {
        _ = try TLSContext.server(identity: self)
    }
}
