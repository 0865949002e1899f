import Access
import HTTPServer
import HysteriaStats
import NIOCore
import NIOOpenSSL

/// One request to the API at a time: ``Routing``, ``Admission``, the ``Endpoint``, and the ``AnswerReport``.
final class APIExchange: Exchange, StatsAnswerReceiver {
    private let context: LoopContext
    private let peer: SocketAddress?
    private var certificateSubject: String?
    /// The request in flight; nil between two, when a request may arrive that cannot be parsed.
    private var pending: PendingRequest?

    /// - Parameter peer: where the connection comes from.
    init(context: LoopContext, peer: SocketAddress?) {
        self.context = context
        self.peer = peer
    }

    // MARK: Request

    func callerProved(_ certificate: TLSPeerCertificate) {
        if context.accessLog != nil { certificateSubject = certificate.subject }
    }

    func begin(_ request: Request, answeringTo sink: any ResponseSink) -> ExchangeStep {
        if let response = context.challenges?.response(to: request) { return .respond(response) }
        let pending = PendingRequest(request, context)
        self.pending = pending
        guard let step = step(for: request, pending) else { return .readBody }
        return take(step, answeringTo: sink)
    }

    func resume(body: ByteBuffer, answeringTo sink: any ResponseSink) -> ExchangeStep {
        guard let route = pending?.route, let call = pending?.call?.with(body: body) else { return .wait }
        pending?.call = call
        return take(route.endpoint.answer(call), answeringTo: sink)
    }

    /// What becomes of a request; nil if that shows once its body is there.
    private func step(for request: Request, _ pending: PendingRequest) -> EndpointStep? {
        let routing = Routing(request)
        pending.route = routing.route
        pending.format = routing.format
        switch routing.outcome {
        case .refuse(let problem): return .refuse(problem)
        case .page(let page): return .respond(page.response(pending.wishes))
        case .serverOptions: return .respond(pending.origin.options(Endpoints.allow))
        case .options(let route): return .respond(options(request, to: route, pending))
        case .call(let endpoint, let target):
            if let scope = endpoint.scope, let problem = admit(request, for: target, needing: scope, pending) {
                return .refuse(problem)
            }
            let call = EndpointCall(
                method: request.method,
                target: target,
                format: pending.format,
                caller: pending.caller,
                wishes: pending.wishes,
                ledger: context.ledger,
                isLedgerMissing: context.isLedgerMissing,
                idempotencyKey: target.clears ? request.fields.idempotencyKey.map(request.string(of:)) : nil
            )
            pending.call = call
            return request.method == .post ? nil : endpoint.answer(call)
        }
    }

    /// Authenticates the caller and checks what they may do.
    ///
    /// - Returns: why they may not; nil if they may.
    private func admit(
        _ request: Request,
        for target: RequestTarget,
        needing scope: Scope,
        _ pending: PendingRequest
    ) -> Problem? {
        switch context.admission.identify(request, target.pathToken, from: peer) {
        case .refused(let problem): return problem
        case .caller(let caller):
            pending.caller = caller
            // Its page chooses what is asked for, and whoever sees the traffic sees how long the answer is (BREACH).
            if context.admission.isCrossSiteBasicAuth(request, pending.origin) {
                pending.wishes.coding = .identity
            }
            return context.admission.objection(
                to: caller,
                needing: target.scopes(with: scope),
                changes: request.method == .post || target.clears,
                request,
                pending.origin
            )
        }
    }

    /// A caller with a valid token learns what it may do, so that a panel offers no more than that. A credential that
    /// opens nothing counts as an attempt here too.
    private func options(_ request: Request, to route: Route, _ pending: PendingRequest) -> Response {
        var response = pending.origin.options(route.allow)
        if case .caller(let caller) = context.admission.identify(request, from: peer) {
            pending.caller = caller
            response.fields.append(Response.Field(name: "Token-Scopes", value: caller.scopes.description))
        }
        return response
    }

    private func take(_ step: EndpointStep, answeringTo sink: any ResponseSink) -> ExchangeStep {
        switch step {
        case .respond(let response):
            return .respond(marked(response))
        case .refuse(let problem):
            return .respond(marked(problem.response(as: pending?.format ?? .json)))
        case .ask(let question, let view):
            let caller = pending?.caller
            let asked = UpstreamCall(question, of: context.upstreams.upstream(for: caller), view: view)
            pending?.asked = asked
            pending?.sink = sink
            // The client holds on to the exchange until it has answered.
            asked.start(for: self, caller: caller)
            return .wait
        case .wait(let start):
            pending?.sink = sink
            start(context) { [self] in send($0) }
            return .wait
        }
    }

    // MARK: Answer

    func receive(_ result: Result<StatsAnswer, StatsError>, for ticket: UInt64) {
        guard let asked = pending?.asked, let call = pending?.call else { return }
        asked.answer(to: result, for: call, in: context) { [self] in send($0) }
    }

    private func send(_ response: Response) {
        guard let pending, pending.sink != nil, ContentNegotiation.concerns(response, pending.wishes),
            let call = pending.call, let rules = pending.route?.endpoint.contentRules(call)
        else { return hand(response) }
        ContentNegotiation(rules: rules, wishes: pending.wishes)
            .choose(response, among: context.contents) { [self] in hand($0) }
    }

    /// Hands the answer to the connection, if that is still there.
    private func hand(_ response: Response) {
        guard let sink = pending?.sink else {
            // The caller has left, and what was asked of Hysteria was done all the same.
            response.onLoss?()
            logLine(of: AnswerReport(on: pending.take(), response.status, contentLength: 0, context))?(true)
            return
        }
        pending?.sink = nil
        sink.send(marked(response))
    }

    /// The answer with what it says to browsers about pages of other sites.
    private func marked(_ response: Response) -> Response {
        let fields = (pending?.origin ?? CrossOrigin(nil, context.origins)).fields
        guard !fields.isEmpty else { return response }
        var response = response
        response.fields += fields
        return response
    }

    func didAnswer(status: HTTPStatus, contentLength: Int) -> ((_ isLost: Bool) -> Void)? {
        let report = AnswerReport(on: pending.take(), status, contentLength: contentLength, context)
        report.count(in: &context.counters)
        return logLine(of: report)
    }

    /// What writes the line of the access log, once it is known what has become of the answer.
    private func logLine(of report: AnswerReport) -> ((_ isLost: Bool) -> Void)? {
        context.accessLog.map { report.line(in: $0, peer, certificateSubject, now: context.clock.now()) }
    }

    func abandon() {
        pending?.sink = nil
    }

    func response(to error: RequestError) -> Response {
        marked(Problem(error).response(as: .json))
    }
}
