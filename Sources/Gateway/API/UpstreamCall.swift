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
    init(_ question: StatsCall, of upstream: Upstream, view: AnswerView) {
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

    /// Makes the answer to the caller: at once, or where it is large, away from the event loop. `send` gets it once.
    func answer(
        to result: Result<StatsAnswer, StatsError>,
        for call: EndpointCall,
        in context: LoopContext,
        send: @escaping (Response) -> Void
    ) {
        if question == .trafficClearing { upstream.clearEnded(result, caller: call.caller?.name) }
        switch result {
        case .failure(let error):
            upstream.report(error, of: question)
            send(Problem(error).response(as: call.format))
        case .success(let answer):
            if let response = view.relay(answer.body, call) { return finish(.success(response), answer, call, send) }
            make(of: answer.body, for: call, in: context) { made in
                guard let made else { return send(Problem.tooManyAnswers.response(as: call.format)) }
                finish(made.map(\.response), answer, call, send)
            }
        }
    }

    private func make(
        of body: ByteBuffer,
        for call: EndpointCall,
        in context: LoopContext,
        then: @escaping (Result<MadeAnswer, any Error>?) -> Void
    ) {
        let make = view.make
        let work: @Sendable () -> Result<MadeAnswer, any Error> = {
            Result { MadeAnswer(try make(body, call)) }
        }
        let material = WorkMaterial(body)
        guard material.bytes >= OffLoop.smallest else { return then(work()) }
        context.shared.run(SharedAnswers.Key(call, material), in: context, material, for: call, work, then: then)
    }

    private func finish(
        _ made: Result<Response, any Error>,
        _ answer: StatsAnswer,
        _ call: EndpointCall,
        _ send: (Response) -> Void
    ) {
        let onLoss = lossReport(of: answer.body, caller: call.caller)
        do {
            var response = try made.get()
            if let onLoss { response.onLoss = onLoss }
            upstream.answered()
            send(response)
        } catch {
            let problem = Problem(upstream.answeredBadly(error, to: question))
            onLoss?()
            send(problem.response(as: call.format))
        }
    }

    /// What to do if an answer does not arrive: figures that were cleared cannot be had again.
    private func lossReport(of body: ByteBuffer, caller: Caller?) -> (() -> Void)? {
        guard question == .trafficClearing else { return nil }
        return { [upstream, name = caller?.name] in upstream.reportLoss(of: body, caller: name) }
    }
}
