/// Failures that come from the peer's behaviour, not from the engine.
extension TLSError {
    static let endOfStreamInHandshake = TLSError(
        .handshakeFailed,
        "the peer closed the connection before the TLS handshake was complete"
    )
    static let truncated = TLSError(
        .uncleanShutdown,
        "the peer closed the TCP connection without closing TLS; its last data may be cut off"
    )
    static let handshakeTimedOut = TLSError(
        .handshakeTimedOut,
        "the peer did not complete the TLS handshake in time"
    )
    static let peerDoesNotRead = TLSError(
        .peerDoesNotRead,
        "the peer asks for protocol messages and does not read them"
    )
}
