import Access
import AnswerViews
import HTTPServer
import Ledger
import NIOCore

/// `/view`: the counters that are the caller's own, and what became of its last clears.
final class ViewEndpoint: Endpoint {
    var path: StaticString { "/view" }
    var scope: Scope? { .clear }
    var contentTypes: [Response.ContentType] { [.json, .text] }
    var isSuggested: Bool { false }

    func contentRules(_ call: EndpointCall) -> ContentRules { .figures }

    func answer(_ call: EndpointCall) -> EndpointStep {
        guard let ledger = call.ledger, let caller = call.caller else { return .refuse(call.lacksLedger) }
        let request = ViewRequest(caller.view, users: ViewUsers(of: caller))
        return .askLedger(for: call) {
            ledger.ask(.view(request), on: $0.eventLoop)
        } users: { reply in
            reply.snapshot.userCount
        } respond: { reply in
            let snapshot = reply.snapshot
            if reply.answer == .readingFailed { return Problem.readingFailed.response(as: call.format) }
            guard let figures = snapshot.view(named: caller.view) else {
                return Problem.ledgerUnavailable.response(as: call.format)
            }
            let view = ClearsView(figures, zone: ledger.zone, server: snapshot.serverName) { amounts in
                snapshot.named(amounts).filter { call.sees(String(decoding: $0.name, as: UTF8.self)) }
            }
            return call.response(json: { view.writeJSON(into: &$0) }, text: { view.writeText(into: &$0) })
        }
    }
}
