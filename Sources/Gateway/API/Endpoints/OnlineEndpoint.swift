import Access
import AnswerViews
import HTTPServer
import HysteriaStats
import NIOCore

/// `/online`: how many devices each user has online.
final class OnlineEndpoint: Endpoint {
    var path: StaticString { "/online" }
    var scope: Scope? { .online }
    var contentTypes: [Response.ContentType] { [.json, .text, .csv] }
    var isSuggested: Bool { true }

    func contentRules(_ call: EndpointCall) -> ContentRules { .figures }

    func answer(_ call: EndpointCall) -> EndpointStep { .ask(.online, view: Self.view) }

    static let view = AnswerView(isRelayed: true) { answer, call in
        var online = try OnlineAnswer(parsing: answer)
        online.entries.removeAll { !call.sees($0.user) }
        return call.response(
            json: { $0 = online.encoded() },
            text: { OnlineTable.write(online, into: &$0) },
            csv: { OnlineCSV.write(online, into: &$0) }
        )
    }
}
