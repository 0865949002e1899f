import COpenSSL

/// What the connections of a server or a client have in common: identity or trust, and the rules of negotiation.
///
/// `@unchecked Sendable`: the `SSL_CTX` is complete when `init` returns and nothing changes its settings afterwards.
/// OpenSSL counts references to it atomically and locks what connections share in it.
public final class TLSContext: @unchecked Sendable {
    /// The `SSL_CTX`, for as long as this object lives.
    let pointer: OpaquePointer

    /// Which end of a connection this context is for.
    let role: TLSRole

    /// Whether a client has to convince itself of the server's name.
    let verifiesPeer: Bool

    /// Kept for the callbacks of OpenSSL, which hold its address.
    private let applicationProtocols: ProtocolList?

    /// Kept for the same reason.
    private let serverNames: ServerNameContexts?

    private init(
        role: TLSRole,
        configuration: TLSConfiguration,
        verifiesPeer: Bool,
        serverNames: ServerNameContexts? = nil
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
        try apply(configuration)
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// A context for the server's end of connections.
    ///
    /// - Parameters:
    ///   - identity: What the server proves itself with.
    ///   - configuration: What is negotiated.
    public static func server(
        identity: TLSIdentity,
        configuration: TLSConfiguration = .intermediate()
    ) throws(TLSError) -> TLSContext {
        try server(identities: TLSIdentitySet([identity]), configuration: configuration)
    }

    /// A context for the server's end of connections, with an identity for each name.
    ///
    /// - Parameters:
    ///   - identities: What the server proves itself with.
    ///   - configuration: What is negotiated.
    ///   - previous: The context that this one takes the place of: what it has begun can be resumed here.
    public static func server(
        identities: TLSIdentitySet,
        configuration: TLSConfiguration = .intermediate(),
        resumingSessionsOf previous: TLSContext? = nil
    ) throws(TLSError) -> TLSContext {
        var further: [TLSContext] = []
        for group in identities.groups.dropFirst() {
            let context = try TLSContext(role: .server, configuration: configuration, verifiesPeer: false)
            for index in group {
                try context.use(identities.identities[index])
            }
            further.append(context)
        }
        let names = ServerNameContexts(names: identities.names, further: further)
        let context = try TLSContext(
            role: .server,
            configuration: configuration,
            verifiesPeer: false,
            serverNames: names
        )
        for index in identities.groups[0] {
            try context.use(identities.identities[index])
        }
        names.choose(in: context.pointer)
        if let previous {
            try context.takeTicketKeys(of: previous)
        }
        return context
    }

    /// A context for the client's end of connections.
    ///
    /// - Parameters:
    ///   - trust: Who may vouch for a server.
    ///   - configuration: What is negotiated.
    public static func client(
        trust: TLSTrust = .system,
        configuration: TLSConfiguration = .intermediate()
    ) throws(TLSError) -> TLSContext {
        let verifies = if case .unverified = trust { false } else { true }
        let context = try TLSContext(role: .client, configuration: configuration, verifiesPeer: verifies)
        try context.use(trust)
        return context
    }
}

// MARK: Settings

extension TLSContext {
    /// Sessions are only ever resumed by the contexts of this module, whatever else the process does with TLS.
    private static let sessionIDContext = Array("NIOOpenSSL".utf8)

    private func apply(_ configuration: TLSConfiguration) throws(TLSError) {
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
        let id = Self.sessionIDContext
        let tickets = configuration.sessionTickets ? max(0, configuration.numberOfTickets) : 0
        try require(
            SSL_CTX_set_session_id_context(pointer, id, UInt32(id.count)) == 1
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
            applicationProtocols?.choose(in: pointer)
        case .client:
            try require(applicationProtocols?.offer(in: pointer) ?? true, "application protocols")
        }
    }

    private func use(_ identity: TLSIdentity) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        var accepted = SSL_CTX_use_certificate(pointer, identity.leaf.pointer) == 1
        accepted = accepted && SSL_CTX_use_PrivateKey(pointer, identity.key.pointer) == 1
        for certificate in identity.chain {
            accepted = accepted && COpenSSL_SSL_CTX_add1_chain_cert(pointer, certificate.pointer) == 1
        }
        guard accepted else {
            throw TLSError(
                .certificate,
                "OpenSSL does not accept the certificate of \(identity.leaf.subject) (\(identity.leaf.publicKeyDescription))",
                reasons: OpenSSLErrorQueue.drain()
            )
        }
    }

    /// Only the context of a connection's beginning makes and opens tickets; those chosen by name need no keys.
    private func takeTicketKeys(of previous: TLSContext) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        try require(COpenSSL_SSL_CTX_copy_ticket_keys(previous.pointer, pointer) == 1, "the keys of session tickets")
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

    private func require(_ accepted: Bool, _ setting: String) throws(TLSError) {
        guard accepted else {
            throw TLSError(.configuration, "OpenSSL does not accept \(setting)", reasons: OpenSSLErrorQueue.drain())
        }
    }
}
