/// Answers a certificate authority that validates by a handshake that this server controls a name: TLS-ALPN-01 (RFC
/// 8737).
public protocol TLSChallengeResponder: Sendable {
    /// What a validation of this name is answered by, made with ``TLSContext/challenge(identity:)``; nil where none is awaited, and
    /// the handshake goes on as any other.
    ///
    /// Called in the middle of a handshake, on the thread of its event loop: it has to answer at once, and from any thread.
    ///
    /// - Parameter serverName: The name that is asked for (SNI), as the client wrote it.
    func challengeContext(for serverName: String) -> TLSContext?
}
