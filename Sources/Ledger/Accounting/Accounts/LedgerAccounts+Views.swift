extension LedgerAccounts {
    /// What a view shows: totals without what it was given.
    func remainder(of view: ViewID, users: ViewUsers) -> [CountedTraffic] {
        guard let view = views[view] else { return [] }
        let numbers = numbers(of: users)
        var amounts: [CountedTraffic] = []
        for (id, server) in servers.sorted(by: { $0.key < $1.key }) {
            let taken = view.taken[id] ?? []
            func look(_ number: Int) {
                let rest = server.totals.of(number).minus(taken.of(number))
                guard !rest.isZero else { return }
                amounts.append(CountedTraffic(CounterKey(server: id, user: UserID(Int64(number))), rest))
            }
            if let numbers { numbers.forEach(look) } else { server.totals.indices.forEach(look) }
        }
        return amounts
    }

    /// What of these amounts a request may see.
    func visible(_ amounts: [CountedTraffic], to users: ViewUsers) -> [CountedTraffic] {
        guard let numbers = numbers(of: users) else { return amounts }
        let set = Set(numbers)
        return amounts.filter { set.contains(Int($0.key.user.value)) }
    }

    /// Nil: all of them. In their order.
    private func numbers(of users: ViewUsers) -> [Int]? {
        guard case .only(let list) = users else { return nil }
        return Set(list.compactMap { names.number(of: $0) }).sorted()
    }

    /// What a view that begins now does not get: all that came before Hysteria's counters, as they are, began.
    func takenAtFirst() -> [CountedTraffic] {
        servers.sorted { $0.key < $1.key }.flatMap { id, server in
            server.totals.indices.compactMap { number in
                let before = server.totals[number].minus(server.raw.of(number))
                guard !before.isZero else { return nil }
                return CountedTraffic(CounterKey(server: id, user: UserID(Int64(number))), before)
            }
        }
    }

    /// A view is read. It matters only to how long an unused one is kept, and is not worth a row.
    mutating func touch(_ view: ViewID, at time: Int64) {
        guard let last = views[view]?.lastUsed, last < time else { return }
        views[view]?.lastUsed = time
        open.noteView(view)
    }
}
