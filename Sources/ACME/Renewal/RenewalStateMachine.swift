/// The life of one certificate: absent, ordered, in use, renewed. No I/O, no clock, and randomness is passed in.
///
/// There is no way from a caller's request into it: orders come from time, and from the operator.
package struct RenewalStateMachine: Sendable {
    package enum Event: Sendable {
        /// What the store has: at the start, after another process may have written, after a change of the settings.
        case loaded(CertificateRecord?, histories: [AttemptHistory?])
        /// Time has passed.
        case tick
        /// What became of the attempt that was wanted.
        case ended(AttemptOutcome)
        /// What the authority says about the renewal of this certificate.
        case renewalInfo(certID: String, RenewalAnswer)
        /// The authority does not take an order that replaces this certificate.
        case replacesRefused(certID: String)
        /// The operator wants an attempt now; with force, whatever the brake says, and whether one is needed or not.
        case demanded(force: Bool)
    }

    package enum RenewalAnswer: Sendable {
        case window(RenewalWindow, retryAfter: Int64?)
        /// The authority knows no renewal information.
        case unknown
        case failed(String, retryAfter: Int64?)
    }

    package enum Action: Hashable, Sendable {
        /// Begin an attempt; `ended` follows.
        case order(OrderIntent)
        /// Ask about renewal; `renewalInfo` follows.
        case askRenewalInfo(authority: Int, certID: String)
        case keepHistory(AttemptHistory, authority: Int)
        case keepCertificate(CertificateRecord, authority: Int)
        case event(ACMEEvent)
    }

    /// What an attempt is to be.
    package struct OrderIntent: Hashable, Sendable {
        /// The place of the authority in the settings.
        package let authority: Int
        package let proofTurn: Int
        /// What it replaces, if the account is still the one of the certificate.
        package let replaces: String?
    }

    private enum Activity {
        /// → ordering, asking
        case none
        /// An attempt at an authority; and when its history would have allowed it again. → none
        case ordering(Int, before: Int64)
        /// → none
        case asking
    }

    private enum Demand { case attempt, force }

    package let identifiers: [Identifier]
    package let authorities: [AuthoritySettings]
    package private(set) var record: CertificateRecord?
    package private(set) var histories: [AttemptHistory]
    private var activity = Activity.none
    private var demand: Demand?
    private let fingerprint: String

    /// - Parameter fingerprint: Of the settings: what failed with others may work with these.
    package init(identifiers: [Identifier], authorities: [AuthoritySettings], fingerprint: String = "") {
        precondition(!authorities.isEmpty, "a certificate without an authority")
        self.identifiers = identifiers
        self.authorities = authorities
        self.fingerprint = fingerprint
        histories = authorities.map { _ in AttemptHistory(identifiers: identifiers, settings: fingerprint) }
    }

    /// Says what to do after an event.
    package mutating func handle(
        _ event: Event,
        now: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        switch event {
        case .loaded(let record, let histories): return load(record, histories, now)
        case .tick: return tick(now)
        case .ended(let outcome): return end(outcome, now, &generator)
        case .renewalInfo(let certID, let answer): return take(answer, certID, now, &generator)
        case .replacesRefused(let certID): return refuseReplacing(certID)
        case .demanded(let force):
            demand = force || demand == .force ? .force : .attempt
            return []
        }
    }
}

// MARK: Time

extension RenewalStateMachine {
    private mutating func load(_ record: CertificateRecord?, _ kept: [AttemptHistory?], _ now: Int64) -> [Action] {
        self.record = record
        for (index, history) in kept.enumerated() where histories.indices.contains(index) {
            // What happened to other names says nothing of these.
            guard let history, Set(history.identifiers) == Set(identifiers) else { continue }
            histories[index] = history.believable(now: now)
            guard history.settings != fingerprint else { continue }
            histories[index].forgetFailures()
            histories[index].settings = fingerprint
        }
        return []
    }

