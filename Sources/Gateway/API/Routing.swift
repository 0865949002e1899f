import HTTPServer

/// What a request is for. Routing comes before authentication: 400, 404 and 405 need no token.
struct Routing {
    /// What becomes of the request.
    enum Outcome {
        /// It is a call of this endpoint.
        case call(any Endpoint, RequestTarget)
        /// A browser gets the page at this path.
        case page(EmbeddedAnswer)
        /// It asks for the methods of a path.
        case options(Route)
        /// It asks for the methods of the server as a whole.
        case serverOptions
        /// There is no such call.
        case refuse(Problem)
    }

    /// What the request counts for; nil for what is no route.
    let route: Route?
    /// The form that its answer is to have, a refusal included.
    let format: AnswerFormat
    let outcome: Outcome

    init(_ request: Request) {
        switch request.decodedTarget() {
        case .failure(let failure):
            route = nil
            format = request.preferredFormat(default: .json)
            outcome = .refuse(Problem(failure))
        case .success(let target):
            route = target.route
            guard let route = target.route else {
                format = target.format ?? request.preferredFormat(default: .json)
                outcome = request.asksForServerOptions ? .serverOptions : .refuse(.notFound)
                return
            }
            let endpoint = route.endpoint
            format = target.format ?? request.preferredFormat(default: endpoint.defaultFormat)
            outcome = Self.outcome(of: request, for: target, at: route, endpoint)
        }
    }

    private static func outcome(
        of request: Request,
        for target: RequestTarget,
        at route: Route,
        _ endpoint: any Endpoint
    ) -> Outcome {
        guard endpoint.methods.accepts(request.method) else { return .refuse(.methodNotAllowed(route)) }
        if request.method == .options { return .options(route) }
        if target.clears, !endpoint.parameters.contains(.clear) { return .refuse(.misplaced(.clear)) }
        if let page = endpoint.page, target.asksForPage || target.format == nil && request.prefersPage {
            return .page(page)
        }
        return .call(endpoint, target)
    }
}
