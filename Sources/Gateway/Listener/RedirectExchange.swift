import NIOCore
import NIOOpenSSL

/// Sends a caller who came over plain HTTP to the same path on HTTPS, and serves nothing.
///
/// Only names that a certificate covers are sent on: anything else in `Host` is somebody else's name, and a redirect
/// to it would make this server vouch for it.
final class RedirectExchange: Exchange {
    private let identities: TLSIdentitySet
    private let port: Int

    /// - Parameter port: where HTTPS is served.
    init(identities: TLSIdentitySet, port: Int) {
        self.identities = identities
        self.port = port
    }

    func begin(_ request: Request, answeringTo sink: any ResponseSink) -> ExchangeStep {
        guard let host = Self.host(of: request.string(of: request.authority)), identities.covers(name: host) else {
            return .respond(
                Response(
                    status: .misdirectedRequest,
                    contentType: .text,
                    body: ByteBuffer(string: "No such host is served here.\n")
                )
            )
        }
        let name = host.contains(":") ? "[\(host)]" : host
        let authority = port == 443 ? name : "\(name):\(port)"
        let target = request.string(of: request.target)
        let path = target.hasPrefix("/") ? target : "/" + (target.hasPrefix("?") ? target : "")
        let location = "https://\(authority)\(path)"
        return .respond(
            Response(status: .permanentRedirect, fields: [Response.Field(name: "Location", value: location)])
        )
    }

    /// The name in an authority, without port and brackets, in lower case; nil if it is none.
    private static func host(of authority: String) -> String? {
        let authority = authority.lowercased()
        let isBracketed = authority.hasPrefix("[")
        guard
            let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        else { return nil }
        let host = authority[..<end].dropFirst(isBracketed ? 1 : 0)
        let port = authority[end...].dropFirst(isBracketed ? 1 : 0)
        guard !host.isEmpty, port.isEmpty || port.first == ":", port.dropFirst().allSatisfy(\.isNumber) else {
            return nil
        }
        return String(host)
    }

    func resume(body: ByteBuffer, answeringTo sink: any ResponseSink) -> ExchangeStep {
        .wait  // begin(_:answeringTo:) asks for no body
    }

    func didAnswer(status: HTTPStatus, contentLength: Int) {}

    func abandon() {}

    func response(to error: RequestError) -> Response {
        Response(status: error.status, contentType: .text, body: ByteBuffer(string: error.detail + "\n"))
    }
}
