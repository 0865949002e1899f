import JSON

extension IssuanceStateMachine {
    mutating func handleOrder(_ event: IssuanceEvent, _ now: Int64) -> [IssuanceAction] {
        switch (state, event) {
        case (.makingKey(again: false), .done): return requestOrder(replaces: replaces)
        case (.makingKey(again: true), .done): return finalize(now)
        case (.ordering(let replaces), .answered(let response)): return takeNewOrder(response, replaces: replaces, now)
        case (.keepingOrder(let order), .done): return proceed(order, retryAfter: nil, now)
        case (.reading, .answered(let response)): return takeOrder(response, now)
        default: return takeFailure(event, doing: "the order", now)
        }
    }

    /// The store is written to before anything is ordered: what could not be kept is not asked for.
    mutating func makeKey(again: Bool = false) -> [IssuanceAction] {
        state = .makingKey(again: again)
        return [.makeKey]
    }

    private mutating func requestOrder(replaces: String?) -> [IssuanceAction] {
        guard let directory else { return [] }
        var members: [String: JSONValue] = ["identifiers": JSONValue(plan.identifiers)]
        if let profile { members["profile"] = .string(profile) }
        if let replaces { members["replaces"] = .string(replaces) }
        state = .ordering(replaces: replaces)
        return [signed(directory.newOrder, .json(JSONValue.object(members).bytes))]
    }

    private mutating func takeNewOrder(
        _ response: AuthorityResponse,
        replaces: String?,
        _ now: Int64
    ) -> [IssuanceAction] {
        guard response.status == 201 || response.status == 200 else {
            let problem = AuthorityProblem(response)
            if let actions = repairAccount(problem, now) { return actions }
            if let replaces, response.status >= 400, !problem.isTransient {
                // Already replaced, of another account, forgotten: the certificate is wanted all the same.
                self.replaces = nil
                return [.note(.replacesRefused(certID: replaces, words: problem.words))] + requestOrder(replaces: nil)
            }
            return refuse(response, "the order was refused", now)
        }
        guard let url = AuthorityURL.usable(response.location) else {
            let words = "the authority made an order without saying its URL (Location)"
            return fail(AttemptProblem(.failed, words), orderIsDead: false)
        }
        do {
            let document = try Order(response.json("order"))
            guard Set(document.identifiers) == Set(plan.identifiers) else {
                throw DocumentError("the authority's order is for other names than were asked for")
            }
            let record = OrderRecord(
                url: url,
                identifiers: plan.identifiers,
                account: account?.url ?? "",
                proof: plan.identifiers.first.flatMap { plan.kinds(for: $0).first } ?? .tls,
                createdAt: now,
                expires: document.expires,
                replaces: replaces
            )
            order = record
            state = .keepingOrder(document)
            return [.note(.ordered(order: url, replaces: replaces)), .keepOrder(record)]
        } catch {
            return fail(AttemptProblem(.failed, "\(error)"), orderIsDead: false)
        }
    }

    mutating func readOrder() -> [IssuanceAction] {
        state = .reading
        return [signed(order?.url ?? "")]
    }

    private mutating func takeOrder(_ response: AuthorityResponse, _ now: Int64) -> [IssuanceAction] {
        guard response.status == 200 else {
            let problem = AuthorityProblem(response)
            if let actions = repairAccount(problem, now) {
                order = nil
                return actions
            }
            // Forgotten by the authority: what was under way before this attempt is begun anew, once.
            if isResumed, response.status >= 400, !problem.isTransient {
                isResumed = false
                order = nil
                let proofs = shown
                shown = []
                state = .droppingStale
                return (proofs.isEmpty ? [] : [.hide(proofs)]) + [.dropOrder]
            }
            return refuse(response, "the order cannot be read", now)
        }
        do {
            let document = try Order(response.json("order"))
            guard Set(document.identifiers) == Set(plan.identifiers) else {
                throw DocumentError("the authority's order is for other names than were asked for")
            }
            return proceed(document, retryAfter: RetryAfter.seconds(response.retryAfter, now: now), now)
        } catch {
            return fail(AttemptProblem(.failed, "\(error)"), orderIsDead: true)
        }
    }

    /// Goes on where the order stands: it may come with authorizations from before, or with its certificate.
    mutating func proceed(_ document: Order, retryAfter: Int64?, _ now: Int64) -> [IssuanceAction] {
        finalizeURL = document.finalize
        switch document.status {
        case .pending where shown.isEmpty && pending.isEmpty: return readAuthorization(of: document, 0)
        case .ready where !hasFinalized: return finalize(now)
        case .pending, .ready, .processing: return pause(retryAfter: retryAfter, limit: Self.issuingLimit, now)
        case .valid: return download(document)
        case .invalid:
            if let problem = document.problem {
                return fail(problem.attemptProblem("the order failed", ofProof: true), orderIsDead: true)
            }
            // The authorization that failed says why.
            return readAuthorization(of: document, 0)
        }
    }
}
