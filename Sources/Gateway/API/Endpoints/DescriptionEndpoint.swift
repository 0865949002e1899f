import Access
import HTTPServer

/// `/openapi.json`: what the calls are, for programs.
final class DescriptionEndpoint: Endpoint {
    var path: StaticString { "/openapi.json" }
    var scope: Scope? { nil }
    var contentTypes: [Response.ContentType] { [.json] }
    var isSuggested: Bool { false }

    func answer(_ call: EndpointCall) -> EndpointStep { .respond(APIDescription.answer.response(call.wishes)) }
}
