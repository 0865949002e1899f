import Access
import HTTPServer
import HysteriaStats
import JSON
import NIOCore

/// `/kick`: marks users to be cut off.
final class KickEndpoint: Endpoint {
    var path: StaticString { "/kick" }
    var methods: EndpointMethods { .post }
    var scope: Scope? { .kick }
    var contentTypes: [Response.ContentType] { [] }
    var isSuggested: Bool { false }

    func answer(_ call: EndpointCall) -> EndpointStep {
        let users: [String]
        do {
            users = try KickBody.parse(call.body ?? ByteBuffer())
        } catch {
            return .refuse(.malformed("The body of a kick is a JSON array of user names: \(error)."))
        }
        guard users.allSatisfy(call.sees) else {
            return .refuse(.forbidden("This token may not kick all of these users."))
        }
        return .ask(.kick(users), view: Self.view)
    }

    private static let view = AnswerView(isRelayed: false) { _, _ in Response(status: .ok) }

    func exampleBody(user: String) -> ByteBuffer? {
        var body = ByteBuffer()
        body.writeStaticString("[")
        body.writeJSONString(user)
        body.writeStaticString("]")
        return body
    }
}
