import Access
import AnswerViews
import HTTPServer
import Ledger
import NIOCore
import Text

/// `/usage`: the history of users by hour, day and month.
struct UsageEndpoint: Endpoint {
    var path: StaticString { "/usage" }
    var scope: Scope? { .usage }
    var contentTypes: [Response.ContentType] { [.json, .text, .csv] }
    var isSuggested: Bool { true }

    var parameters: [RequestTarget.Parameter] { [.user, .from, .to, .by] }

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
        return .wait { context, send in
            ledger.usage(range.query, on: context.eventLoop).and(periods.overview(on: context.eventLoop))
                .assumeIsolated().whenComplete { result in
                    switch result {
                    case .success(let (report, _)) where report.next != nil:
                        send(Problem.tooMuchUsage.response(as: call.format))
                    case .success(let (report, overview)):
                        send(Self.response(report, overview, range.query, ledger, periods, call))
                    case .failure(let error):
                        send(Problem(ledger: error).response(as: call.format))
                    }
                }
        }
    }

    private static func response(
        _ report: UsageReport,
        _ overview: PeriodOverview,
        _ query: UsageQuery,
        _ ledger: LedgerService,
        _ periods: UserPeriods,
        _ call: EndpointCall
    ) -> Response {
        let view = UsageView(
            report,
            step: query.step,
            zone: ledger.zone,
            asOf: overview.snapshot.readAt.map { $0 / 1000 },
            server: overview.snapshot.serverName,
            quotas: periods.quotas(of: report, overview)
        )
        var response = call.response(
            json: {
                var body = ByteBuffer()
                view.writeJSON(into: &body)
                return body
            },
            text: { view.writeText(into: &$0) },
            csv: { view.writeCSV(into: &$0) }
        )
        if let subscription = overview.subscription(of: call.caller, periods) {
            response.fields.append(subscription.field)
        }
        return response
    }
}
