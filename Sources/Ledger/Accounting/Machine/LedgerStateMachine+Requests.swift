extension LedgerStateMachine {
    /// Wants figures that are not older than now; those of `committed` in the snapshot too, if `committed`.
    package mutating func readingWanted(
        by waiter: WaiterID,
        committed: Bool = false,
        now: LedgerTime
    ) -> [LedgerAction] {
        begin(now)
        wish(committed ? .committed(waiter) : .figures(waiter))
        return end()
    }

    /// Wants to read a view, which begins now if it has not been seen before.
    package mutating func viewWanted(_ name: String, by waiter: WaiterID, now: LedgerTime) -> [LedgerAction] {
        begin(now)
        wish(.view(waiter, name: name))
        return end()
    }

    /// Wants all that a view shows, and that it begins anew from there.
    ///
    /// - Parameter key: the request's `Idempotency-Key`.
    package mutating func clearWanted(
        _ request: ViewRequest,
        key: String? = nil,
        by waiter: WaiterID,
        now: LedgerTime
    ) -> [LedgerAction] {
        begin(now)
        wish(.clear(ClearWish(waiter: waiter, request: request, key: key, arrived: now)))
        return end()
    }

    /// Wants what a view got since a cursor.
    ///
    /// - Parameter cursor: 0 for a consumer that has none yet.
    package mutating func sinceWanted(
        _ request: ViewRequest,
        cursor: Int64,
        by waiter: WaiterID,
        now: LedgerTime
    ) -> [LedgerAction] {
        begin(now)
        wish(.since(SinceWish(waiter: waiter, request: request, cursor: cursor)))
        return end()
    }

    /// A waiter does not wait any more, and gets no answer. What it was granted meanwhile goes back.
    package mutating func abandoned(_ waiter: WaiterID, now: LedgerTime) -> [LedgerAction] {
        begin(now)
        readings.remove(waiter)
        clears.remove(waiter)
        if let index = durableWishes.firstIndex(where: { $0.waiter == waiter }) {
            if case .cleared(let clear, _) = durableWishes.remove(at: index).promise { decide(clear, .returned) }
        }
        return end()
    }

    private mutating func wish(_ wish: ReadingWish) {
        switch phase {
        case .running: refuseOrJoin(wish)
        case .ending, .writing, .ended:
            // Whoever only reads is served from the last snapshot until the process ends.
            answer(wish.waiter, canServeAtEnd(wish) ? .fresh : .unavailable)
        }
    }

    private mutating func refuseOrJoin(_ wish: ReadingWish) {
        switch wish {
        // The amounts wait in the view. A key that is known has its answer in the file.
        case .clear(let clear) where !isDurable && storedAnswer(to: clear) == nil: answer(wish.waiter, .unavailable)
        case .clear(let clear) where !isDurable: grant(clear)
        case .since where !isDurable: answer(wish.waiter, .unavailable)
        default: readings.join(wish)
        }
    }

    private func canServeAtEnd(_ wish: ReadingWish) -> Bool {
        switch wish {
        case .figures, .committed: true
        case .view(_, let name): accounts.viewIDs[name] != nil
        case .clear, .since: false
        }
    }
}
