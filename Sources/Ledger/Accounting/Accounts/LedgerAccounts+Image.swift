extension LedgerAccounts {
    /// The whole state as a file has it after a fold of everything: what memory and file must agree on.
    package func image() -> LedgerImage {
        var image = LedgerImage(ledgerID: ledgerID, folded: sequence)
        for (id, server) in servers.sorted(by: { $0.key < $1.key }) {
            image.servers.append(server.image)
            for (number, total) in server.totals.enumerated() {
                let raw = server.raw.of(number)
                guard !total.isZero || !raw.isZero else { continue }
                let key = CounterKey(server: id, user: UserID(Int64(number)))
                image.counters.append(CounterImage(key: key, total: total, raw: raw))
            }
        }
        for number in 0..<nextUser where firstSeen[number] != 0 {
            image.users.append(
                UserImage(
                    id: UserID(Int64(number)),
                    name: Array(names.name(of: Int32(number))),
                    firstSeen: firstSeen[number],
                    lastSeen: lastSeen[number]
                )
            )
        }
        for view in views.values.sorted(by: { $0.id < $1.id }) {
            image.views.append(view.image)
            image.clears += view.clears.clears
        }
        image.clears.sort { $0.id < $1.id }
        return image
    }
}

extension ViewAccount {
    var image: ViewImage {
        var entries: [CountedTraffic] = []
        for (id, traffic) in taken.sorted(by: { $0.key < $1.key }) {
            for (number, traffic) in traffic.enumerated() where !traffic.isZero {
                entries.append(CountedTraffic(CounterKey(server: id, user: UserID(Int64(number))), traffic))
            }
        }
        return ViewImage(
            id: id,
            name: name,
            began: began,
            lastUsed: lastUsed,
            acknowledged: acknowledged,
            offered: offered,
            taken: entries,
            offer: offer
        )
    }
}
