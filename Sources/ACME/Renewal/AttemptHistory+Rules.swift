extension AttemptHistory {
    /// Takes a failed attempt in: how long to wait, and what the next one does differently.
    ///
    /// - Parameter hurries: The certificate is short, or ends soon: a day is too long to wait.
    mutating func take(
        _ problem: AttemptProblem,
        now: Int64,
        hurries: Bool,
        using generator: inout some RandomNumberGenerator
    ) {
        self.problem = problem.words
        if case .limited(let seconds) = problem.consequence {
            // No failure: the authority says when, and a few seconds more so that not all come at once.
            let pause = min(max(seconds, Backoff.minute), 7 * Backoff.day)
            limitedUntil = now + pause + Int64.random(in: 0...Backoff.minute, using: &generator)
            next = limitedUntil
            return
        }
        failures += 1
        var cap = hurries ? 6 * Backoff.hour : Backoff.day
        isDormant = false
        switch problem.consequence {
        case .limited: break
        case .unreached:
            authorityFailures += 1
            cap = 100 * Backoff.minute
        case .failed:
            authorityFailures += 1
        case .refused:
            authorityFailures += 1
            issued = IssuanceBrake.kept(issued + [now])
        case .validation:
            validationFailedAt = now
            proofTurn += 1
        case .unproved:
            proofTurn += 1
        case .caa: break
        case .dormant:
            authorityFailures += 1
            isDormant = true
        }
        // What was not answered was not counted by anybody.
        if problem.consequence != .unreached { failedAt = failedAt.suffix(Backoff.failuresPerDay - 1) + [now] }
        switch problem.consequence {
        case .caa: next = now + cap
        case .dormant: next = now + Backoff.day
        default: next = now + Backoff.delay(failures: failures, cap: cap, using: &generator)
        }
        next = max(next, Backoff.earliest(after: failedAt))
    }

    /// A certificate came, or other settings: what failed is past. What an authority has counted is not.
    mutating func forgetFailures() {
        failures = 0
        authorityFailures = 0
        isDormant = false
        problem = nil
        failedAt = []
        next = max(limitedUntil, validationFailedAt.map { $0 + Backoff.afterValidation } ?? 0)
    }

    /// What can be believed after the clock was set: nothing of the future but what is soon.
    func believable(now: Int64) -> AttemptHistory {
        var history = self
        history.failedAt = failedAt.filter { $0 <= now }
        history.issued = issued.filter { $0 <= now }
        if let failed = validationFailedAt, failed > now { history.validationFailedAt = nil }
        let limit = 8 * Backoff.day
        if history.next > now + limit { history.next = now }
        if history.limitedUntil > now + limit { history.limitedUntil = 0 }
        return history
    }
}
