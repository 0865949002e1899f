extension LedgerStateMachine {
    /// So many rows are folded before their slot ends: what is kept in memory and replayed at a start stays small.
    static let rowLimit = 4000
    /// A view that nobody used for so long is dropped, in milliseconds.
    static let viewLife: Int64 = 90 * 86_400_000

    // MARK: Events

    package mutating func appended(now: LedgerTime) -> [LedgerAction] {
        begin(now)
        guard storage == .appending else { return end() }
        pending.written()
        committed = committing
        statistics.appends += 1
        recovered()
        keepPromises()
        return end()
    }

    package mutating func folded(now: LedgerTime) -> [LedgerAction] {
        begin(now)
        guard storage == .folding || storage == .restoring else { return end() }
        if storage == .restoring { committed = committing }
        accounts.endFold()
        statistics.folds += 1
        recovered()
        return end()
    }

    /// The same file is open again.
    ///
    /// - Parameters:
    ///   - durable: the last row that it has.
    ///   - folded: the last row that is folded in.
    package mutating func reopened(durable: Int64, folded: Int64, now: LedgerTime) -> [LedgerAction] {
        begin(now)
        guard storage == .reopening else { return end() }
        if durable >= known, !isFileUnknown {
            goOn(durable: durable, folded: folded)
        } else {
            // Rows that were in the file are not there any more.
            isFileUnknown = true
            storage = .behind(retry: now.boot)
        }
        return end()
    }

    /// A file is open that may be another one: an older copy, or a new one. What it lacks is written from memory.
    package mutating func reopened(_ image: LedgerImage, now: LedgerTime) -> [LedgerAction] {
        begin(now)
        guard storage == .reopening else { return end() }
        isFileUnknown = false
        let durable = image.journal.last?.sequence ?? image.folded
        if image.ledgerID == accounts.ledgerID, (known...accounts.sequence).contains(durable) {
            goOn(durable: durable, folded: image.folded)
        } else {
            restore(onto: image)
        }
        return end()
    }

    /// Appending, folding or opening failed. Figures stay as they are in memory.
    package mutating func storageFailed(_ failure: LedgerStorageFailure, now: LedgerTime) -> [LedgerAction] {
        begin(now)
        switch storage {
        case .idle, .behind, .closed: return end()
        case .closing:
            release()
            return end()
        case .appending, .folding, .reopening, .restoring: break
        }
        statistics.storageFailures += 1
        hasChanged = true
        if failure == .corrupt || storage == .restoring { isFileUnknown = true }
        if outage == nil {
            outage = Outage(began: now.boot)
            notice(.behind(failure))
        } else {
            outage?.attempts += 1
            notice(.stillBehind(failure, nextAttempt: outage?.pause ?? 0))
        }
        storage = .behind(retry: now.boot + (outage?.pause ?? 0))
        breakPromises()
        if phase == .writing { giveUp() }
        return end()
    }

    // MARK: Steps

    /// The last row that is known to be in the file.
    private var known: Int64 { pending.rows.first.map { $0.sequence - 1 } ?? accounts.sequence }

    private mutating func goOn(durable: Int64, folded: Int64) {
        pending.written(through: durable)
        if let fold = accounts.folding, folded >= fold.history.through {
            accounts.endFold()
        } else {
            accounts.abandonFold()
            foldedSlot = .min
        }
        storage = .idle
        isAppendDue = true
    }

    /// Uses the file for what is needed most, if nothing is under way.
    mutating func useStorage() {
        switch storage {
        case .appending, .folding, .reopening, .restoring, .closing, .closed: return
        case .behind(let retry):
            guard clock.boot >= retry || phase == .writing else { return }
            storage = .reopening
            act(.reopen(whole: isFileUnknown))
        case .idle:
            if isFoldDue { dropOldViews() }
            if !pending.isEmpty, isAppendDue || !durableWishes.isEmpty || isFoldDue || phase == .writing {
                storage = .appending
                isAppendDue = false
                committing = accounts.servers.mapValues(\.totals)
                act(.append(pending.fix()))
            } else if pending.isEmpty, isFoldDue {
                storage = .folding
                foldedSlot = slotNow
                act(.fold(accounts.beginFold(now: clock)))
            } else if phase == .writing {
                storage = .closing
                act(.close)
            }
        }
    }

    private var slotNow: Int64 { SlotSpread.floored(clock.wall, SlotSpread.slot) }

    /// A slot has ended and been read to its end, or there are many rows.
    private var isFoldDue: Bool {
        guard accounts.open.history.rows > 0, isClockTrusted else { return false }
        if phase == .writing || accounts.open.history.rows > Self.rowLimit { return true }
        guard slotNow != foldedSlot else { return false }
        let slot = SlotSpread.floored(accounts.servers[server]?.image.readAt ?? 0, SlotSpread.slot)
        // Where Hysteria cannot be read, waiting for it is useless.
        return slot == slotNow || clock.wall - slotNow * SlotSpread.slot > 3 * settings.period
    }

    private mutating func dropOldViews() {
        guard isAgeKnown else { return }
        for view in accounts.views.values.sorted(by: { $0.id < $1.id })
        where view.lastUsed + Self.viewLife < clock.wall && view.clears.undecided == nil {
            record(.viewGone(view.id))
        }
    }

    private mutating func restore(onto image: LedgerImage) {
        let began = image.journal.last?.time.wall ?? image.servers.first { $0.id == server }?.readAt ?? clock.wall
        let gap = LedgerGap(server: server, began: min(began, clock.wall), ended: clock.wall, cause: .lost)
        note(gap)
        notice(.replaced(gap))
        // The fold has all that the rows which were not written yet did.
        pending = PendingRows()
        committing = accounts.servers.mapValues(\.totals)
        storage = .restoring
        act(.fold(accounts.beginFold(onto: image, lost: gap, now: clock)))
    }

    private mutating func recovered() {
        storage = .idle
        hasChanged = true
        guard let ended = outage else { return }
        outage = nil
        notice(.durable(after: clock.boot - ended.began, rows: accounts.open.history.rows))
    }

    // MARK: Promises

    /// Answers as soon as all rows up to now are in the file.
    mutating func promise(_ waiter: WaiterID, _ promise: DurableWish.Promise) {
        let wish = DurableWish(waiter: waiter, sequence: accounts.sequence, promise: promise)
        // While nothing can be written, what is committed stands still, and says so.
        if pending.isEmpty || !isDurable { answer(waiter, wish.answer) } else { durableWishes.append(wish) }
    }

    private mutating func keepPromises() {
        let durable = known
        for wish in durableWishes where wish.sequence <= durable { answer(wish.waiter, wish.answer) }
        durableWishes.removeAll { $0.sequence <= durable }
    }

    private mutating func breakPromises() {
        let wishes = durableWishes
        durableWishes = []
        for wish in wishes {
            switch wish.promise {
            case .committed: answer(wish.waiter, .fresh)
            case .given, .offered: answer(wish.waiter, .unavailable)
            case .cleared(let clear, _):
                answer(wish.waiter, .unavailable)
                // Its row may be in the file. Whoever replays it finds this row behind it.
                decide(clear, .returned)
            }
        }
        for wish in clears.abandon() { answer(wish.waiter, .unavailable) }
    }
}
