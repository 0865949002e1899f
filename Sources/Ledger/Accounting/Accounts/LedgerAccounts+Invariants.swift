extension LedgerAccounts {
    /// What of the invariants does not hold, of those that the state alone can show; empty if all is well.
    package func violations() -> [String] {
        var found: [String] = []
        for (id, server) in servers {
            for (number, total) in server.totals.enumerated() {
                let raw = server.raw.of(number)
                if raw.up > total.up || raw.down > total.down {
                    found.append("user \(number) of server \(id.value) shows more than was ever counted")
                }
            }
        }
        for view in views.values {
            found += violations(of: view)
        }
        return found
    }

    /// I5: taken and what is offered beyond it are within the total.
    private func violations(of view: ViewAccount) -> [String] {
        var found: [String] = []
        var sums = view.taken
        for entry in view.offer {
            let number = Int(entry.key.user.value)
            sums[entry.key.server, default: []].grow(to: number + 1)
            sums[entry.key.server]?[number] += entry.traffic
        }
        for (id, taken) in sums {
            let totals = servers[id]?.totals ?? []
            for (number, taken) in taken.enumerated() {
                let total = totals.of(number)
                guard taken.up > total.up || taken.down > total.down else { continue }
                found.append("view \(view.name) was given more of user \(number) than was counted")
            }
        }
        return found
    }
}
