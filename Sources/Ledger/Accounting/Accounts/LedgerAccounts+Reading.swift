extension LedgerAccounts {
    /// What a process remembers of its last reading, beyond what is in the journal.
    struct LastReading: Sendable {
        var connection: UInt64
        /// What each user without a place showed.
        var strangers: Strangers
    }

    /// What a reading means.
    struct Meaning: Sendable {
        var users: [NewUser]
        var reading: AppliedReading
        /// To be remembered.
        var last: LastReading
        /// Whether somebody found no place.
        var isFull: Bool
    }

    /// Finds out what a reading means, and changes nothing.
    ///
    /// - Parameter last: nil if this process has read nothing yet, or from another address.
    func meaning(
        of reading: LedgerReading,
        from source: ReadingSource,
        after last: LastReading?,
        server id: ServerID,
        settings: LedgerSettings,
        now: LedgerTime
    ) throws(MalformedReadingError) -> Meaning {
        guard let server = servers[id] else { preconditionFailure("the server that is read is in the file") }
        var gathered = try GatheredReading(reading, names: names)
        // With nothing in the sum, nobody is in it: that is as good as having seen each of them.
        let strangers = last?.strangers ?? (server.raw.of(0).isZero ? Strangers() : nil)
        let isFirst = server.lastReading == nil
        let comparison = isFirst ? nil : try gathered.comparison(raw: server.raw, lastStrangers: strangers)
        let decision = ReadingRules.decide(
            comparison,
            ReadingRules.Evidence(
                isSameConnection: last?.connection == source.connection,
                lastMark: server.image.mark,
                mark: source.mark,
                isOwnMachine: source.isOwnMachine
            )
        )
        let startsAnew = decision.kind == .anew || isFirst
        var room = max(0, settings.userLimit - userCount)
        if !startsAnew, strangers == nil { room = 0 }
        let users = gathered.givePlaces(room: room, without: startsAnew ? nil : strangers, first: nextUser)
        let amounts = try gathered.amounts(since: startsAnew ? [] : server.raw)
        // A mark that could not be read says nothing against a process that is known to be the same.
        let mark = source.mark.isEmpty && decision == .difference ? server.image.mark : source.mark
        let gap = gap(decision, server, settings, now)
        let applied = AppliedReading(server: id, kind: decision.kind, amounts: amounts, mark: mark, gap: gap)
        let remembered = LastReading(connection: source.connection, strangers: gathered.strangers)
        return Meaning(users: users, reading: applied, last: remembered, isFull: !gathered.strangers.isEmpty)
    }

    private func gap(
        _ decision: ReadingRules.Decision,
        _ server: ServerAccount,
        _ settings: LedgerSettings,
        _ now: LedgerTime
    ) -> LedgerGap? {
        guard let last = server.lastReading else { return nil }
        let length = now.since(last)
        let cause: LedgerGap.Cause
        switch decision {
        case .opening: return nil
        case .anew(let why): cause = why
        case .difference, .assumedDifference:
            guard length > 3 * settings.period else { return nil }
            cause = .unread
        }
        return LedgerGap(server: server.image.id, began: now.wall - length, ended: now.wall, cause: cause)
    }
}

extension ReadingRules.Decision {
    var kind: AppliedReading.Kind {
        switch self {
        case .opening: .opening
        case .difference: .difference
        case .assumedDifference: .assumedDifference
        case .anew: .anew
        }
    }
}

extension GatheredReading {
    /// What each user shows more than before, in the order of their ids.
    func amounts(since raw: [Traffic]) throws(MalformedReadingError) -> [AmountOfUser] {
        var amounts: [AmountOfUser] = []
        let others = try strangersTogether().minus(raw.of(0))
        if !others.isZero { amounts.append(AmountOfUser(.others, others)) }
        for number in known.indices.dropFirst() {
            let more = known[number].minus(raw.of(number))
            if !more.isZero { amounts.append(AmountOfUser(UserID(Int64(number)), more)) }
        }
        return amounts
    }
}
