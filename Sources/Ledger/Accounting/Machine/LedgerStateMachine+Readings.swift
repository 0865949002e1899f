extension LedgerStateMachine {
    /// Hysteria's counters have arrived.
    package mutating func readingArrived(
        _ reading: LedgerReading,
        from source: ReadingSource,
        now: LedgerTime
    ) -> [LedgerAction] {
        begin(now)
        guard readings.isUnderWay else { return end() }
        do {
            let meaning = try accounts.meaning(
                of: reading,
                from: source,
                after: last,
                server: server,
                settings: settings,
                now: now
            )
            take(meaning)
        } catch {
            statistics.refusedReadings += 1
            notice(.refused(error))
            readingEnded(succeeded: false)
            return end()
        }
        readingEnded(succeeded: true)
        return end()
    }

    /// Hysteria did not answer. What was known stays, and nothing is lost.
    package mutating func readingFailed(now: LedgerTime) -> [LedgerAction] {
        begin(now)
        guard readings.isUnderWay else { return end() }
        statistics.failedReadings += 1
        readingEnded(succeeded: false)
        return end()
    }

    /// Hysteria is asked at another address from now on: neither connection nor mark prove anything.
    package mutating func upstreamChanged() { last = nil }

    private mutating func take(_ meaning: LedgerAccounts.Meaning) {
        if !meaning.users.isEmpty {
            record(.users(meaning.users))
            accounts.order.settle(accounts.names)
        }
        record(.reading(meaning.reading))
        last = meaning.last
        statistics.readings += 1
        if closesViews { closeViews() }
        if meaning.isFull { noticeFull() }
        if meaning.reading.kind == .assumedDifference {
            statistics.assumedDifferences += 1
            notice(.assumed(server: server))
        }
        guard let gap = meaning.reading.gap else { return }
        note(gap)
        if gap.cause != .unread { notice(.emptied(gap)) }
    }

    private mutating func readingEnded(succeeded: Bool) {
        let isPeriodic = readings.isPeriodic
        let wishes = readings.end(succeeded: succeeded, period: settings.period, now: clock)
        if isPeriodic, succeeded { isAppendDue = true }
        for wish in wishes {
            if succeeded { grant(wish) } else { answer(wish.waiter, .readingFailed) }
        }
        if phase == .ending { writeAll() }
    }

    private mutating func grant(_ wish: ReadingWish) {
        switch wish {
        case .figures(let waiter): answer(waiter, .fresh)
        case .committed(let waiter): promise(waiter, .committed)
        case .view(let waiter, let name):
            accounts.touch(view(named: name), at: clock.wall)
            answer(waiter, .fresh)
        case .clear(let wish): grant(wish)
        case .since(let wish): grant(wish)
        }
    }
}
