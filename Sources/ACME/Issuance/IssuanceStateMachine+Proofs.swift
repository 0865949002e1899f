extension IssuanceStateMachine {
    /// How long validation is waited for; it goes on without us.
    static var validationLimit: Int64 { 5 * Backoff.minute }
    /// How long a certificate is waited for.
    static var issuingLimit: Int64 { 10 * Backoff.minute }
    /// An order that is older than this was waited for already: it is looked at, and not more.
    private static var lookAge: Int64 { 15 * Backoff.minute }

    mutating func handleProofs(_ event: IssuanceEvent, _ now: Int64) -> [IssuanceAction] {
        switch (state, event) {
        case (.authorizing(let order, let index), .answered(let response)):
            return takeAuthorization(response, of: order, index, now)
        case (.showing, .done): return pending.map { .note(.shown($0.proof)) } + tell(0, now)
        case (.showing, .failed(let words)):
            shown = []
            return fail(AttemptProblem(.unproved, words), orderIsDead: true)
        case (.telling(let index), .answered(let response)): return takeTold(response, index, now)
        case (.watching(let index, let retryAfter), .answered(let response)):
            return takeWatched(response, index, retryAfter, now)
        default: return takeFailure(event, doing: "the validation", now)
        }
    }

    // MARK: What is to be proved

    mutating func readAuthorization(of order: Order, _ index: Int) -> [IssuanceAction] {
        guard index < order.authorizations.count else { return showProofs(of: order) }
        state = .authorizing(order, index: index)
        return [signed(order.authorizations[index])]
    }

    private mutating func takeAuthorization(
        _ response: AuthorityResponse,
        of order: Order,
        _ index: Int,
        _ now: Int64
    ) -> [IssuanceAction] {
        guard response.status == 200 else { return refuse(response, "an authorization cannot be read", now) }
        do {
            let authorization = try Authorization(response.json("authorization"))
            guard plan.identifiers.contains(where: { $0.proved == authorization.identifier.proved }) else {
                throw DocumentError(
                    "the authority wants a proof of \(authorization.identifier.value), which was not ordered"
                )
            }
            switch authorization.status {
            case "valid": break
            case "pending":
                guard order.status != .invalid else { break }
                pending.append(try choose(in: authorization, url: order.authorizations[index]))
            default: return fail(Self.problem(of: authorization, by: plan.order?.proof), orderIsDead: true)
            }
        } catch let problem as AttemptProblem {
            return fail(problem, orderIsDead: true)
        } catch {
            return fail(AttemptProblem(.failed, "\(error)"), orderIsDead: true)
        }
        return readAuthorization(of: order, index + 1)
    }

    private func choose(
        in authorization: Authorization,
        url: String
    ) throws(AttemptProblem) -> PendingAuthorization {
        let identifier = authorization.identifier
        let wanted = authorization.isWildcard && !identifier.isWildcard ? .name("*." + identifier.value) : identifier
        let kinds = plan.kinds(for: wanted)
        for kind in kinds {
            guard let challenge = authorization.challenges.first(where: { $0.kind == kind }) else { continue }
            return PendingAuthorization(
                url: url,
                proof: Proof(
                    identifier: identifier.proved,
                    kind: kind,
                    token: challenge.token,
                    keyAuthorization: KeyAuthorization.text(token: challenge.token, thumbprint: plan.thumbprint)
                ),
                challenge: challenge.url,
                isTold: challenge.status != "pending"
            )
        }
        let offered = authorization.challenges.map(\.kind.rawValue).joined(separator: ", ")
        let ours = kinds.map(\.rawValue).joined(separator: ", ")
        throw AttemptProblem(
            .dormant,
            "\(wanted.value) cannot be proved: the authority offers \(offered.isEmpty ? "nothing known" : offered), "
                + "and here there is \(ours.isEmpty ? "nothing" : ours)"
        )
    }

    private mutating func showProofs(of order: Order) -> [IssuanceAction] {
        guard order.status != .invalid else {
            return fail(AttemptProblem(.failed, "the order failed; the authority did not say why"), orderIsDead: true)
        }
        guard !pending.isEmpty else {
            guard !order.authorizations.isEmpty else {
                let words = "the authority's order waits for proofs and does not say which"
                return fail(AttemptProblem(.failed, words), orderIsDead: true)
            }
            return readOrder()
        }
        shown = pending.map(\.proof)
        state = .showing
        return [.show(shown)]
    }

    // MARK: Validation

    private mutating func tell(_ index: Int, _ now: Int64) -> [IssuanceAction] {
        guard let next = pending[index...].firstIndex(where: { !$0.isTold }) else {
            deadline = nil
            pauses = 0
            return pause(retryAfter: nil, limit: Self.validationLimit, now)
        }
        state = .telling(index: next)
        // An empty object, not an empty payload (RFC 8555, 7.5.1).
        return [signed(pending[next].challenge, .json(Array("{}".utf8)))]
    }

    private mutating func takeTold(_ response: AuthorityResponse, _ index: Int, _ now: Int64) -> [IssuanceAction] {
        // `malformed`: it has been decided in the meantime. The authorization says how.
        guard response.status < 400 || AuthorityProblem(response).type == "malformed" else {
            return refuse(response, "the proof of \(pending[index].proof.identifier.value) was refused", now)
        }
        pending[index].isTold = true
        return tell(index + 1, now)
    }

    mutating func watch(_ index: Int, retryAfter: Int64?) -> [IssuanceAction]? {
        guard let next = pending[index...].firstIndex(where: { !$0.isDecided }) else { return nil }
        state = .watching(index: next, retryAfter: retryAfter)
        return [signed(pending[next].url)]
    }

    private mutating func takeWatched(
        _ response: AuthorityResponse,
        _ index: Int,
        _ earlier: Int64?,
        _ now: Int64
    ) -> [IssuanceAction] {
        guard response.status == 200 else { return refuse(response, "an authorization cannot be read", now) }
        var notes: [IssuanceAction] = []
        do {
            let authorization = try Authorization(response.json("authorization"))
            switch authorization.status {
            case "pending": break
            case "valid":
                pending[index].isDecided = true
                notes = [.note(.validated(pending[index].proof.identifier))]
            default:
                pending[index].isDecided = true
                return fail(Self.problem(of: authorization, by: pending[index].proof.kind), orderIsDead: true)
            }
        } catch {
            return fail(AttemptProblem(.failed, "\(error)"), orderIsDead: true)
        }
        let retryAfter = [earlier, RetryAfter.seconds(response.retryAfter, now: now)].compactMap(\.self).min()
        if let actions = watch(index + 1, retryAfter: retryAfter) { return notes + actions }
        guard pending.allSatisfy(\.isDecided) else {
            return notes + pause(retryAfter: retryAfter, limit: Self.validationLimit, now)
        }
        // Several servers ask, one after another: until here, all could see it.
        deadline = nil
        pauses = 0
        let proofs = shown
        shown = []
        return notes + [.hide(proofs)] + readOrder()
    }

    private static func problem(of authorization: Authorization, by kind: ProofKind?) -> AttemptProblem {
        let name = authorization.identifier.value
        guard let problem = authorization.problem else {
            return AttemptProblem(.failed, "the authorization of \(name) is \(authorization.status)")
        }
        let failed = authorization.challenges.first { $0.problem != nil }?.kind ?? kind
        let step = "\(name) was not validated by \(failed?.rawValue ?? "any proof")"
        return problem.attemptProblem(step, ofProof: true)
    }

    // MARK: Waiting

    /// Waits as long as the authority says, within limits, or longer each time; and at some time not any more.
    mutating func pause(retryAfter: Int64?, limit: Int64, _ now: Int64) -> [IssuanceAction] {
        let steps: [Int64] = [1, 2, 4, 8]
        let pause = retryAfter.map { min(max($0, 1), 60) } ?? steps[min(pauses, steps.count - 1)]
        let isLook = isResumed && now - (order?.createdAt ?? now) > Self.lookAge
        // The first look is worth a pause: the authority may have been told just now.
        let end = deadline ?? now + (isLook ? pause : limit)
        deadline = end
        pauses += 1
        guard now + pause <= end else { return leave(now) }
        state = .pausing
        return [.wait(pause)]
    }

    mutating func resumeAfterPause(_ now: Int64) -> [IssuanceAction] {
        watch(0, retryAfter: nil) ?? readOrder()
    }

    /// The order goes on at the authority, and is looked at again later; until it ends.
    private mutating func leave(_ now: Int64) -> [IssuanceAction] {
        guard let order else { return finish(.stopped) }
        guard order.expires.map({ $0 > now }) != false else {
            return fail(
                AttemptProblem(.failed, "the order expired before the authority was done with it"),
                orderIsDead: true
            )
        }
        return finish(.left(since: order.createdAt))
    }
}
