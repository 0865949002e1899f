extension CertificateKeeper {
    /// Does what is due, the certificate that ends first before the others.
    func work() async {
        let order = kept.indices.sorted { left, right in
            let ends = [left, right].map { kept[$0].machine.record?.certificate.notAfter ?? .min }
            return ends[0] < ends[1]
        }
        for index in order where !mustStop { await work(on: index) }
    }

    private func work(on index: Int) async {
        guard let authority = wanted(index) else { return }
        guard await lock(authority) else { return }
        // What another process has done in the meantime is done.
        await load(index)
        if wanted(index) == authority { await perform(handle(.tick, index), index) }
        await store.unlock(authority)
    }

    /// The authority that something would be asked of now: a value can be tried out.
    private func wanted(_ index: Int) -> AuthoritySettings? {
        var trial = kept[index].machine
        var generator = environment.generator
        for action in trial.handle(.tick, now: environment.clock.now(), using: &generator) {
            switch action {
            case .order(let intent): return settings.authorities[intent.authority]
            case .askRenewalInfo(let authority, _): return settings.authorities[authority]
            default: continue
            }
        }
        return nil
    }

    private func lock(_ authority: AuthoritySettings) async -> Bool {
        do {
            let isOurs = try await store.lock(authority)
            if isOurs {
                busy.remove(authority.directory)
            } else if busy.insert(authority.directory).inserted {
                environment.onEvent(.busy(authority: authority.name))
            }
            return isOurs
        } catch {
            // Said once, like a failure of what cannot be written: nothing is ordered.
            if busy.insert(authority.directory).inserted {
                environment.onEvent(.storeFailed(CertificateName([], authority: authority.name), words: "\(error)"))
            }
            return false
        }
    }

    func handle(_ event: RenewalStateMachine.Event, _ index: Int) -> [RenewalStateMachine.Action] {
        var generator = environment.generator
        return kept[index].machine.handle(event, now: environment.clock.now(), using: &generator)
    }

    /// Does what a machine says, and what it says to the result.
    private func perform(_ actions: [RenewalStateMachine.Action], _ index: Int) async {
        var storeProblem: String?
        for action in actions {
            switch action {
            case .event(let event): environment.onEvent(event)
            case .keepHistory(let history, let authority):
                storeProblem = await keep(history, authority, index) ?? storeProblem
            case .keepCertificate(let record, let authority): await keep(record, authority, index)
            case .askRenewalInfo(let authority, let certID):
                let answer = await askRenewalInfo(settings.authorities[authority], certID)
                // Not an answer, but the end of the process.
                guard !mustStop else { return }
                await perform(handle(.renewalInfo(certID: certID, answer), index), index)
            case .order(let intent):
                // What could not be remembered is not begun: it would be begun again and again.
                let outcome: AttemptOutcome =
                    if let storeProblem {
                        .failed(AttemptProblem(.failed, storeProblem))
                    } else {
                        await attempt(intent, index)
                    }
                await perform(handle(.ended(outcome), index), index)
            }
        }
    }

    /// Returns what is wrong, if it could not be written.
    private func keep(_ history: AttemptHistory, _ authority: Int, _ index: Int) async -> String? {
        do {
            try await store.keep(history, in: place(authority, index))
            kept[index].unsaved.remove(authority)
            return nil
        } catch {
            kept[index].unsaved.insert(authority)
            environment.onEvent(.storeFailed(name(authority, index), words: "\(error)"))
            return "\(error)"
        }
    }

    func keep(_ record: CertificateRecord, _ authority: Int, _ index: Int) async {
        do {
            try await store.keep(record, in: place(authority, index))
        } catch {
            environment.onEvent(.storeFailed(name(authority, index), words: "\(error)"))
        }
    }

    func place(_ authority: Int, _ index: Int) -> StorePlace {
        StorePlace(settings.authorities[authority], kept[index].machine.identifiers)
    }

    func name(_ authority: Int, _ index: Int) -> CertificateName {
        CertificateName(kept[index].machine.identifiers, authority: settings.authorities[authority].name)
    }

    // MARK: Renewal information

    private func askRenewalInfo(
        _ authority: AuthoritySettings,
        _ certID: String
    ) async -> RenewalStateMachine.RenewalAnswer {
        var lane = AuthorityLane(authority, environment)
        do {
            let found = try await lane.send(AuthorityRequest(.get, authority.directory), key: nil)
            guard found.status == 200 else { return failed(found, "the directory was refused") }
            let directory = try Directory(found.json("directory"))
            guard let url = directory.renewalInfo(of: certID) else { return .unknown }
            let answer = try await lane.send(AuthorityRequest(.get, url), key: nil)
            guard answer.status == 200 else { return failed(answer, "renewal information was refused") }
            let window = try RenewalInfo.window(answer.json("renewal information"))
            return .window(
                window,
                retryAfter: RetryAfter.seconds(answer.retryAfter, now: environment.clock.now())
            )
        } catch {
            return .failed("\(error)", retryAfter: nil)
        }
    }

    private func failed(_ response: AuthorityResponse, _ what: String) -> RenewalStateMachine.RenewalAnswer {
        .failed(
            "\(what): \(AuthorityProblem(response).words)",
            retryAfter: RetryAfter.seconds(response.retryAfter, now: environment.clock.now())
        )
    }
}
