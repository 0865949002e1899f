import HTTPServer
import NIOCore
import NIOOpenSSL

/// Redirects plain HTTP requests to the same path on HTTPS, and serves nothing else.
///
/// Only names that a certificate covers are redirected: any other `Host` is not this server's, and a redirect to it
/// would make this server an open redirector.
///
/// A request with a token is not redirected. A program that follows redirects would repeat it forever, with its token
/// in plain text in every request, unnoticed.
final class RedirectExchange: Exchange {
    private let api: LoopContext
    private let identities: TLSIdentitySet
    private let challenges: (any ChallengeResponder)?
    private let port: Int
    private let peer: SocketAddress?
    private var whenAsked: (() -> Void)?

    /// - Parameters:
    ///   - challenges: who answers those that validate a name of this machine.
    ///   - port: where HTTPS is served.
    ///   - peer: where the connection comes from.
    ///   - whenAsked: called when the first request has arrived, valid or not.
    init(
        api: LoopContext,
        identities: TLSIdentitySet,
        challenges: (any ChallengeResponder)? = nil,
        port: Int,
        peer: SocketAddress?,
        whenAsked: @escaping () -> Void = {}
    ) {
        self.whenAsked = whenAsked
        self.api = api
        self.identities = identities
        self.challenges = challenges
        self.port = port
        self.peer = peer
    }

    func begin(_ request: Request, answeringTo sink: any ResponseSink) -> ExchangeStep {
        noteRequest()
        if let response = challenges?.response(to: request) { return .respond(response) }
        let site = site(of: request)
        if let credential = CleartextCredential(in: request, among: api.tokens) {
            return .respond(refuse(credential, request, site))
        }
        guard let site else {
            return .respond(
                Response(
                    status: .misdirectedRequest,
                    contentType: .text,
                    body: ByteBuffer(string: "No such host is served here.\n")
                )
            )
        }
        let target = request.string(of: request.target)
        let path = target.hasPrefix("/") ? target : "/" + (target.hasPrefix("?") ? target : "")
        return .respond(
            Response(status: .permanentRedirect, fields: [Response.Field(name: "Location", value: site + path)])
        )
    }

    /// The answer to a request with a credential. It does not show the credential, nor whether it is valid.
    private func refuse(_ credential: CleartextCredential, _ request: Request, _ site: String?) -> Response {
        api.reportCleartext(credential, from: peer)
        let problem = Problem.forbidden(
            "This request carries a token and came over plain HTTP, where anyone on its way can read it. Nothing was done. "
                + "Ask \(site ?? "https://") instead of http://, and have the token replaced."
        )
        return problem.response(as: request.preferredFormat(default: .text))
    }

    /// Where the name that was asked for is served over HTTPS; nil where it is not.
    private func site(of request: Request) -> String? {
        guard let host = request.host, identities.covers(name: host) else {
            return nil
        }
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 443 ? "https://\(name)" : "https://\(name):\(port)"
    }

    func resume(body: ByteBuffer, answeringTo sink: any ResponseSink) -> ExchangeStep {
        .wait  // begin(_:answeringTo:) asks for no body
    }

    func didAnswer(status: HTTPStatus, contentLength: Int) -> ((_ isLost: Bool) -> Void)? { nil }

    func abandon() {}

    private func noteRequest() {
        whenAsked?()
        whenAsked = nil
    }

    func response(to error: RequestError) -> Response {
        noteRequest()
        return Response(status: error.status, contentType: .text, body: ByteBuffer(string: error.detail + "\n"))
    }
}
