import NIOCore

@testable import Gateway
@testable import HTTPServer

/// An exchange that answers as a test says, and remembers what it was asked.
final class StubExchange: Exchange {
    /// What to do with a request, by its target.
    var plan: (String) -> ExchangeStep = { target in .respond(.text(target)) }
    /// What to do with the body of a request.
    var bodyPlan: (String) -> ExchangeStep = { body in .respond(.text("body: \(body)")) }

    /// The targets of the requests, in the order in which they were begun.
    private(set) var begun: [String] = []
    private(set) var bodies: [String] = []
    private(set) var answered: [String] = []
    /// What has become of the answers, in the order in which that was known, if it is asked for.
    private(set) var delivered: [String] = []
    var isWatched = false
    private(set) var errors: [RequestError] = []
    private(set) var abandoned = 0
    /// Whether a request has neither been answered nor abandoned.
    private(set) var isUnderWay = false
    private var sink: (any ResponseSink)?

    func begin(_ request: Request, answeringTo sink: any ResponseSink) -> ExchangeStep {
        let target = request.string(of: request.target)
        begun.append(target)
        self.sink = sink
        isUnderWay = true
        return plan(target)
    }

    func resume(body: ByteBuffer, answeringTo sink: any ResponseSink) -> ExchangeStep {
        bodies.append(String(buffer: body))
        return bodyPlan(String(buffer: body))
    }

    /// Sends the answer that a request waits for.
    func answer(_ response: Response) {
        sink?.send(response)
    }

    /// Lets go of the one it would answer to, who holds it.
    func forget() { sink = nil }

    func didAnswer(status: HTTPStatus, contentLength: Int) -> ((_ isLost: Bool) -> Void)? {
        isUnderWay = false
        answered.append("\(status.rawValue) \(contentLength)")
        return isWatched
            ? { [unowned self] isLost in delivered.append("\(status.rawValue)\(isLost ? " lost" : "")") } : nil
    }

    func abandon() {
        abandoned += 1
        isUnderWay = false
    }

    func response(to error: RequestError) -> Response {
        errors.append(error)
        return Response(status: error.status, contentType: .text, body: ByteBuffer(string: error.detail))
    }
}

extension Response {
    static func text(_ text: String) -> Response {
        Response(status: .ok, contentType: .text, body: ByteBuffer(string: text))
    }

    /// An answer of so many bytes.
    static func large(_ count: Int) -> Response {
        Response(status: .ok, contentType: .json, body: ByteBuffer(repeating: UInt8(ascii: "j"), count: count))
    }

    /// An answer that says when it is lost.
    func losing(_ body: @escaping () -> Void) -> Response {
        var response = self
        response.onLoss = body
        return response
    }
}
