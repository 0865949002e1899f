import Access
import AnswerViews
import HTTPServer
import HysteriaStats
import Ledger
import NIOCore

/// `/traffic`: what each user sent and received; with `clear`, the counters begin anew.
///
/// Without a ledger these are Hysteria's own counters. With one, a token with the scope `clear` has counters of its own, its
/// view, and no call leads to Hysteria's `clear`.
final class TrafficEndpoint: Endpoint {
    var path: StaticString { "/traffic" }
    var scope: Scope? { .traffic }
    var contentTypes: [Response.ContentType] { [.json, .text, .csv] }
    var isSuggested: Bool { true }

    var parameters: [RequestTarget.Parameter] { [.clear, .since] }

    /// What is given once goes out as it is, whatever the caller has already.
    func contentRules(_ call: EndpointCall) -> ContentRules {
        call.target.clears || !call.target.values(of: .since).isEmpty ? [] : .figures
    }

    func answer(_ call: EndpointCall) -> EndpointStep {
        // The answer to HEAD has no content: the figures would be gone.
        if call.target.clears, call.method == .head { return .refuse(.malformed("clear needs GET.")) }
        if let caller = call.caller, caller.may(.clear) {
            if let ledger = call.ledger { return ViewCall(ledger, caller, call).step }
            // Its figures are those of its view, and Hysteria's own would be taken for them.
            if call.isLedgerMissing { return .refuse(.ledgerUnavailable) }
        }
        guard call.target.values(of: .since).isEmpty else {
            return .refuse(.forbidden("since needs a ledger, and a token with the scope: clear."))
        }
        guard call.target.clears else { return .ask(.traffic, view: Self.view) }
        guard call.seesAll else {
            return .refuse(.forbidden("clear empties the counters of all users; this token is limited to some."))
        }
        return .ask(.trafficClearing, view: Self.view)
    }

    static let view = AnswerView(isRelayed: true) { answer, call in
        var traffic = try TrafficAnswer(parsing: answer)
        traffic.entries.removeAll { !call.sees($0.user) }
        return response(traffic, to: call)
    }

    static func response(_ traffic: TrafficAnswer, to call: EndpointCall) -> Response {
        call.response(
            json: { $0 = traffic.encoded() },
            text: { TrafficTable.write(traffic, into: &$0) },
            csv: { TrafficCSV.write(traffic, into: &$0) }
        )
    }
}
