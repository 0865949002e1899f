extension LedgerAccounts {
    /// Applies a row of the file, of which nothing is sure.
    package mutating func replay(_ row: JournalRow) throws(LedgerReplayError) {
        try require(row.sequence == sequence + 1, .sequence(expected: sequence + 1, found: row.sequence))
        try check(row)
        try apply(row)
    }

    /// What happens to the ledger happens here.
    package mutating func apply(_ row: JournalRow) throws(LedgerReplayError) {
        precondition(row.sequence == sequence + 1, "rows are applied in order")
        advance(to: row.sequence)
        let wall = row.time.wall
        switch row.entry {
        case .users(let users):
            open.newUsers += users
            for user in users {
                try add(user, at: wall)
                open.users.insert(Int(user.id.value))
            }
        case .reading(let reading): apply(reading, at: row.time)
        case .view(let view):
            let image = ViewImage(id: view.id, name: view.name, began: wall, lastUsed: wall, taken: view.taken)
            try add(ViewAccount(image))
            open.noteView(view.id, taken: view.taken)
        case .clear(let clear):
            let image = ClearImage(
                id: clear.id,
                view: clear.view,
                key: clear.key,
                at: wall,
                verdict: .undecided,
                amounts: clear.amounts
            )
            lastClearID = max(lastClearID, clear.id.value)
            let gone = views[clear.view]?.grant(image) ?? []
            open.clears[clear.id] = clear.view
            open.noteView(clear.view, taken: clear.amounts, offer: true)
            open.noteGone(gone)
        case .verdict(let id, let verdict):
            guard let view = view(of: id), views[view]?.decide(id, verdict) == true else { return }
            open.clears[id] = view
            open.noteView(view, taken: verdict == .returned ? views[view]?.clears[id]?.amounts ?? [] : [])
        case .offer(let offer):
            views[offer.view]?.offer(offer, at: wall)
            open.noteView(offer.view, offer: true)
        case .acknowledged(let view, let cursor):
            let offer = views[view]?.offer ?? []
            views[view]?.acknowledge(cursor, at: wall)
            open.noteView(view, taken: offer, offer: true)
        case .viewGone(let id):
            guard let view = views.removeValue(forKey: id) else { return }
            viewIDs[view.name] = nil
            open.noteGone(id, clears: view.clears.clears.map(\.id))
        case .gap(let gap): open.history.add(gap, at: gap.cause == .unread ? row.time : nil)
        }
    }

    private mutating func apply(_ reading: AppliedReading, at time: LedgerTime) {
        // Out of the dictionary and back, so that the arrays are changed in place.
        guard var server = servers.removeValue(forKey: reading.server) else { return }
        let began = server.lastReading ?? time
        let changed = server.apply(reading, at: time, users: nextUser)
        servers[reading.server] = server
        open.servers.insert(reading.server)
        open.counters[reading.server, default: UserBits()].formUnion(changed)
        for amount in reading.amounts {
            let number = Int(amount.user.value)
            if firstSeen[number] == 0 { firstSeen[number] = time.wall }
            lastSeen[number] = time.wall
            open.users.insert(number)
        }
        if reading.kind == .opening {
            open.history.addUndated(
                reading.amounts.map { CountedTraffic(CounterKey(server: reading.server, user: $0.user), $0.traffic) }
            )
        } else {
            let stretch = Stretch(server: reading.server, began: began, ended: time, amounts: reading.amounts)
            open.history.add(stretch)
        }
        if let gap = reading.gap { open.history.add(gap, at: time) }
    }

    /// Which view a clear that is kept belongs to.
    func view(of clear: ClearID) -> ViewID? {
        // Only a view's last clear can be undecided: a handful of looks, whatever the number of clears.
        views.values.first { $0.clears[clear] != nil }?.id
    }

    /// Whether all that the row names is there.
    private func check(_ row: JournalRow) throws(LedgerReplayError) {
        switch row.entry {
        case .users, .gap: return
        case .reading(let reading):
            let isKnown = servers[reading.server] != nil
            try require(isKnown, .unknown("server", id: reading.server.value, sequence: row.sequence))
            for amount in reading.amounts {
                try require(knows(amount.user), .unknown("user", id: amount.user.value, sequence: row.sequence))
            }
        case .view(let view): try check(view.taken, row.sequence)
        case .clear(let clear):
            try check(clear.view, row.sequence)
            try check(clear.amounts, row.sequence)
            let isNew = clear.id.value > lastClearID
            try require(isNew, .impossible("clear", id: clear.id.value, sequence: row.sequence))
        case .verdict(let id, _):
            try require(view(of: id) != nil, .unknown("clear", id: id.value, sequence: row.sequence))
        case .offer(let offer):
            try check(offer.view, row.sequence)
            try check(offer.amounts, row.sequence)
        case .acknowledged(let view, _): try check(view, row.sequence)
        case .viewGone(let view): try check(view, row.sequence)
        }
    }

    private func check(_ view: ViewID, _ sequence: Int64) throws(LedgerReplayError) {
        try require(views[view] != nil, .unknown("view", id: view.value, sequence: sequence))
    }

    private func check(_ amounts: [CountedTraffic], _ sequence: Int64) throws(LedgerReplayError) {
        for amount in amounts {
            let key = amount.key
            try require(servers[key.server] != nil, .unknown("server", id: key.server.value, sequence: sequence))
            try require(knows(key.user), .unknown("user", id: key.user.value, sequence: sequence))
        }
    }
}
