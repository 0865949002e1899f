import Access
import HTTPServer
import HysteriaStats
import NIOCore

/// What Hysteria is asked for one request, and what the caller gets of its answer.
struct UpstreamCall {
    private let upstream: Upstream
    private let question: StatsCall
    private let view: AnswerView

    /// - Parameter view: makes the answer of what Hysteria says.
    init(_ question: StatsCall, of upstream: Upstream, view: @escaping AnswerView) {
        self.question = question
        self.upstream = upstream
        self.view = view
    }

    /// Asks. The receiver gets the answer or the error exactly once, and never before this returns.
    func start(for receiver: any StatsAnswerReceiver, caller: Caller?) {
        if question == .trafficClearing {
            upstream.clear(for: receiver, caller: caller?.name)
        } else {
            upstream.perform(question, for: receiver, ticket: 0)
        }
    }

    /// The answer to the caller.
    func response(to result: Result<StatsAnswer, StatsError>, for call: EndpointCall) -> Response {
        if question == .trafficClearing { upstream.clearEnded(result, caller: call.caller?.name) }
        switch result {
        case .failure(let error):
            upstream.report(error, of: question)
            return Problem(error).response(as: call.format)
        case .success(let answer):
            let onLoss = lossReport(of: answer.body, caller: call.caller)
            do {
                var response = try view(answer.body, call)
                if let onLoss { response.onLoss = onLoss }
                upstream.answered()
                return response
            } catch {
                let problem = Problem(upstream.answeredBadly(error, to: question))
                onLoss?()
                return problem.response(as: call.format)
            }
        }
    }

    /// What to do if an answer does not arrive: figures that were cleared cannot be had again.
    private func lossReport(of body: ByteBuffer, caller: Caller?) -> (() -> Void)? {
        guard question == .trafficClearing else { return nil }
        return { [upstream, name = caller?.name] in upstream.reportLoss(of: body, caller: name) }
    }
}
