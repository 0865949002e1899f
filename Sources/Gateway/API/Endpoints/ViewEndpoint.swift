import Access
import AnswerViews
import HTTPServer
import Ledger
import NIOCore

/// `/view`: the counters that are the caller's own, and what became of its last clears.
struct ViewEndpoint: Endpoint {
    var path: StaticString { "/view" }
    var scope: Scope? { .clear }
    var contentTypes: [Response.ContentType] { [.json, .text] }
    var isSuggested: Bool { false }

    func answer(_ call: EndpointCall) -> EndpointStep {
        guard let ledger = call.ledger, let caller = call.caller else { return .refuse(call.lacksLedger) }
        let request = ViewRequest(caller.view, users: ViewUsers(of: caller))
        return .wait { context, send in
            ledger.ask(.view(request), on: context.eventLoop).assumeIsolated().whenComplete { result in
                if case .success(let reply) = result, reply.answer == .readingFailed {
                    return send(Problem.readingFailed.response(as: call.format))
                }
                guard let reply = try? result.get(), let figures = reply.snapshot.view(named: caller.view) else {
                    return send(Problem.ledgerUnavailable.response(as: call.format))
                }
                let snapshot = reply.snapshot
                let view = ClearsView(figures, zone: ledger.zone, server: snapshot.serverName) { amounts in
                    snapshot.named(amounts).filter { call.sees(String(decoding: $0.name, as: UTF8.self)) }
                }
                send(
                    call.response(
                        json: {
                            var body = ByteBuffer()
                            view.writeJSON(into: &body)
                            return body
                        },
                        text: { view.writeText(into: &$0) }
                    )
                )
            }
        }
    }
}
