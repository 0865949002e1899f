import NIOCore

/// The server's end of TLS, on the system's OpenSSL. See ``OpenSSLHandler`` for how it behaves.
///
/// One context serves all connections of all event loops; each connection gets a handler of its own:
///
/// ```swift
/// let identity = try TLSIdentity(certificateFile: "fullchain.pem", keyFile: "privkey.pem")
/// let context = try TLSContext.server(
///     identity: identity,
///     configuration: .intermediate(applicationProtocols: ["http/1.1"])
/// )
/// ServerBootstrap(group: group).childChannelInitializer { channel in
///     channel.eventLoop.makeCompletedFuture {
///         try channel.pipeline.syncOperations.addHandler(OpenSSLServerHandler(context: context))
///     }
/// }
/// ```
public final class OpenSSLServerHandler: OpenSSLHandler {
    /// A handler for one connection.
    ///
    /// - Parameters:
    ///   - context: Made with ``TLSContext/server(identity:configuration:ticketKeys:clientVerification:)``.
    ///   - handshakeTimeout: How long a client may take from the connection to the end of the handshake.
    ///   - closeTimeout: How long a client may take to end its direction after this side has closed.
    ///   - observer: Notified of the completed handshake instead of the handlers after this one.
    public override init(
        context: TLSContext,
        handshakeTimeout: TimeAmount = .seconds(10),
        closeTimeout: TimeAmount = .seconds(5),
        observer: (any TLSHandshakeObserver)? = nil
    ) {
        precondition(context.role == .server, "a server needs a context of TLSContext.server")
        super.init(context: context, handshakeTimeout: handshakeTimeout, closeTimeout: closeTimeout, observer: observer)
    }
}

/// The client's end of TLS, on the system's OpenSSL. See ``OpenSSLHandler`` for how it behaves.
public final class OpenSSLClientHandler: OpenSSLHandler {
    private let name: String

    override var serverName: String? {
        name
    }

    /// A handler for one connection.
    ///
    /// - Parameters:
    ///   - context: Made with ``TLSContext/client(trust:identity:configuration:)``.
    ///   - serverName: The host name or the IP address that is asked for and that the certificate must be for.
    ///   - handshakeTimeout: How long the server may take from the connection to the end of the handshake.
    ///   - closeTimeout: How long the server may take to end its direction after this side has closed.
    public init(
        context: TLSContext,
        serverName: String,
        handshakeTimeout: TimeAmount = .seconds(10),
        closeTimeout: TimeAmount = .seconds(5)
    ) {
        precondition(context.role == .client, "a client needs a context of TLSContext.client")
        name = serverName
        super.init(context: context, handshakeTimeout: handshakeTimeout, closeTimeout: closeTimeout)
    }
}
