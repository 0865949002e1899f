import HTTPServer
import HysteriaStats
import NIOCore

/// Turns Hysteria's answer into what a caller asked for and may see.
///
/// It throws a ``JSONError`` if the answer is not what Hysteria sends.
struct AnswerView: Sendable {
    typealias Make = @Sendable (_ answer: ByteBuffer, _ call: EndpointCall) throws -> Response

    /// Whether a caller who may see everything gets Hysteria's own bytes, where these are what was asked for.
    private let isRelayed: Bool
    /// Makes the answer of all else. It may take its time, and is called wherever there is time.
    let make: Make

    /// - Parameter isRelayed: whether Hysteria's own bytes are one of the answers.
    init(isRelayed: Bool, _ make: @escaping Make) {
        self.isRelayed = isRelayed
        self.make = make
    }

    /// The answer, if nothing has to be made for it.
    func relay(_ answer: ByteBuffer, _ call: EndpointCall) -> Response? { isRelayed ? call.relay(answer) : nil }
}

/// What an endpoint makes of a call.
enum EndpointStep {
    /// This is the answer.
    case respond(Response)
    /// The call is refused.
    case refuse(Problem)
    /// Hysteria is asked, and `view` makes the answer of what it says: a static value, so that a call costs no closure.
    case ask(StatsCall, view: AnswerView)
    /// The answer takes more than one question. `start` calls back once, and never before it returns.
    case wait(start: (_ context: LoopContext, _ send: @escaping (Response) -> Void) -> Void)

    /// The ledger is asked, and `respond` makes the answer of what it says, away from the event loop where that is about many users.
    ///
    /// - Parameters:
    ///   - users: how many users `respond` looks at.
    ///   - finish: adds what only the event loop may do.
    static func askLedger<Value: Sendable>(
        for call: EndpointCall,
        _ ask: @escaping (LoopContext) -> EventLoopFuture<Value>,
        users: @escaping (Value) -> Int,
        respond: @escaping @Sendable (Value) -> Response,
        finish: @escaping (Value, inout Response) -> Void = { _, _ in }
    ) -> EndpointStep {
        .wait { context, send in
            ask(context).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let value):
                    context.offLoop.run(
                        .ledger(users: users(value)),
                        for: call.owner,
                        // What was taken for this answer would have to go back.
                        isDue: call.target.clears,
                        on: context.eventLoop,
                        { MadeAnswer(respond(value)) },
                        then: { made in
                            guard var response = made?.response else {
                                return send(Problem.tooManyAnswers.response(as: call.format))
                            }
                            finish(value, &response)
                            send(response)
                        }
                    )
                case .failure(let error): send(Problem(ledger: error).response(as: call.format))
                }
            }
        }
    }
}
