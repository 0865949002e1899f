import HTTPServer
import LoopTimers
import NIOCore
import NIOOpenSSL

/// A connection of a TLS listener whose handshake is in progress.
///
/// When it is complete, the HTTP handler replaces this one.
final class HandshakingConnection: HandshakeQueue.Entry, TLSHandshakeObserver, Connection, LoopTimer {
    /// How long a handshake may take during a drain: a few round trips, even around the world, and a lost packet.
    static let drainLimit = TimeAmount.seconds(3)

    private let worker: Worker
    /// Where it comes from. A closed channel no longer knows it.
    private let peer: SocketAddress?
    var timerPosition = LoopTimerPosition.unset

    init(_ channel: any Channel, _ worker: Worker) {
        self.worker = worker
        peer = channel.remoteAddress
        super.init(channel)
        worker.registry.add(self)
    }

    func handshakeCompleted(_ handshake: TLSHandshakeCompleted, on channel: any Channel) {
        worker.api.counters.handshakeCompleted(handshake)
        let handler = handler(for: handshake, on: channel)
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            // The channel has closed meanwhile.
            channel.close(promise: nil)
        }
        leave()
    }

    /// The handler of the negotiated protocol (ALPN); HTTP/1.1 by default.
    private func handler(for handshake: TLSHandshakeCompleted, on channel: any Channel) -> any ChannelHandler {
        let (api, peer) = (worker.api, self.peer)
        if handshake.applicationProtocol == "h2" {
            return HTTPServerHandlers.http2(
                resources: worker.resources,
                registry: worker.registry,
                timeouts: worker.state.timeouts,
                eventLoop: channel.eventLoop,
                peerCertificate: handshake.peerCertificate,
                makeExchange: { APIExchange(context: api, peer: peer) }
            )
        }
        let exchange = APIExchange(context: api, peer: peer)
        if let certificate = handshake.peerCertificate { exchange.callerProved(certificate) }
        return HTTPServerHandlers.http1(
            resources: worker.resources,
            registry: worker.registry,
            timeouts: worker.state.timeouts,
            isSecure: true,
            exchange: exchange
        )
    }

    func answer(toPlainText bytes: ByteBuffer) -> ByteBuffer? {
        let foreign = ForeignProtocol(bytes)
        worker.handshakeReports.report(foreign, from: peer)
        guard foreign == .http else { return nil }
        let api = worker.api
        let request = Request(wholeHeadIn: bytes)
        let credential = request.flatMap { CleartextCredential(in: $0, among: api.tokens) }
        if let credential { api.reportCleartext(credential, from: peer) }
        return PlainHTTPAnswer.bytes(
            hasCredential: credential != nil,
            isHead: request?.method == .head,
            date: worker.resources.date()
        )
    }

    func handshakeEnded(_ end: TLSHandshakeEnd) {
        switch end {
        case .silent: worker.api.counters.handshakesSilent += 1
        // It came to its end; no connection of a caller was meant.
        case .challenge: break
        case .notTLS, .abandoned: worker.api.counters.handshakesFailed += 1
        case .failed(let error):
            worker.api.counters.handshakesFailed += 1
            worker.handshakeReports.report(error, from: peer)
        }
        leave()
    }

    private func leave() {
        worker.resources.timers.cancel(self)
        worker.handshakes.remove(self)
        worker.registry.remove(self)
    }

    // MARK: Drain

    func drain() {
        worker.resources.timers.set(self, to: channel.eventLoop.now + Self.drainLimit)
    }

    func timerFired(now: NIODeadline) {
        closeNow()
    }

    func closeNow() {
        channel.close(promise: nil)
    }
}
