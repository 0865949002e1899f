import Access
import HTTPServer
import HysteriaStats
import NIOCore

/// `/traffic`: what each user sent and received; with `clear`, Hysteria's counters are emptied.
struct TrafficEndpoint: Endpoint {
    var path: StaticString { "/traffic" }
    var scope: Scope? { .traffic }
    var contentTypes: [Response.ContentType] { [.json, .text] }
    var isSuggested: Bool { true }

    var parameters: [RequestTarget.Parameter] { [.clear] }

    func answer(_ call: EndpointCall) -> EndpointStep {
        guard call.target.clears else { return .ask(.traffic, view: Self.view) }
        // The answer to HEAD has no content: the figures would be gone.
        if call.method == .head { return .refuse(.malformed("clear needs GET.")) }
        guard call.seesAll else {
            return .refuse(.forbidden("clear empties the counters of all users; this token is limited to some."))
        }
        return .ask(.trafficClearing, view: Self.view)
    }

    static func view(_ answer: ByteBuffer, _ call: EndpointCall) throws -> Response {
        if let whole = call.relay(answer) { return whole }
        var traffic = try TrafficAnswer(parsing: answer)
        traffic.entries.removeAll { !call.sees($0.user) }
        return call.response(json: { traffic.encoded() }, text: { TrafficTable.write(traffic, into: &$0) })
    }
}
