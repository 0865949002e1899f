extension IssuanceStateMachine {
    /// An answer that says no.
    mutating func refuse(_ response: AuthorityResponse, _ step: String, _ now: Int64) -> [IssuanceAction] {
        let problem = AuthorityProblem(response)
        if let actions = repairAccountUnderWay(problem, now) { return actions }
        let retryAfter = RetryAfter.seconds(response.retryAfter, now: now)
        var attempt = problem.attemptProblem(step, retryAfter: retryAfter)
        if attempt.consequence == .dormant, plan.identifiers.contains(where: \.isAddress), profile == nil,
            problem.type != "userActionRequired"
        {
            let words =
                attempt.words + " — an address needs a profile for addresses, such as 'shortlived', at this authority"
            attempt = AttemptProblem(.dormant, type: attempt.type, words)
        }
        // What fails by load or by a fault of the authority may go on later, with the same order.
        return fail(attempt, orderIsDead: !problem.isTransient && !Self.isPassing(attempt.consequence))
    }

    /// An account that is gone in the middle of an order: the order is gone as well.
    private mutating func repairAccountUnderWay(_ problem: AuthorityProblem, _ now: Int64) -> [IssuanceAction]? {
        guard order == nil, problem.type == "accountDoesNotExist" else { return nil }
        return repairAccount(problem, now)
    }

    /// What was not done, or not answered.
    mutating func takeFailure(_ event: IssuanceEvent, doing what: String, _ now: Int64) -> [IssuanceAction] {
        switch event {
        case .unanswered(let error): return fail(AttemptProblem(.unreached, "\(error)"), orderIsDead: false)
        case .failed(let words): return fail(AttemptProblem(.failed, words), orderIsDead: false)
        default: return fail(AttemptProblem(.failed, "\(what) was driven out of step"), orderIsDead: false)
        }
    }

    private static func isPassing(_ consequence: AttemptProblem.Consequence) -> Bool {
        switch consequence {
        case .unreached, .limited: true
        case .failed, .validation, .unproved, .refused, .caa, .dormant: false
        }
    }

    /// Ends the attempt. An order that can still become a certificate is kept, with its proofs shown; of another one nothing is left.
    mutating func fail(_ problem: AttemptProblem, orderIsDead: Bool) -> [IssuanceAction] {
        guard orderIsDead, order != nil else { return finish(.failed(problem)) }
        outcome = .failed(problem)
        let proofs = shown
        shown = []
        return (proofs.isEmpty ? [] : [.hide(proofs)]) + deactivate(0)
    }

    private mutating func deactivate(_ index: Int) -> [IssuanceAction] {
        guard let next = pending[index...].firstIndex(where: { !$0.isDecided }) else { return drop() }
        state = .deactivating(index: next)
        return [signed(pending[next].url, .json(Array("{\"status\":\"deactivated\"}".utf8)))]
    }

    mutating func drop() -> [IssuanceAction] {
        state = .dropping
        return [.dropOrder]
    }

    mutating func handleEnd(_ event: IssuanceEvent, _ now: Int64) -> [IssuanceAction] {
        switch state {
        // Whether it worked changes nothing.
        case .deactivating(let index): return deactivate(index + 1)
        default: return finish(outcome ?? .stopped)
        }
    }

    mutating func finish(_ outcome: AttemptOutcome) -> [IssuanceAction] {
        state = .ended
        return [.finish(outcome)]
    }
}
