import Access
import HTTPServer

/// `/metrics`: Hysteria's figures and the gateway's own, for Prometheus.
final class MetricsEndpoint: Endpoint {
    var path: StaticString { "/metrics" }
    var scope: Scope? { .metrics }
    var contentTypes: [Response.ContentType] { [.metrics] }
    var defaultFormat: AnswerFormat { .text }
    var isSuggested: Bool { false }

    /// Without a tag: no two answers are the same.
    func contentRules(_ call: EndpointCall) -> ContentRules { .compressed }

    func answer(_ call: EndpointCall) -> EndpointStep {
        guard let caller = call.caller else { return .refuse(.unauthorized) }
        return .wait { context, send in
            MetricsScrape(of: context, context.upstreams.measured(for: caller), caller: caller) {
                send($0 ?? Problem.tooManyAnswers.response(as: call.format))
            }.start()
        }
    }
}
