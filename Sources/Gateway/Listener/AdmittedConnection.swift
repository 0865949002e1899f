import NIOCore
import NIOOpenSSL

/// A connection that the limits admit: it counts until it ends, and as handshaking until its handshake is complete.
///
/// What speaks HTTP on it joins when the handshake is complete and has told what the caller speaks.
final class AdmittedConnection: TLSHandshakeObserver, Connection {
    private let limiter: ConnectionLimiter
    private let address: SocketAddress?
    private let worker: Worker
    /// While it is handshaking.
    private var channel: (any Channel)?

    /// - Parameters:
    ///   - limiter: what admitted the connection.
    ///   - address: where it comes from.
    ///   - handshaking: its channel if it begins with a handshake.
    init(_ limiter: ConnectionLimiter, address: SocketAddress?, worker: Worker, handshaking: (any Channel)?) {
        self.limiter = limiter
        self.address = address
        self.worker = worker
        channel = handshaking
        if handshaking != nil { worker.registry.add(self) }
    }

    func handshakeCompleted(_ handshake: TLSHandshakeCompleted, on channel: any Channel) {
        let exchange = StatsExchange(api: worker.api, peer: address)
        if let certificate = handshake.peerCertificate { exchange.callerProved(certificate) }
        let handler = HTTP1ServerHandler(
            resources: worker.resources,
            registry: worker.registry,
            timeouts: worker.state.timeouts,
            isSecure: true,
            exchange: exchange
        )
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            // The channel has closed meanwhile.
            channel.close(promise: nil)
        }
        handshakeEnded()
    }

    /// The connection is closed. Called once.
    func ended() {
        handshakeEnded()
        limiter.release(address)
    }

    private func handshakeEnded() {
        guard channel != nil else { return }
        channel = nil
        limiter.handshakeEnded()
        worker.registry.remove(self)
    }

    // MARK: Drain

    func drain() {
        closeNow()
    }

    func closeNow() {
        channel?.close(promise: nil)
    }
}
