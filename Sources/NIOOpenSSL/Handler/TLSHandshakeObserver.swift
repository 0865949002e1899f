import NIOCore

/// Goes on with a connection when its handshake is complete, such as by adding the handlers for the protocol agreed on.
///
/// This costs less than a handler that waits for the event, and until then there is nothing in the pipeline but TLS.
public protocol TLSHandshakeObserver: AnyObject {
    /// The connection is encrypted from now on. Called once, on the channel's event loop, before any byte is handed on.
    func handshakeCompleted(_ handshake: TLSHandshakeCompleted, on channel: any Channel)

    /// The first bytes of a client are no TLS. Whatever is returned is sent to it as it is before the connection ends; without it,
    /// the handshake fails.
    func answer(toPlainText bytes: ByteBuffer) -> ByteBuffer?

    /// The connection has ended, given up TLS, or was for a challenge alone, without that. The observer hears of nothing any more.
    func handshakeEnded(_ end: TLSHandshakeEnd)
}
