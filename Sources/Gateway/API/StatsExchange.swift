import HTTPServer
import HysteriaStats
import NIOCore
import NIOOpenSSL

/// One request for Hysteria's figures: who asks, whether they may, which call it takes, in which form they want it.
final class StatsExchange: Exchange, StatsAnswerReceiver {
    private let api: StatsAPI
    private let peer: SocketAddress?
    private var certificateSubject: String?

    private var sink: (any ResponseSink)?
    private var call = StatsCall.traffic
    private var route = Route.traffic
    private var format = AnswerFormat.json
    private var crossOrigin: CrossOrigin?
    private var caller: Caller?
    private var record: AccessRecord?
    /// What the request counts for; nil for what is no route.
    private var countedRoute: Route?
    private var began: NIODeadline?

    /// - Parameter peer: where the connection comes from.
    init(api: StatsAPI, peer: SocketAddress?) {
        self.api = api
        self.peer = peer
    }

    // MARK: Request

    func callerProved(_ certificate: TLSPeerCertificate) {
        if api.accessLog != nil { certificateSubject = certificate.subject }
    }

    func begin(_ request: Request, answeringTo sink: any ResponseSink) -> ExchangeStep {
        began = api.client.eventLoop.now
        if api.accessLog != nil { record = AccessRecord(request, api.redaction) }
        crossOrigin = CrossOrigin(request, api.origins)
        return finish(judge(request), answeringTo: sink)
    }

    func resume(body: ByteBuffer, answeringTo sink: any ResponseSink) -> ExchangeStep {
        finish(kick(body), answeringTo: sink)
    }

    /// What a request comes to.
    private enum Verdict {
        case respond(Response)
        case refuse(Problem)
        case readBody
        case ask(StatsCall)
        case measure(Caller)
    }

    private func finish(_ verdict: Verdict, answeringTo sink: any ResponseSink) -> ExchangeStep {
        switch verdict {
        case .respond(let response):
            return .respond(marked(response))
        case .refuse(let problem):
            return .respond(marked(problem.response(as: format)))
        case .readBody:
            return .readBody
        case .ask(let call):
            self.call = call
            self.sink = sink
            // The client answers exactly once and never before this returns. It holds on to the exchange until then.
            if call == .trafficClearing {
                api.ledger.withLockedValue { $0.clearBegins() }
                api.upstream.perform(call, for: self, ticket: 0) { [api, name = caller?.name] result in
                    api.clearEnded(late: result, caller: name)
                }
            } else {
                api.upstream.perform(call, for: self, ticket: 0)
            }
            return .wait
        case .measure(let caller):
            self.sink = sink
            MetricsScrape(of: api, caller: caller) { [self] in send($0) }.start()
            return .wait
        }
    }

    private func judge(_ request: Request) -> Verdict {
        let target: RequestTarget
        switch request.decodedTarget() {
        case .success(let decoded):
            target = decoded
        case .failure(let failure):
            format = request.preferredFormat(default: .json)
            return .refuse(Problem(failure))
        }
        format = target.format ?? request.preferredFormat(default: target.route?.defaultFormat ?? .json)
        guard let route = target.route else {
            return request.asksForServerOptions
                ? .respond(options("GET, HEAD, OPTIONS, POST")) : .refuse(.notFound)
        }
        self.route = route
        countedRoute = route
        guard route.accepts(request.method) else { return .refuse(.methodNotAllowed(route)) }
        if request.method == .options { return .respond(options(request, to: route)) }
        if target.clears, route != .traffic { return .refuse(.malformed("clear is a parameter of /traffic alone.")) }
        if route == .summary, target.asksForPage || target.format == nil && request.prefersPage {
            return .respond(PageAnswer.page.response)
        }
        if route == .description { return .respond(APIDescription.answer.response) }
        guard let scope = route.scope else {
            return .respond(Response(status: .ok, contentType: .text, body: ByteBuffer(string: "ok\n")))
        }
        return admit(request, to: route, needing: target.clears ? [scope, .clear] : scope, clears: target.clears)
    }

    private func admit(_ request: Request, to route: Route, needing scope: Scope, clears: Bool) -> Verdict {
        let caller: Caller
        switch authenticate(request) {
        case .caller(let known): caller = known
        // No attempt: it is how a browser asks whether to ask for a password, and guesses nothing.
        case .noCredential: return .refuse(.unauthorized)
        case .unknown: return .refuse(api.refuse(peer))
        }
        self.caller = caller
        guard caller.may(scope) else {
            return .refuse(.forbidden("This needs a token with the scope: \(scope.subtracting(caller.scopes))."))
        }
        if clears || route.changes, isDoneBehindTheCallersBack(request) {
            return .refuse(.forbidden("A page of another site asks for this with a password that the browser keeps."))
        }
        switch route {
        case .summary: return .ask(.traffic)
        case .online: return .ask(.online)
        case .streams: return .ask(.streams)
        case .kick: return .readBody
        case .metrics: return .measure(caller)
        case .health, .description: return .refuse(.notFound)
        case .traffic where !clears: return .ask(.traffic)
        case .traffic:
            // The answer to HEAD has no content: the figures would be gone.
            if request.method == .head { return .refuse(.malformed("clear is asked for with GET.")) }
            if caller.users != nil {
                return .refuse(.forbidden("clear empties the counters of all users; this token is limited to some."))
            }
            return .ask(.trafficClearing)
        }
    }

