import HTTPServer
import HysteriaStats
import NIOCore

/// Turns Hysteria's answer into what a caller asked for and may see.
///
/// It throws a ``JSONError`` if the answer is not what Hysteria sends.
typealias AnswerView = (_ answer: ByteBuffer, _ call: EndpointCall) throws -> Response

/// What an endpoint makes of a call.
enum EndpointStep {
    /// This is the answer.
    case respond(Response)
    /// The call is refused.
    case refuse(Problem)
    /// Hysteria is asked, and `view` makes the answer of what it says: a static function, so that a call costs no closure.
    case ask(StatsCall, view: AnswerView)
    /// The answer takes more than one question. `start` calls back once, and never before it returns.
    case wait(start: (_ context: LoopContext, _ send: @escaping (Response) -> Void) -> Void)

    /// The ledger is asked, and `respond` makes the answer of what it says.
    static func askLedger<Value>(
        for call: EndpointCall,
        _ ask: @escaping (LoopContext) -> EventLoopFuture<Value>,
        respond: @escaping (Value) -> Response
    ) -> EndpointStep {
        .wait { context, send in
            ask(context).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let value): send(respond(value))
                case .failure(let error): send(Problem(ledger: error).response(as: call.format))
                }
            }
        }
    }
}
