/// Decides what the ledger does: when it reads, what a reading means, what is written when, who is answered what.
///
/// It does no I/O and has no clock: each event is a method that is told the time and returns what is to be done, in this
/// order. Each waiter is answered once, or abandons.
package struct LedgerStateMachine: Sendable {
    var accounts: LedgerAccounts
    let server: ServerID
    var settings: LedgerSettings
    /// What this process saw last; nil: nothing, or at another address.
    var last: LedgerAccounts.LastReading?
    var readings: ReadingDesk
    var clears = ClearQueues()

    var phase = LedgerPhase.running
    var storage = StorageState.idle
    /// Since when the file cannot be written; nil: it can.
    var outage: Outage?
    /// Whether what is in the file has to be compared with memory as a whole.
    var isFileUnknown = false
    var pending = PendingRows()
    var durableWishes: [DurableWish] = []
    /// Whether rows are to be written though nobody waits for them.
    var isAppendDue = false
    /// The totals as they are in the file, and as they will be when the rows under way are written.
    var committed: [ServerID: [Traffic]]
    var committing: [ServerID: [Traffic]]
    /// The slot in which the journal was folded last.
    var foldedSlot: Int64

    var statistics = LedgerStatistics()
    private var isClockSynchronized = true
    private var isFullNoticed = false
    /// Whether consumers may have been given what the file does not say.
    var closesViews: Bool
    /// The time of the last event.
    var clock: LedgerTime
    private var actions: [LedgerAction] = []
    var hasChanged = false
    /// The last cursor that was given: one that was dropped is not given again.
    var lastCursor: Int64 = 0

    /// - Parameter server: The Hysteria server that is read, one of `image.servers`.
    package init(
        replaying image: LedgerImage,
        server: ServerID,
        settings: LedgerSettings,
        now: LedgerTime
    ) throws(LedgerReplayError) {
        accounts = try LedgerAccounts(replaying: image)
        guard accounts.servers[server] != nil else {
            throw .unknown("server", id: server.value, sequence: accounts.sequence)
        }
        accounts.order.settle(accounts.names)
        closesViews = image.isRestored
        self.server = server
        self.settings = settings
        readings = ReadingDesk(due: now.boot)
        committed = accounts.servers.mapValues(\.totals)
        committing = committed
        foldedSlot = SlotSpread.floored(now.wall, SlotSpread.slot)
        clock = now
    }

    /// The figures as they are now.
    package var snapshot: LedgerSnapshot {
        LedgerSnapshot(
            accounts,
            server: server,
            committed: committed,
            isDurable: isDurable,
            statistics: statistics
        )
    }

    /// Whether the file can be written.
    package var isDurable: Bool { outage == nil }

    /// When `timePassed` is to be called at the latest, in milliseconds since boot. It can change with each event.
    package var nextWake: Int64? {
        var wake: [Int64] = []
        if phase == .running, !readings.isUnderWay { wake.append(readings.due) }
        if case .behind(let retry) = storage { wake.append(retry) }
        if let overdue = clears.firstOverdue { wake.append(overdue) }
        return wake.min()
    }

    // MARK: Time

    /// Reads and decides what an earlier process left undecided.
    package mutating func start(now: LedgerTime) -> [LedgerAction] {
        begin(now)
        for view in accounts.views.values.sorted(by: { $0.id < $1.id }) {
            guard let clear = view.clears.undecided else { continue }
            // What was written to the connection may have arrived: it is not given again.
            notice(.undecidedClear(clear.id, view: view.name))
            record(.verdict(clear.id, .delivered))
        }
        hasChanged = true
        return end()
    }

    package mutating func timePassed(now: LedgerTime) -> [LedgerAction] {
        begin(now)
        decideOverdueClears()
        return end()
    }

    /// Whether the kernel says that the clock is synchronised. In the first quarter of an hour after boot folding waits for it.
    package mutating func clockSynchronized(_ isSynchronized: Bool) { isClockSynchronized = isSynchronized }

    package mutating func settingsChanged(_ settings: LedgerSettings, now: LedgerTime) -> [LedgerAction] {
        begin(now)
        if settings.period != self.settings.period { readings.hurry(now: now) }
        if settings.userLimit != self.settings.userLimit { isFullNoticed = false }
        self.settings = settings
        return end()
    }

    /// Whether what happened can be dated, and old views told from new ones.
    var isClockTrusted: Bool { isClockSynchronized || clock.boot >= SlotSpread.slot }
    /// Whether views may be dropped for their age. A clock that nobody vouches for must not age them.
    var isAgeKnown: Bool { isClockSynchronized }

    // MARK: Events

    mutating func begin(_ now: LedgerTime) {
        if let step = now.clockStep(since: clock), abs(step) > SlotSpread.slot, phase != .ended {
            notice(.clockStepped(step))
            let (one, other) = (now.wall - step, now.wall)
            clock = now
            note(LedgerGap(server: server, began: min(one, other), ended: max(one, other), cause: .clock), inRow: true)
        }
        clock = now
    }

    /// What is to be done after an event: what its method asked for, and what has become possible by it.
    mutating func end() -> [LedgerAction] {
        useStorage()
        if phase == .running || phase == .ending, readings.begin(now: clock) { act(.read) }
        defer {
            actions = []
            hasChanged = false
        }
        return hasChanged ? [.publish] + actions : actions
    }

    mutating func act(_ action: LedgerAction) { actions.append(action) }
    mutating func answer(_ waiter: WaiterID, _ answer: LedgerAnswer) { actions.append(.answer(waiter, answer)) }
    mutating func notice(_ notice: LedgerNotice) { actions.append(.notice(notice)) }

    mutating func noticeFull() {
        guard !isFullNoticed else { return }
        isFullNoticed = true
        notice(.userLimitReached(settings.userLimit))
    }

    mutating func note(_ gap: LedgerGap, inRow: Bool = false) {
        statistics.note(gap)
        if inRow { record(.gap(gap)) }
    }

    /// Makes a row, and applies it.
    mutating func record(_ entry: JournalEntry) {
        let row = JournalRow(sequence: accounts.sequence + 1, time: clock, entry: entry)
        do {
            try accounts.apply(row)
        } catch {
            preconditionFailure("a row that was made here does not fit: \(error)")
        }
        pending.append(row)
        // Whoever waits for a row knows its number.
        if durableWishes.isEmpty { accounts.forgetRows(pending.merge(downTo: settings.pendingRows)) }
        hasChanged = true
    }
}
