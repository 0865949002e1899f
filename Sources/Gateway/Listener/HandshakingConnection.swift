import NIOCore
import NIOOpenSSL

/// A connection of a TLS listener whose handshake is in progress.
///
/// When it is complete, what speaks HTTP takes its place.
final class HandshakingConnection: HandshakeQueue.Entry, TLSHandshakeObserver, Connection {
    private let worker: Worker

    init(_ channel: any Channel, _ worker: Worker) {
        self.worker = worker
        super.init(channel)
        worker.registry.add(self)
    }

    func handshakeCompleted(_ handshake: TLSHandshakeCompleted, on channel: any Channel) {
        let exchange = StatsExchange(api: worker.api, peer: channel.remoteAddress)
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

    func handshakeEnded() {
        worker.handshakes.remove(self)
        worker.registry.remove(self)
    }

    // MARK: Drain

    func drain() {
        closeNow()
    }

    func closeNow() {
        channel.close(promise: nil)
    }
}
