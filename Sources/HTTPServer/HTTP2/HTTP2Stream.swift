import NIOCore

/// One request of a connection, with the exchange that answers it. It is used again for a later request, because a request
/// is not worth the objects that it would take otherwise.
final class HTTP2Stream: ResponseSink {
    let exchange: any Exchange
    /// The connection; nil once the stream is of no use to it any more.
    var connection: HTTP2ServerHandler?
    /// The number that frames know the stream by.
    private(set) var id: Int32 = 0
    /// Where it stands among the open streams of its connection.
    var index = 0
    var machine = HTTP2StreamStateMachine()
    /// Whether the answer goes out without its content.
    var isHead = false
    /// As much of the request's body as has arrived, if it is wanted.
    var body = ByteBuffer()
    /// What the caller has not taken of the answer. Callers share its memory.
    private(set) var rest = ByteBuffer()
    private var delivery = Delivery()

    init(exchange: any Exchange, connection: HTTP2ServerHandler) {
        self.exchange = exchange
        self.connection = connection
    }

    /// Makes it a stream that begins.
    func begin(id: Int32) {
        self.id = id
        machine = HTTP2StreamStateMachine()
        isHead = false
    }

    func send(_ response: Response) {
        guard let connection else {
            response.onLoss?()
            return
        }
        connection.respond(response, on: self)
    }

    /// Keeps the answer until the caller has taken it.
    func hold(_ response: Response) {
        if !isHead { rest = response.body }
        let report = exchange.didAnswer(status: response.status, contentLength: rest.readableBytes)
        delivery = Delivery(onLoss: response.onLoss, report: report)
    }

    /// Takes the next piece of the answer out.
    func takePiece(_ length: Int) -> ByteBuffer {
        rest.readSlice(length: length) ?? ByteBuffer()
    }

    /// Lets go of the answer, which is out, or is to be forgotten.
    ///
    /// - Returns: who is to be notified of the outcome.
    func releaseAnswer() -> Delivery {
        if rest.capacity > 0 { rest = ByteBuffer() }
        defer { delivery = Delivery() }
        return delivery
    }

    /// Lets go of the request's body.
    func releaseBody() {
        if body.capacity > 0 { body = ByteBuffer() }
    }
}
