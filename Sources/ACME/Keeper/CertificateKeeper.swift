/// Keeps certificates: feeds a state machine for each with time, and does what they say. The one entry to this target.
///
/// Everything is done one after another, the most urgent first. An authority is asked by one at a time, and what takes long is left and
/// looked at again, so that no certificate waits long for another.
package actor CertificateKeeper {
    struct Kept {
        var machine: RenewalStateMachine
        /// Histories that could not be written: what is on disk is older.
        var unsaved: Set<Int> = []
    }

    let environment: KeeperEnvironment
    var settings: ACMESettings
    var store: any KeeperStore
    var proofs: any ProofPresenter
    var kept: [Kept] = []
    /// Settings that wait for the end of an attempt.
    private(set) var pending: ACMESettings?
    /// Which authorities another process was found working for, so that it is told once.
    var busy: Set<String> = []
    private var isWoken = false
    private var isResting = false
    /// The pause under way, between attempts or within one.
    private var sleeper: Task<Void, Never>?

    package init(_ settings: ACMESettings, environment: KeeperEnvironment) {
        self.settings = settings
        self.environment = environment
        store = environment.makeStore(settings)
        proofs = environment.makeProofs(settings)
    }

    /// Works until the task is cancelled. What is under way then is kept, and gone on with after the next start.
    package func run() async {
        await configure(settings)
        while !Task.isCancelled {
            if let next = pending {
                pending = nil
                await configure(next)
            }
            await work()
            await rest()
        }
    }

    /// Takes other settings: an attempt under way ends, and begins anew with them.
    package func apply(_ settings: ACMESettings) {
        guard settings != self.settings || pending != nil else { return }
        pending = settings
        isWoken = true
        sleeper?.cancel()
    }

    /// Tries those again that wait after a failure; all of them if none is named. With force, orders whether one is needed or not.
    package func demand(_ names: [Identifier] = [], force: Bool = false) {
        var generator = environment.generator
        for index in kept.indices
        where names.isEmpty || !Set(names).isDisjoint(with: kept[index].machine.identifiers) {
            _ = kept[index].machine.handle(.demanded(force: force), now: environment.clock.now(), using: &generator)
        }
        wake()
    }

    /// How it stands with each certificate, in the order of the settings.
    package var status: [CertificateStatus] {
        let now = environment.clock.now()
        return kept.map { $0.machine.status(now: now) }
    }

    /// The certificate in use for these names, of all authorities of the settings: the newest.
    package static func newest(
        for identifiers: [Identifier],
        of authorities: [AuthoritySettings],
        in store: any KeeperStore
    ) async -> (place: StorePlace, record: CertificateRecord)? {
        var newest: (place: StorePlace, record: CertificateRecord)?
        for authority in authorities {
            let place = StorePlace(authority, identifiers)
            // A certificate says where it is from: one in the wrong folder is not believed.
            guard let record = await store.certificate(in: place), record.authority == authority.directory,
                record.issuedAt > newest?.record.issuedAt ?? .min
            else { continue }
            newest = (place, record)
        }
        return newest
    }

    // MARK: Time

    /// Until something may be due, or somebody calls.
    private func rest() async {
        guard !isWoken, pending == nil else {
            isWoken = false
            return
        }
        var generator = environment.generator
        let seconds = Int64.random(in: environment.tick, using: &generator)
        isResting = true
        await pause(seconds)
        isResting = false
        isWoken = false
    }

    /// The pause of an attempt; other settings end it.
    func pauseAttempt(_ seconds: Int64) async {
        guard pending == nil else { return }
        await pause(seconds)
    }

    private func pause(_ seconds: Int64) async {
        let clock = environment.clock
        let task = Task { await clock.sleep(seconds) }
        sleeper = task
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        sleeper = nil
    }

    private func wake() {
        isWoken = true
        // The pauses of an attempt are the authority's.
        if isResting { sleeper?.cancel() }
    }

    /// Whether an attempt has to end.
    var mustStop: Bool { Task.isCancelled || pending != nil }

    // MARK: Settings

    func configure(_ settings: ACMESettings) async {
        self.settings = settings
        store = environment.makeStore(settings)
        proofs = environment.makeProofs(settings)
        let fingerprint = settings.fingerprint
        kept = settings.certificates.map { identifiers in
            Kept(
                machine: RenewalStateMachine(
                    identifiers: identifiers,
                    authorities: settings.authorities,
                    fingerprint: fingerprint
                )
            )
        }
        for index in kept.indices { await load(index) }
    }

    /// Reads what is kept of a certificate: at the start, and before anything is done, since another process may have been faster.
    func load(_ index: Int) async {
        let identifiers = kept[index].machine.identifiers
        let newest = await Self.newest(for: identifiers, of: settings.authorities, in: store)
        var histories: [AttemptHistory?] = []
        for (place, authority) in settings.authorities.enumerated() {
            guard !kept[index].unsaved.contains(place) else {
                histories.append(kept[index].machine.histories[place])
                continue
            }
            histories.append(await store.attempts(in: StorePlace(authority, identifiers)))
        }
        var generator = environment.generator
        _ = kept[index].machine.handle(
            .loaded(newest?.record, histories: histories),
            now: environment.clock.now(),
            using: &generator
        )
    }
}

extension ACMESettings {
    /// Of what decides whether an attempt works: a failure with other settings is no reason to wait. Nothing secret is in it.
    var fingerprint: String {
        var parts = [email ?? "", dns?.command ?? ""]
        if case .named(let name) = profile { parts.append(name) }
        parts += proofKinds.map(\.rawValue)
        for authority in authorities {
            parts += [authority.directory, authority.trust ?? "", authority.externalAccount?.id ?? ""]
        }
        return String(KeyAuthorization.recordValue(of: parts.joined(separator: "\u{0}")).prefix(16))
    }
}
