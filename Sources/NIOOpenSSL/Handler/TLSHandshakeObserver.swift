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

/// What there is to tell the observer of one handshake. It is told once.
struct TLSHandshakeObservation {
    /// Released once it was told, as it may retain the channel.
    private var observer: (any TLSHandshakeObserver)?
    private var error: TLSError?
    private var sawNoTLS = false

    init(by observer: (any TLSHandshakeObserver)?) {
        self.observer = observer
    }

    /// The peer's first bytes are no TLS. Returns the observer, which may have an answer to them.
    mutating func seesNoTLS() -> (any TLSHandshakeObserver)? {
        sawNoTLS = true
        return observer
    }

    /// The connection failed.
    mutating func failed(_ error: TLSError) {
        self.error = error
    }

    /// The observer, to be told how the handshake ended; `nil` if there is none, or if it was told before.
    mutating func end() -> (any TLSHandshakeObserver)? {
        defer { observer = nil }
        return observer
    }

    /// Why there was no connection.
    ///
    /// - Parameter sentBytes: Whether the peer sent any.
    func outcome(sentBytes: Bool) -> TLSHandshakeEnd {
        if sawNoTLS { return .notTLS }
        guard sentBytes else { return .silent }
        return error.map { .failed($0) } ?? .abandoned
    }
}
