import NIOCore
import NIOOpenSSL

/// One request and its answer, whatever version of HTTP carries them.
///
/// A connection owns one for each request that can be in progress at once and uses it again for the next. It is called
/// on the connection's event loop only.
package protocol Exchange: AnyObject {
    /// The caller has presented a certificate of an authority that the gateway trusts. It is called once, before the
    /// first request, and not at all for a caller without a certificate.
    func callerProved(_ certificate: TLSPeerCertificate)

    /// Looks at a request: who sends it, whether they may, what it takes to answer.
    ///
    /// `request` must not be kept; see ``Request``.
    ///
    /// - Parameter sink: where the answer goes if the step is to wait for it.
    func begin(_ request: Request, answeringTo sink: any ResponseSink) -> ExchangeStep

    /// Goes on with the body that the step before asked for.
    func resume(body: ByteBuffer, answeringTo sink: any ResponseSink) -> ExchangeStep

    /// The answer to the current request, or to the one that could not be read, has been handed to the connection.
    ///
    /// - Parameter contentLength: the size of the content that goes out, in bytes.
    /// - Returns: what to call, once, when it is known whether the answer has left for the caller. Nil where nobody wants to
    ///   know, which saves the connection the trouble.
    func didAnswer(status: HTTPStatus, contentLength: Int) -> ((_ isLost: Bool) -> Void)?

    /// The connection has ended: no answer can be sent.
    func abandon()

    /// The answer to a request that cannot be read, of which ``begin(_:answeringTo:)`` may or may not have seen the head.
    func response(to error: RequestError) -> Response
}

extension Exchange {
    /// Default: ignored.
    package func callerProved(_ certificate: TLSPeerCertificate) {}
}

/// What a connection does next for an exchange.
package enum ExchangeStep {
    /// Send this.
    case respond(Response)
    /// Read the body and ``Exchange/resume(body:answeringTo:)``.
    case readBody
    /// Wait: the answer comes through ``ResponseSink``.
    case wait
}

/// Where an exchange sends an answer that it did not have at once.
package protocol ResponseSink: AnyObject {
    /// Sends the answer of the exchange that waits for it.
    func send(_ response: Response)
}

/// What is to be done once it is known whether an answer has left for the caller.
struct Delivery {
    /// What is done by what has become of it; see ``Response/onLoss`` and ``Response/onDelivery``.
    var watch: Response.Watch?
    /// Notified in any case; see ``Exchange/didAnswer(status:contentLength:)``.
    var report: ((_ isLost: Bool) -> Void)?

    /// Whether no one is to be notified.
    var isUnwatched: Bool { watch == nil && report == nil }

    /// Tells all of them. Called once.
    func end(isLost: Bool) {
        if isLost { watch?.onLoss?() } else { watch?.onDelivery?() }
        report?(isLost)
    }

    /// The answer was written to the socket of this channel, or could not be.
    func written(isLost: Bool, to channel: any Channel) {
        guard !isLost, watch?.onDelivery != nil else { return end(isLost: isLost) }
        AcknowledgementWatch.start(on: channel) { end(isLost: $0) }
    }
}