    private mutating func tick(_ now: Int64) -> [Action] {
        guard case .none = activity else { return [] }
        guard isDue(now) || demand == .force else { return ask(now) }
        let index = authority(now)
        guard now >= earliest(index, now) else { return [] }
        activity = .ordering(index, before: histories[index].next)
        demand = nil
        // A process that dies of it does not come back at once, again and again.
        histories[index].next = now + Backoff.minute
        let intent = OrderIntent(
            authority: index,
            proofTurn: histories[index].proofTurn,
            replaces: replaces(index)
        )
        return [
            .keepHistory(histories[index], authority: index),
            .event(.ordering(name(index), replaces: intent.replaces)),
            .order(intent),
        ]
    }

    /// Whether there is no certificate for exactly these, or one whose time has come.
    package func isDue(_ now: Int64) -> Bool {
        guard let record, Set(record.identifiers) == Set(identifiers) else { return true }
        return now >= RenewalSchedule.renewal(of: record)
    }

    /// When an attempt at an authority may begin.
    private func earliest(_ index: Int, _ now: Int64) -> Int64 {
        let history = histories[index]
        guard demand != .force else { return 0 }
        var issued = histories.flatMap(\.issued)
        if let record, Set(record.identifiers) == Set(identifiers), !issued.contains(record.issuedAt) {
            issued.append(record.issuedAt)
        }
        let lifetime = record.map { RenewalSchedule.lifetime(of: $0.certificate) }
        let brake = IssuanceBrake.earliest(after: issued.filter { $0 <= now }.sorted(), lifetime: lifetime)
        let held = max(brake, history.limitedUntil)
        guard demand == nil else {
            return max(held, (history.validationFailedAt ?? -Backoff.day) + Backoff.afterValidation)
        }
        return max(held, history.next, Backoff.earliest(after: history.failedAt))
    }

    /// The first authority that has not failed us; if all have, the one whose time comes first.
    private func authority(_ now: Int64) -> Int {
        if let index = histories.indices.first(where: { !isGivenUp($0, now) }) { return index }
        return histories.indices.min { earliest($0, now) < earliest($1, now) } ?? 0
    }

    private func isGivenUp(_ index: Int, _ now: Int64) -> Bool {
        let history = histories[index]
        let left = max(record.map { $0.certificate.notAfter - now } ?? 0, Backoff.hour)
        return history.isDormant || history.authorityFailures >= 3 || history.limitedUntil - now > left / 4 * 3
    }

    /// What a new certificate replaces: one of the same authority, with a name in common, unless that was refused (RFC 9773, 5).
    private func replaces(_ index: Int) -> String? {
        guard let record, record.authority == authorities[index].directory, !record.replacesRefused,
            !Set(record.identifiers).isDisjoint(with: identifiers)
        else { return nil }
        return record.certificate.certID
    }

    private func name(_ index: Int) -> CertificateName {
        CertificateName(identifiers, authority: authorities[index].name)
    }
}

// MARK: What became of an attempt

extension RenewalStateMachine {
    private mutating func end(
        _ outcome: AttemptOutcome,
        _ now: Int64,
        _ generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard case .ordering(let index, let before) = activity else { return [] }
        activity = .none
        switch outcome {
        case .obtained(let record):
            self.record = record
            for other in histories.indices { histories[other].forgetFailures() }
            histories[index].issued = IssuanceBrake.kept(histories[index].issued + [now])
            return histories.indices.map { .keepHistory(histories[$0], authority: $0) }
                + [.event(.obtained(name(index), record, renews: RenewalSchedule.renewal(of: record)))]
        case .left(let since):
            histories[index].next = now + 5 * Backoff.minute
            // Hours: another authority is faster.
            if now - since > Backoff.hour {
                histories[index].authorityFailures = max(3, histories[index].authorityFailures)
            }
            return [
                .keepHistory(histories[index], authority: index),
                .event(.left(name(index), next: histories[index].next)),
            ]
        case .failed(let problem):
            return fail(problem, index, now, &generator)
        case .stopped:
            histories[index].next = before
            return [.keepHistory(histories[index], authority: index)]
        }
    }

