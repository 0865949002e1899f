import Access
import AnswerViews
import HTTPServer
import Ledger
import NIOCore
import Text

/// `/usage`: the history of users by hour, day and month.
final class UsageEndpoint: Endpoint {
    var path: StaticString { "/usage" }
    var scope: Scope? { .usage }
    var contentTypes: [Response.ContentType] { [.json, .text, .csv] }
    var isSuggested: Bool { true }

    var parameters: [RequestTarget.Parameter] { [.user, .from, .to, .by] }

    func contentRules(_ call: EndpointCall) -> ContentRules { .figures }

    func answer(_ call: EndpointCall) -> EndpointStep {
        guard let ledger = call.ledger else { return .refuse(call.lacksLedger) }
        let now = ledger.clock.now().wall / 1000
        let periods = UserPeriods(ledger, now: now)
        let range: UsageRange
        do throws(UsageRangeError) {
            range = try UsageRange(call, zone: ledger.zone, monthBegins: periods.monthBegins(of:), now: now)
        } catch {
            return .refuse(.usageRange(error.description))
        }
        return .askLedger(for: call) { context in
            let (eventLoop, snapshot) = (context.eventLoop, ledger.snapshot)
            let overview =
                periods.matter(to: call.caller)
                ? periods.overview(on: eventLoop).map { Optional($0) } : eventLoop.makeSucceededFuture(nil)
            return ledger.usage(range.query, on: eventLoop).and(overview).map { ($0.0, $0.1, snapshot) }
        } users: { report, _, _ in
            report.users.count * max(1, report.buckets.count / 2)
        } respond: { report, overview, snapshot in
            guard report.next == nil else { return Problem.tooMuchUsage.response(as: call.format) }
            let view = UsageView(
                report,
                step: range.query.step,
                zone: ledger.zone,
                asOf: snapshot.readAt.map { $0 / 1000 },
                server: snapshot.serverName,
                quotas: overview.map { periods.quotas(of: report, $0) } ?? []
            )
            var response = call.response(
                json: { view.writeJSON(into: &$0) },
                text: { view.writeText(into: &$0) },
                csv: { view.writeCSV(into: &$0) }
            )
            if let subscription = overview?.subscription(of: call.caller, periods) {
                response.fields.append(subscription.field)
            }
            return response
        }
    }
}
