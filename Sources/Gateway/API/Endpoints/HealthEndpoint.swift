import Access
import HTTPServer
import NIOCore

/// `/healthz`: whether the gateway serves. It says nothing of Hysteria.
final class HealthEndpoint: Endpoint {
    var path: StaticString { "/healthz" }
    var scope: Scope? { nil }
    var contentTypes: [Response.ContentType] { [.text] }
    var isSuggested: Bool { true }

    func answer(_ call: EndpointCall) -> EndpointStep {
        .respond(Response(status: .ok, contentType: .text, body: ByteBuffer(string: "ok\n")))
    }
}
