extension LedgerStateMachine {
    /// Takes a last reading, writes and folds everything, closes the file, and then says `release`. Whoever wants to read is
    /// answered from the last snapshot from now on, and nothing is cleared any more.
    package mutating func stop(now: LedgerTime) -> [LedgerAction] {
        begin(now)
        guard phase == .running else { return end() }
        phase = .ending
        for wish in clears.abandon() { answer(wish.waiter, .unavailable) }
        readings.hurry(now: now)
        return end()
    }

    /// The last reading is over: all that is left is to write.
    mutating func writeAll() {
        for wish in readings.abandon() {
            if case .clear = wish { answer(wish.waiter, .unavailable); continue }
            if case .since = wish { answer(wish.waiter, .unavailable); continue }
            answer(wish.waiter, .fresh)
        }
        for view in accounts.views.values.sorted(by: { $0.id < $1.id }) {
            if let clear = view.clears.undecided { decide(clear.id, .delivered) }
        }
        phase = .writing
    }

    /// The file is closed.
    package mutating func closed(now: LedgerTime) -> [LedgerAction] {
        begin(now)
        if storage == .closing { release() }
        return end()
    }

    /// The file could not be written at the end, nor opened again.
    mutating func giveUp() {
        guard outage.map({ $0.attempts > 0 }) == true else { return }
        notice(.lostAtEnd(rows: pending.count))
        storage = .closing
        act(.close)
    }

    mutating func release() {
        storage = .closed
        phase = .ended
        act(.release)
    }
}
