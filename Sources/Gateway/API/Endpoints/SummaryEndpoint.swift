import Access
import AnswerViews
import HTTPServer
import HysteriaStats
import NIOCore

/// `/`: the figures at a glance, and for browsers the page.
final class SummaryEndpoint: Endpoint {
    var path: StaticString { "/" }
    var scope: Scope? { .traffic }
    var contentTypes: [Response.ContentType] { [.text, .json] }
    var defaultFormat: AnswerFormat { .text }
    var isSuggested: Bool { false }

    var page: EmbeddedAnswer? { PageAnswer.page }

    func contentRules(_ call: EndpointCall) -> ContentRules { .figures }

    func answer(_ call: EndpointCall) -> EndpointStep { .ask(.traffic, view: Self.view) }

    static let view = AnswerView(isRelayed: false) { answer, call in
        var traffic = try TrafficAnswer(parsing: answer)
        traffic.entries.removeAll { !call.sees($0.user) }
        return call.response(
            json: { TrafficSummary.writeJSON(traffic, into: &$0) },
            text: { TrafficSummary.write(traffic, into: &$0) }
        )
    }
}
