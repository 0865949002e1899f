extension LedgerAccounts {
    /// What makes the file's folded state into this one. All rows up to the last must be durable, and no fold under way.
    ///
    /// - Parameter now: dates what has not been dated yet.
    package mutating func beginFold(now: LedgerTime) -> LedgerFold {
        precondition(folding == nil, "one fold at a time")
        let changes = open
        folding = changes
        open = FoldChanges(after: sequence)
        for id in changes.servers { dateServer(id, now: now) }
        return fold(changes, now: now)
    }

    /// It is in the file.
    package mutating func endFold() {
        folding = nil
    }

    /// It is not in the file, and belongs to the next one.
    package mutating func abandonFold() {
        guard var changes = folding else { return }
        changes.append(open)
        open = changes
        folding = nil
    }

    /// What makes another file's state into this one: an empty one's, or an older copy's. What it lacks has no date any more.
    package mutating func beginFold(onto image: LedgerImage, lost gap: LedgerGap, now: LedgerTime) -> LedgerFold {
        abandonFold()
        move(to: image)
        var changes = FoldChanges(after: sequence)
        changes.history = open.history
        changes.history.add(gap, at: nil)
        changes.servers = Set(servers.keys)
        for number in 0..<nextUser { changes.users.insert(number) }
        for (id, server) in servers {
            for number in server.totals.indices { changes.counters[id, default: UserBits()].insert(number) }
        }
        for view in views.values { note(whole: view, in: &changes) }
        changes.goneViews = Set(image.views.map(\.id)).subtracting(views.keys)
        changes.goneClears = Set(image.clears.map(\.id))
        folding = changes
        open = FoldChanges(after: sequence)
        var fold = fold(changes, now: now)
        fold.undated = missing(in: image, beside: fold.quarters)
        return fold
    }

    private func note(whole view: ViewAccount, in changes: inout FoldChanges) {
        changes.noteView(view.id, offer: true)
        for (server, entries) in view.taken {
            for number in entries.indices {
                let key = CounterKey(server: server, user: UserID(Int64(number)))
                changes.views[view.id]?.taken.insert(key)
            }
        }
        for clear in view.clears.clears { changes.clears[clear.id] = view.id }
    }

    /// What is in totals, and neither in what the image counted nor in these quarters.
    private func missing(in image: LedgerImage, beside quarters: [SlotTraffic]) -> [CountedTraffic] {
        var known: [CounterKey: Traffic] = [:]
        for counter in image.counters { known[counter.key, default: Traffic()] += counter.total }
        for quarter in quarters { known[quarter.counted.key, default: Traffic()] += quarter.counted.traffic }
        var missing: [CountedTraffic] = []
        for (id, server) in servers.sorted(by: { $0.key < $1.key }) {
            for (number, total) in server.totals.enumerated() {
                let key = CounterKey(server: id, user: UserID(Int64(number)))
                let rest = total.minus(known[key] ?? Traffic())
                if !rest.isZero { missing.append(CountedTraffic(key, rest)) }
            }
        }
        return missing
    }

    // MARK: Rows

    private mutating func dateServer(_ id: ServerID, now: LedgerTime) {
        guard let last = servers[id]?.lastReading else { return }
        servers[id]?.image.readAt = last.dated(now: now)
    }

    private func fold(_ changes: FoldChanges, now: LedgerTime) -> LedgerFold {
        var fold = LedgerFold(through: changes.history.through)
        fold.servers = changes.servers.sorted().compactMap { servers[$0]?.image }
        changes.users.forEach { number in
            let id = UserID(Int64(number))
            let (first, last) = (firstSeen[number], lastSeen[number])
            guard knows(id) else { return }
            fold.users.append(
                UserImage(id: id, name: Array(names.name(of: Int32(number))), firstSeen: first, lastSeen: last)
            )
        }
        for (id, users) in changes.counters.sorted(by: { $0.key < $1.key }) {
            guard let server = servers[id] else { continue }
            users.forEach { number in
                let key = CounterKey(server: id, user: UserID(Int64(number)))
                fold.counters.append(CounterImage(key: key, total: server.totals[number], raw: server.raw[number]))
            }
        }
        fold.quarters = changes.history.quarters(now: now)
        fold.undated = changes.history.undated
        fold.gaps = changes.history.datedGaps(now: now)
        fold.views = changes.views.sorted { $0.key < $1.key }.compactMap { id, change in
            views[id].map { Self.change(of: $0, change) }
        }
        fold.clears = changes.clears.sorted { $0.key < $1.key }.compactMap { views[$1]?.clears[$0] }
        fold.goneViews = changes.goneViews.sorted()
        fold.goneClears = changes.goneClears.sorted()
        return fold
    }

    private static func change(of view: ViewAccount, _ change: FoldChanges.OfView) -> ViewChange {
        let taken = change.taken.sorted().map { CountedTraffic($0, view.taken($0)) }
        let image = ViewImage(
            id: view.id,
            name: view.name,
            began: view.began,
            lastUsed: view.lastUsed,
            acknowledged: view.acknowledged,
            offered: view.offered,
            taken: taken,
            offer: change.isOfferChanged ? view.offer : []
        )
        return ViewChange(view: image, replacesOffer: change.isOfferChanged)
    }
}
