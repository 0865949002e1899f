import NIOCore

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
