extension CertificateKeeper {
    /// What an attempt works with.
    private struct Tools {
        var lane: AuthorityLane
        let account: AccountKey
        let place: StorePlace
        let authority: Int
        let index: Int
        /// Of the order under way.
        var key: [UInt8]?
        var shown: [Proof] = []
        /// Who asked for proofs that were taken back.
        var askers: [String] = []
    }

    /// Makes one attempt, from its plan to its outcome.
    func attempt(_ intent: RenewalStateMachine.OrderIntent, _ index: Int) async -> AttemptOutcome {
        let place = place(intent.authority, index)
        var account: StoredAccount
        var tools: Tools
        do {
            account = try await storedAccount(place.authority)
            tools = Tools(
                lane: AuthorityLane(place.authority, environment),
                account: try AccountKey(pem: account.key),
                place: place,
                authority: intent.authority,
                index: index,
                key: await store.orderKey(in: place)
            )
        } catch {
            return .failed(AttemptProblem(.failed, "\(error)"))
        }
        let record = kept[index].machine.record
        var plan = IssuancePlan(
            authority: place.authority,
            identifiers: place.identifiers,
            email: settings.email,
            profile: settings.profile,
            proofKinds: settings.proofKinds,
            proofTurn: intent.proofTurn,
            // Of another account, it would be refused.
            replaces: record?.account == account.record?.url ? intent.replaces : nil,
            account: account.record,
            thumbprint: tools.account.thumbprint
        )
        // Without its key, an order is worth nothing.
        if tools.key != nil { plan.order = await store.order(in: place) }
        plan.certificateIssuedAt = record?.issuedAt ?? 0
        return await drive(IssuanceStateMachine(plan), &tools)
    }

    /// The account of an authority; with a new key, if it has none yet.
    private func storedAccount(_ authority: AuthoritySettings) async throws -> StoredAccount {
        if let account = try await store.account(of: authority) { return account }
        let account = StoredAccount(key: try AccountKey().pem(), record: nil)
        try await store.keep(account, of: authority)
        return account
    }

    private func drive(_ machine: consuming IssuanceStateMachine, _ tools: inout Tools) async -> AttemptOutcome {
        var event = IssuanceEvent.start
        while true {
            let actions = machine.handle(event, now: environment.clock.now())
            // A machine always says what it waits for.
            event = .failed("the attempt stood still")
            for action in actions {
                if case .finish(let outcome) = action { return await finish(outcome, tools) }
                // What an answer brought is kept before anything ends: the URL of an order is in no other place.
                event = mustStop && Self.takesLong(action) ? .stopping : await perform(action, &tools)
            }
        }
    }

    private static func takesLong(_ action: IssuanceAction) -> Bool {
        switch action {
        case .send, .wait, .show: true
        case .keepAccount, .makeKey, .keepOrder, .install, .dropOrder, .finish, .hide, .note: false
        }
    }

    private func finish(_ outcome: AttemptOutcome, _ tools: Tools) async -> AttemptOutcome {
        switch outcome {
        // With other settings, these proofs may never be wanted again. When the process ends, the next one shows them.
        case .stopped where !Task.isCancelled:
            await proofs.hide(tools.shown)
            return outcome
        case .failed(let problem) where problem.consequence == .validation && !tools.askers.isEmpty:
            let words = problem.words + " — " + tools.askers.prefix(5).joined(separator: "; ")
            return .failed(AttemptProblem(problem.consequence, type: problem.type, words))
        default: return outcome
        }
    }

    private func perform(_ action: IssuanceAction, _ tools: inout Tools) async -> IssuanceEvent {
        do {
            switch action {
            case .send(let request): return await send(request, &tools)
            case .wait(let seconds): await pauseAttempt(seconds)
            case .keepAccount(let record):
                try await store.keep(
                    StoredAccount(key: tools.account.pem(), record: record),
                    of: tools.place.authority
                )
            case .makeKey:
                let key = try environment.tools.newKey()
                try await store.keepOrderKey(key, in: tools.place)
                tools.key = key
            case .keepOrder(let record): try await store.keep(record, in: tools.place)
            case .dropOrder:
                try await store.dropOrder(in: tools.place)
                tools.key = nil
            case .show(let proofs):
                try await self.proofs.show(proofs)
                tools.shown = proofs
            case .hide(let proofs):
                for proof in proofs { tools.askers.append("\(proof): \(await self.proofs.askers(of: proof))") }
                await self.proofs.hide(proofs)
                tools.shown = []
            case .install(let chain, let account): return try await install(chain, account, tools)
            case .note(let note): await take(note, tools)
            case .finish: break
            }
            return .done
        } catch {
            return .failed("\(error)")
        }
    }

    private func send(_ request: AuthorityRequest, _ tools: inout Tools) async -> IssuanceEvent {
        do {
            var signingRequest: [UInt8] = []
            if case .signingRequest = request.payload, let key = tools.key {
                signingRequest = try environment.tools.signingRequest(for: tools.place.identifiers, key: key)
            }
            return .answered(try await tools.lane.send(request, key: tools.account, signingRequest: signingRequest))
        } catch let error as AuthorityTransportError {
            return .unanswered(error)
        } catch {
            return .failed("\(error)")
        }
    }

    private func install(_ chain: [UInt8], _ account: String, _ tools: Tools) async throws -> IssuanceEvent {
        guard let key = tools.key else { return .refused("its key is not there") }
        let now = environment.clock.now()
        let certificate: IssuedCertificate
        do {
            certificate = try environment.tools.inspect(chain, key: key, identifiers: tools.place.identifiers, now: now)
        } catch {
            return .refused("\(error)")
        }
        let record = CertificateRecord(
            identifiers: tools.place.identifiers,
            authority: tools.place.authority.directory,
            account: account,
            certificate: certificate,
            issuedAt: now
        )
        try await store.install(chain: chain, key: key, record: record, in: tools.place)
        return .installed(record)
    }

    private func take(_ note: IssuanceNote, _ tools: Tools) async {
        environment.onEvent(.note(name(tools.authority, tools.index), note))
        guard case .replacesRefused(let certID, _) = note else { return }
        for action in handle(.replacesRefused(certID: certID), tools.index) {
            guard case .keepCertificate(let record, let authority) = action else { continue }
            await keep(record, authority, tools.index)
        }
    }
}
