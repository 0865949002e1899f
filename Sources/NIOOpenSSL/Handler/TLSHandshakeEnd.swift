/// What became of a handshake from which no connection came.
public enum TLSHandshakeEnd: Sendable {
    /// The peer connected and sent nothing, as a probe of the port does.
    case silent
    /// What the peer sent first is no TLS.
    case notTLS
    /// The handshake failed: by what the peer sent, by its leaving, or by its taking too long.
    case failed(TLSError)
    /// A ``TLSChallengeResponder`` had an answer for it. The connection closes.
    case challenge
    /// This side closed the connection while the handshake was in progress.
    case abandoned
}
