extension IssuanceStateMachine {
    mutating func handleAccount(_ event: IssuanceEvent, _ now: Int64) -> [IssuanceAction] {
        switch (state, event) {
        case (.directory, .answered(let response)): return takeDirectory(response, now)
        case (.registering(let again), .answered(let response)): return takeAccount(response, again: again, now)
        case (.keepingAccount, .done): return beginOrder(now)
        case (.droppingStale, .done): return makeKey()
        default: return takeFailure(event, doing: "the account", now)
        }
    }

    private mutating func takeDirectory(_ response: AuthorityResponse, _ now: Int64) -> [IssuanceAction] {
        guard response.status == 200 else { return refuse(response, "the directory was refused", now) }
        do {
            let directory = try Directory(response.json("directory"))
            self.directory = directory
            profile = try directory.profile(for: plan.identifiers, rule: plan.profile)
            // An authority without renewal information knows no `replaces` either (RFC 9773, 5).
            if directory.renewalInfo == nil { replaces = nil }
        } catch let problem as AttemptProblem {
            return fail(problem, orderIsDead: false)
        } catch {
            return fail(AttemptProblem(.failed, "\(error)"), orderIsDead: false)
        }
        return account == nil ? register(again: false) : beginOrder(now)
    }

    mutating func register(again: Bool) -> [IssuanceAction] {
        guard let directory else { return [] }
        guard !directory.needsExternalAccount || plan.authority.externalAccount != nil else {
            let words = "\(plan.authority.name) wants an account of yours: set acme.externalAccount to what it gave you"
            return fail(AttemptProblem(.dormant, type: "externalAccountRequired", words), orderIsDead: false)
        }
        state = .registering(again: again)
        let contact = plan.email.map { ["mailto:\($0)"] } ?? []
        return [
            .send(
                AuthorityRequest(.post, directory.newAccount, payload: .newAccount(contact: contact), signer: .jwk)
            )
        ]
    }

    private mutating func takeAccount(
        _ response: AuthorityResponse,
        again: Bool,
        _ now: Int64
    ) -> [IssuanceAction] {
        // 200 for a key that the authority knows already (RFC 8555, 7.3.1).
        guard response.status == 201 || response.status == 200 else {
            return refuse(response, "the account was refused", now)
        }
        guard let url = AuthorityURL.usable(response.location) else {
            let words = "the authority made an account without saying its URL (Location)"
            return fail(AttemptProblem(.failed, words), orderIsDead: false)
        }
        let record = AccountRecord(
            url: url,
            contact: plan.email.map { ["mailto:\($0)"] } ?? [],
            terms: directory?.terms,
            registeredAt: now,
            repairedAt: again ? now : plan.account?.repairedAt ?? 0
        )
        account = record
        state = .keepingAccount
        let terms = directory?.terms.map { [IssuanceAction.note(.terms($0))] } ?? []
        return terms + [.note(.registered(account: url, again: again)), .keepAccount(record)]
    }

    /// Registers the key again if the authority does not know it any more; nil if that has been tried.
    mutating func repairAccount(_ problem: AuthorityProblem, _ now: Int64) -> [IssuanceAction]? {
        guard problem.type == "accountDoesNotExist" || problem.type == "unauthorized", !hasRepairedAccount,
            now - (plan.account?.repairedAt ?? 0) >= Backoff.day, plan.account != nil
        else { return nil }
        hasRepairedAccount = true
        // The certificate is of an account that is no more.
        replaces = nil
        return register(again: true)
    }

    private mutating func beginOrder(_ now: Int64) -> [IssuanceAction] {
        guard let account else { return [] }
        guard let kept = plan.order, order == nil else { return makeKey() }
        guard plan.canResume(kept, account: account, now: now) else {
            state = .droppingStale
            return [.dropOrder]
        }
        order = kept
        isResumed = true
        return [.note(.resumed(order: kept.url))] + readOrder()
    }
}