    private mutating func fail(
        _ problem: AttemptProblem,
        _ index: Int,
        _ now: Int64,
        _ generator: inout some RandomNumberGenerator
    ) -> [Action] {
        let certificate = record?.certificate
        let isUrgent = certificate.map { RenewalSchedule.isUrgent($0, now: now) } ?? false
        let hurries = isUrgent || certificate.map(RenewalSchedule.isShort) ?? false
        let isRepeated = histories[index].problem == problem.words
        histories[index].take(problem, now: now, hurries: hurries, using: &generator)
        return [
            .keepHistory(histories[index], authority: index),
            .event(
                .refused(
                    name(index),
                    problem,
                    failures: histories[index].failures,
                    next: histories[index].next,
                    expires: certificate?.notAfter,
                    isUrgent: isUrgent,
                    isRepeated: isRepeated
                )
            ),
        ]
    }

    private mutating func refuseReplacing(_ certID: String) -> [Action] {
        guard var record, record.certificate.certID == certID, let index = recordAuthority else { return [] }
        record.replacesRefused = true
        self.record = record
        return [.keepCertificate(record, authority: index)]
    }
}

// MARK: Renewal information

extension RenewalStateMachine {
    private var recordAuthority: Int? {
        record.flatMap { record in authorities.firstIndex { $0.directory == record.authority } }
    }

    /// Asks whether the time for renewal has changed: never of a certificate that has ended (RFC 9773, 4.3).
    private mutating func ask(_ now: Int64) -> [Action] {
        guard let record, let certID = record.certificate.certID, let index = recordAuthority,
            now >= record.askAt || record.askAt > now + Backoff.day, now < record.certificate.notAfter
        else { return [] }
        activity = .asking
        return [.askRenewalInfo(authority: index, certID: certID)]
    }

    private mutating func take(
        _ answer: RenewalAnswer,
        _ certID: String,
        _ now: Int64,
        _ generator: inout some RandomNumberGenerator
    ) -> [Action] {
        if case .asking = activity { activity = .none }
        // A window belongs to a certificate, not to a name.
        guard var record, record.certificate.certID == certID, let index = recordAuthority else { return [] }
        var events: [Action] = []
        switch answer {
        case .window(let window, let retryAfter):
            let kept = RenewalSchedule.renewal(in: window, kept: record.renewal, using: &generator)
            if kept != record.renewal { events.append(.event(.window(name(index), kept))) }
            record.renewal = kept
            record.askAt = RenewalSchedule.ask(retryAfter: retryAfter, now: now, using: &generator)
        case .unknown:
            record.renewal = nil
            record.askAt = RenewalSchedule.ask(retryAfter: nil, now: now, using: &generator)
        case .failed(let words, let retryAfter):
            record.askAt = RenewalSchedule.ask(retryAfter: retryAfter, now: now, using: &generator)
            events.append(.event(.noRenewalInfo(name(index), words: words)))
        }
        self.record = record
        return [.keepCertificate(record, authority: index)] + events
    }
}

// MARK: For people

extension RenewalStateMachine {
    package func status(now: Int64) -> CertificateStatus {
        let index = authority(now)
        let history = histories[index]
        let isDue = isDue(now)
        let isOrdering = if case .ordering = activity { true } else { false }
        let state: CertificateStatus.State =
            if isOrdering { .ordering } else if history.isDormant, isDue {
                .dormant
            } else if history.failures > 0, isDue {
                .waiting
            } else if record != nil, !isDue { .valid } else { .absent }
        let renews = record.map(RenewalSchedule.renewal)
        let next = isDue ? max(now, earliest(index, now)) : renews
        return CertificateStatus(
            identifiers: identifiers,
            state: state,
            authority: recordAuthority.map { authorities[$0] } ?? authorities[index],
            certificate: record,
            place: recordAuthority.map { StorePlace(authorities[$0], identifiers) },
            renews: renews,
            failures: histories.map(\.failures).max() ?? 0,
            nextAttempt: next,
            problem: history.problem
        )
    }
}