    private func authenticate(_ request: Request) -> Authenticator.Outcome {
        guard let range = request.fields.authorization else { return .noCredential }
        let now = api.clock.now()
        return request.withBytes(of: range) {
            api.authenticator.authenticate($0, from: peer, among: api.tokens, now: now)
        }
    }

    /// Whether it is a browser that shows the credential, because somebody entered it once, and a page of another site that
    /// asks. A bearer token is shown by who knows it; so is a password by the pages that the operator names.
    private func isDoneBehindTheCallersBack(_ request: Request) -> Bool {
        guard request.fields.isFromAnotherSite, crossOrigin?.isNamed != true, let range = request.fields.authorization
        else {
            return false
        }
        return request.withBytes(of: range, Authenticator.isBasic)
    }

    private func kick(_ body: ByteBuffer) -> Verdict {
        let users: [String]
        do {
            users = try KickBody.parse(body)
        } catch {
            return .refuse(.malformed("The body of a kick is a JSON array of user names: \(error)."))
        }
        if let caller, users.contains(where: { !caller.sees(user: $0) }) {
            return .refuse(.forbidden("This token may not kick all of these users."))
        }
        return .ask(.kick(users))
    }

    /// Whoever shows a token learns what it may do, so that a panel offers no more than that. A credential that opens nothing
    /// counts as an attempt here too.
    private func options(_ request: Request, to route: Route) -> Response {
        var response = options(route.allow)
        switch authenticate(request) {
        case .caller(let known):
            caller = known
            response.fields.append(Response.Field(name: "Token-Scopes", value: known.scopes.description))
        case .unknown: _ = api.refuse(peer)
        case .noCredential: break
        }
        return response
    }

    private func options(_ allow: String) -> Response {
        let preflight = crossOrigin?.isPreflight == true ? CrossOrigin.preflightFields(allow: allow) : []
        return Response(status: .noContent, fields: [Response.Field(name: "Allow", value: allow)] + preflight)
    }

    // MARK: Answer

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        if call == .trafficClearing { api.clearEnded(result, caller: caller?.name) }
        send(response(to: result))
    }

    private func send(_ response: Response) {
        guard let sink else {
            // The caller has left, and what was asked of Hysteria was done all the same.
            response.onLoss?()
            report(response.status, contentLength: 0)?(true)
            return
        }
        self.sink = nil
        sink.send(marked(response))
    }

    /// The answer with what it says to browsers about pages of other sites.
    private func marked(_ response: Response) -> Response {
        let fields = (crossOrigin ?? CrossOrigin(nil, api.origins)).fields
        guard !fields.isEmpty else { return response }
        var response = response
        response.fields += fields
        return response
    }

    private func response(to result: Result<StatsAnswer, StatsError>) -> Response {
        switch result {
        case .failure(let error):
            api.report(error, of: call)
            return Problem(error).response(as: format)
        case .success(let answer):
            let onLoss = lossReport(of: answer.body)
            do {
                var response = try AnswerView.response(to: call, answer.body, route: route, as: format, for: caller)
                response.onLoss = onLoss
                api.upstreamAnswered()
                return response
            } catch {
                let problem = StatsError(.malformedAnswer(reason: "\(error)"), address: api.client.upstream.address)
                api.report(problem, of: call)
                onLoss?()
                return Problem(problem).response(as: format)
            }
        }
    }

    /// What to do if an answer does not arrive: figures that were cleared cannot be had again.
    private func lossReport(of body: ByteBuffer) -> (() -> Void)? {
        guard call == .trafficClearing else { return nil }
        return { [api, name = caller?.name] in api.reportLoss(of: body, caller: name) }
    }

    func didAnswer(status: HTTPStatus, contentLength: Int) -> ((_ isLost: Bool) -> Void)? {
        let report = report(status, contentLength: contentLength)
        let duration = began.map { api.client.eventLoop.now - $0 }
        let token = caller?.label ?? TokenLabels.none
        api.counters.requests.add(route: countedRoute?.rawValue, status: status, token: token)
        if let duration { api.counters.durations.record(duration) }
        // What follows may be a request that nobody can read, and so nobody's.
        began = nil
        countedRoute = nil
        record = nil
        caller = nil
        crossOrigin = nil
        return report
    }

    /// What writes the line of the access log, once it is known what has become of the answer.
    private func report(_ status: HTTPStatus, contentLength: Int) -> ((_ isLost: Bool) -> Void)? {
        guard let log = api.accessLog else { return nil }
        let duration = began.map { api.client.eventLoop.now - $0 }
        let now = api.clock.now()
        return { [record, peer, token = caller?.name, certificateSubject] isLost in
            log.write(
                record,
                peer: peer,
                token: token,
                certificateSubject: certificateSubject,
                status: status,
                contentLength: contentLength,
                duration: duration,
                isLost: isLost,
                now: now
            )
        }
    }

    func abandon() {
        sink = nil
    }

    func response(to error: RequestError) -> Response {
        marked(Problem(error).response(as: .json))
    }
}
