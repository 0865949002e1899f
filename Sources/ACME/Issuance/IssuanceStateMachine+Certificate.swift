extension IssuanceStateMachine {
    mutating func handleCertificate(_ event: IssuanceEvent, _ now: Int64) -> [IssuanceAction] {
        switch (state, event) {
        case (.finalizing, .answered(let response)): return takeFinalized(response, now)
        case (.downloading, .answered(let response)):
            guard response.status == 200, !response.body.isEmpty else {
                return refuse(response, "the certificate cannot be fetched", now)
            }
            state = .installing
            return [.install(chain: response.body, account: account?.url ?? "")]
        case (.installing, .installed(let record)):
            outcome = .obtained(record)
            return drop()
        case (.installing, .refused(let words)):
            return fail(AttemptProblem(.refused, "the certificate is not used: \(words)"), orderIsDead: true)
        default: return takeFailure(event, doing: "the certificate", now)
        }
    }

    mutating func finalize(_ now: Int64) -> [IssuanceAction] {
        guard let finalizeURL else { return [] }
        state = .finalizing
        hasFinalized = true
        deadline = nil
        pauses = 0
        return [.note(.finalized), signed(finalizeURL, .signingRequest)]
    }

    private mutating func takeFinalized(_ response: AuthorityResponse, _ now: Int64) -> [IssuanceAction] {
        guard response.status == 200 || response.status == 201 else {
            let problem = AuthorityProblem(response)
            switch problem.type {
            case "orderNotReady":
                // Not yet, or done already by a request whose answer was lost. The order says which.
                hasFinalized = false
                return pause(retryAfter: nil, limit: Self.issuingLimit, now)
            case "badCSR" where !hasRenewedKey, "badPublicKey" where !hasRenewedKey:
                hasRenewedKey = true
                return makeKey(again: true)
            default:
                return refuse(response, "the certificate was refused", now)
            }
        }
        do {
            let document = try Order(response.json("order"))
            return proceed(document, retryAfter: RetryAfter.seconds(response.retryAfter, now: now), now)
        } catch {
            // What follows is told by the order itself.
            return pause(retryAfter: nil, limit: Self.issuingLimit, now)
        }
    }

    mutating func download(_ document: Order) -> [IssuanceAction] {
        guard let url = document.certificate else {
            let words = "the authority's order is valid and does not say where its certificate is"
            return fail(AttemptProblem(.failed, words), orderIsDead: true)
        }
        state = .downloading
        return [signed(url)]
    }
}
