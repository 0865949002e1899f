extension LedgerStateMachine {
    /// How the answer to a clear ended: delivered, or returned if it was lost for certain.
    package mutating func clearEnded(_ clear: ClearID, _ verdict: ClearVerdict, now: LedgerTime) -> [LedgerAction] {
        begin(now)
        if verdict != .undecided, phase != .ended { decide(clear, verdict) }
        return end()
    }

    /// The view of this name, which begins now if there is none.
    mutating func view(named name: String) -> ViewID {
        if let id = accounts.viewIDs[name] { return id }
        let id = ViewID(accounts.lastViewID + 1)
        record(.view(NewView(id: id, name: name, taken: accounts.takenAtFirst())))
        return id
    }

    // MARK: Clears

    /// What a key that is known was given.
    func storedAnswer(to wish: ClearWish) -> ClearImage? {
        guard let key = wish.key, let id = accounts.viewIDs[wish.request.name] else { return nil }
        guard let clear = accounts.views[id]?.clears.clear(of: key, now: clock.wall) else { return nil }
        let isInFile = !pending.contains { if case .clear(let row) = $0 { row.id == clear.id } else { false } }
        return isDurable || isInFile ? clear : nil
    }

    mutating func grant(_ wish: ClearWish) {
        if let stored = storedAnswer(to: wish) {
            let amounts = accounts.visible(stored.amounts, to: wish.request.users)
            // While the file cannot be written, what is in it can still be answered.
            if isDurable { promise(wish.waiter, .given(amounts)) } else { answer(wish.waiter, .given(amounts)) }
            return
        }
        guard isDurable, phase == .running || phase == .ending else {
            answer(wish.waiter, .unavailable)
            return
        }
        let view = view(named: wish.request.name)
        guard accounts.views[view]?.clears.undecided == nil else {
            clears.add(wish)
            return
        }
        let amounts = accounts.remainder(of: view, users: wish.request.users)
        guard !amounts.isEmpty || wish.key != nil else {
            accounts.touch(view, at: clock.wall)
            answer(wish.waiter, .given([]))
            return
        }
        let id = ClearID(accounts.lastClearID + 1)
        record(.clear(GrantedClear(id: id, view: view, key: wish.key, amounts: amounts)))
        statistics.note(.undecided, of: wish.request.name)
        promise(wish.waiter, .cleared(id, amounts))
    }

    /// Decides on a clear that is undecided, and grants the next one of its view.
    mutating func decide(_ clear: ClearID, _ verdict: ClearVerdict) {
        guard let id = accounts.view(of: clear), let view = accounts.views[id] else { return }
        guard let image = view.clears[clear], image.verdict == .undecided else { return }
        // A key is exact without evidence: the same key gets the same figures, so they must not go back as well.
        let verdict = image.key == nil ? verdict : .delivered
        record(.verdict(clear, verdict))
        statistics.note(verdict, of: view.name)
        if verdict == .returned { notice(.returnedClear(clear, view: view.name)) }
        if let next = clears.next(of: view.name) { grant(next) }
    }

    /// Takes what every view shows for given. The file came from a backup, and what a consumer got since it was made is not
    /// known: it must not get it twice. What is taken is listed among the view's clears.
    mutating func closeViews() {
        closesViews = false
        var closed = 0
        for view in accounts.views.values.sorted(by: { $0.id < $1.id }) {
            if let clear = view.clears.undecided { decide(clear.id, .delivered) }
            let amounts = accounts.remainder(of: view.id, users: .all)
            guard !amounts.isEmpty else { continue }
            let id = ClearID(accounts.lastClearID + 1)
            record(.clear(GrantedClear(id: id, view: view.id, key: nil, amounts: amounts)))
            record(.verdict(id, .delivered))
            closed += 1
        }
        if closed > 0 { notice(.closedViews(closed)) }
    }

    mutating func decideOverdueClears() {
        for name in clears.overdue(now: clock) {
            let view = accounts.viewIDs[name].flatMap { accounts.views[$0] }
            if let clear = view?.clears.undecided {
                decide(clear.id, .delivered)
            } else if let next = clears.next(of: name) {
                grant(next)
            }
        }
    }

    // MARK: Cursors

    mutating func grant(_ wish: SinceWish) {
        guard isDurable, phase == .running || phase == .ending else {
            answer(wish.waiter, .unavailable)
            return
        }
        let id = view(named: wish.request.name)
        guard let view = accounts.views[id] else { return }
        let acknowledged = view.acknowledged ?? 0
        if let offered = view.offered, wish.cursor == acknowledged {
            // The same offer again: whichever of the answers arrives, and however late, it says the same.
            promise(wish.waiter, .offered(accounts.visible(view.offer, to: wish.request.users), next: offered))
            return
        }
        guard wish.cursor == acknowledged || wish.cursor == view.offered else {
            answer(wish.waiter, .cursorGone(acknowledged: acknowledged))
            return
        }
        if wish.cursor == view.offered { record(.acknowledged(id, cursor: wish.cursor)) }
        let amounts = accounts.remainder(of: id, users: wish.request.users)
        guard !amounts.isEmpty else {
            accounts.touch(id, at: clock.wall)
            promise(wish.waiter, .offered([], next: wish.cursor))
            return
        }
        // The time in milliseconds, so that a cursor of a ledger that was restored from a copy is not given again.
        let next = max(clock.wall, wish.cursor + 1, lastCursor + 1)
        lastCursor = next
        record(.offer(CursorOffer(view: id, cursor: next, amounts: amounts)))
        promise(wish.waiter, .offered(amounts, next: next))
    }
}
