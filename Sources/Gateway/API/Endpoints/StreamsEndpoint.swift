import Access
import AnswerViews
import HTTPServer
import HysteriaStats
import NIOCore

/// `/dump/streams`: the TCP streams that are proxied now, with the sites that they lead to.
final class StreamsEndpoint: Endpoint {
    var path: StaticString { "/dump/streams" }
    var scope: Scope? { .streams }
    var contentTypes: [Response.ContentType] { [.json, .text] }
    var isSuggested: Bool { true }

    /// Not compressed: any user of the proxy chooses names of sites that stand here, beside those of all others (BREACH).
    func contentRules(_ call: EndpointCall) -> ContentRules { [.tagged, .negotiated] }

    func answer(_ call: EndpointCall) -> EndpointStep { .ask(.streams, view: Self.view) }

    static let view = AnswerView(isRelayed: true) { answer, call in
        var dump = try StreamsAnswer(parsing: answer)
        dump.streams.removeAll { !call.sees($0.user) }
        return call.response(json: { $0 = dump.encoded() }, text: { StreamsTable.write(dump, into: &$0) })
    }
}
