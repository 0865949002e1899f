import HTTPClient
import JSON
import NIOCore

/// What of the responses to one request after another is an answer of Hysteria's: status 200, and where JSON is expected,
/// one whole object.
struct StatsResponseStateMachine {
    enum Action: Equatable {
        /// More bytes are needed, or none are expected.
        case wait
        /// The response has status 200 and is whole. `reusable` tells whether the connection can take another request.
        case complete(ByteBuffer, reusable: Bool)
        /// There is no usable response, and the connection must be closed.
        case fail(StatsError.Kind)
    }

    /// What the body of a response must be.
    enum Expectation {
        case json, anything
    }

    private var response: ResponseStateMachine
    private var expectation = Expectation.anything
    /// Looks at a large answer while it arrives: to do it at the end would take the event loop's time in one piece.
    private var validator = JSONValidator()
    private var refusedBody: ByteBuffer?

    /// What came of the body. It stays where the response cannot be used.
    var body: ByteBuffer {
        refusedBody ?? response.body
    }

    /// Whether any byte of the expected response has come.
    var hasBegun: Bool {
        response.hasBegun
    }

    init(bodyLimit: Int) {
        response = ResponseStateMachine(bodyLimit: bodyLimit)
    }

    /// A request was sent; the bytes from here on are its response.
    mutating func requestSent(expecting expectation: Expectation) {
        response.requestSent()
        self.expectation = expectation
        validator = JSONValidator()
    }

    /// Takes bytes that the connection brought.
    mutating func received(_ buffer: inout ByteBuffer) -> Action {
        switch response.received(&buffer) {
        case .head(let head):
            if let reason = refusal(of: head) { return fail(reason) }
            // The machine answers with the head once for each response, so this is not called again from there.
            return received(&buffer)
        case let action:
            return take(action)
        }
    }

    /// The upstream ended the connection.
    mutating func ended() -> Action {
        take(response.ended())
    }

    private mutating func take(_ action: ResponseStateMachine.Action) -> Action {
        switch action {
        case .wait, .head:
            if expectation == .json { validator.advance(through: response.body) }
            return .wait
        case .complete(let body, let reusable):
            if expectation == .json, !validator.finish(body) {
                refusedBody = body
                return fail(.malformedAnswer(reason: "its body is not one whole JSON object"))
            }
            return .complete(body, reusable: reusable)
        case .fail(.malformed(let reason)):
            return .fail(.malformedAnswer(reason: reason))
        case .fail(.tooLarge(let limit)):
            return .fail(.answerTooLarge(limit: limit))
        case .fail(.connectionLost):
            return .fail(.connectionLost)
        }
    }

    private func refusal(of head: ResponseHead) -> StatsError.Kind? {
        switch head.status {
        case 200:
            expectation == .anything || head.isJSON
                ? nil : .malformedAnswer(reason: "its Content-Type is not application/json")
        case 401: .secretRefused
        default: .unexpectedStatus(head.status)
        }
    }

    private mutating func fail(_ kind: StatsError.Kind) -> Action {
        response.refuse()
        return .fail(kind)
    }
}
