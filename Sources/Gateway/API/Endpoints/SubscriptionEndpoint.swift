import Access
import AnswerViews
import HTTPServer
import NIOCore

/// `/sub/TOKEN`: what one user has used and has left, for the apps that show it beside a subscription.
///
/// They fetch a bare URL, so the token stands in the path. It has the scope `subscription`, which is good for nothing else.
final class SubscriptionEndpoint: Endpoint {
    var path: StaticString { "/sub" }
    var scope: Scope? { .subscription }
    var contentTypes: [Response.ContentType] { [.text] }
    var defaultFormat: AnswerFormat { .text }
    var isSuggested: Bool { false }
    var hasTokenInPath: Bool { true }

    func answer(_ call: EndpointCall) -> EndpointStep {
        guard let ledger = call.ledger else { return .refuse(call.lacksLedger) }
        let periods = UserPeriods(ledger, now: ledger.clock.now().wall / 1000)
        return .askLedger(for: call) {
            periods.overview(on: $0.eventLoop)
        } users: { _ in
            1
        } respond: { overview in
            guard let subscription = overview.subscription(of: call.caller, periods) else {
                return Problem.forbidden("A subscription is for one user.").response(as: call.format)
            }
            var body = ByteBuffer()
            subscription.writeBody(into: &body, zone: ledger.zone)
            let interval = Response.Field(name: "Profile-Update-Interval", value: "1")
            return Response(status: .ok, contentType: .text, body: body, fields: [subscription.field, interval])
        }
    }
}
