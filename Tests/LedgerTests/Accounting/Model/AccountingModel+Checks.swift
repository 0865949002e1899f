@testable import Ledger

extension AccountingModel {
    private var counted: [Traffic] {
        let accounts = machine?.accounts
        return hysteria.names.map { name in
            let number = accounts?.names.number(of: Array(name.utf8))
            return number.map { accounts?.servers[ServerID(1)]?.totals.of($0) ?? Traffic() } ?? Traffic()
        }
    }

    /// I1 and I2: what is counted is the truth without what the model lists as lost.
    mutating func check(_ sight: Sight, after last: ModelLook?) {
        var look = sight.look
        let users = hysteria.names.indices
        let isNewEpoch = last.map { $0.epoch != look.epoch } ?? false
        checkDecision(look, after: last, isOwnMachine: sight.source.isOwnMachine)
        for user in users {
            var loss = last?.losses[user] ?? Traffic()
            for epoch in (last?.epoch ?? 0)..<max(look.epoch, last?.epoch ?? 0) {
                let seen = epoch == last?.epoch ? last?.map[user] ?? Traffic() : Traffic()
                loss += hysteria.ended[epoch][user].minus(seen)
            }
            // Nothing showed the emptying: what was counted before hides as much of what came after.
            if isNewEpoch, !wasEmptied { met.note("hidden emptying") }
            if isNewEpoch, !wasEmptied { loss += last?.map[user] ?? Traffic() }
            look.losses[user] = loss
        }
        // A mark that cannot be read says nothing against what was proved otherwise.
        if look.mark.isEmpty, let last, !wasEmptied, isProvedDifference(look, last) { look.mark = last.mark }
        self.look = look
        if let time = machine?.accounts.servers[ServerID(1)]?.lastReading { looks[time] = look }
        compare(sight.truth, look.losses)
    }

    private mutating func compare(_ truth: [Traffic], _ losses: [Traffic]) {
        let counted = counted
        let all = machine?.accounts.servers[ServerID(1)]?.totals.reduce(Traffic(), +) ?? Traffic()
        let expected = hysteria.names.indices.map { truth[$0].minus(losses[$0]) }
        if all != expected.reduce(Traffic(), +) { fail("counted \(all) of \(expected.reduce(Traffic(), +)) (I2, I4)") }
        for user in hysteria.names.indices {
            let (mine, true_) = (counted[user], truth[user])
            if mine.up > true_.up || mine.down > true_.down { fail("user \(user) counted more than the truth (I1)") }
            if !isLimited, mine != expected[user] { fail("user \(user): \(mine) and not \(expected[user]) (I2)") }
        }
        if losses.contains(where: { !$0.isZero }) { met.note("bytes lost") }
    }

    private func isProvedDifference(_ look: ModelLook, _ last: ModelLook) -> Bool {
        let isEqual = look.map.indices.contains { !last.map[$0].isZero && last.map[$0] == look.map[$0] }
        return isEqual || machineTrustsConnection(look, last)
    }

    private func machineTrustsConnection(_ look: ModelLook, _ last: ModelLook) -> Bool {
        last.connection == look.connection
    }

    /// Emptying is said only where it happened, and always where anything shows it.
    private mutating func checkDecision(_ look: ModelLook, after last: ModelLook?, isOwnMachine: Bool) {
        guard let last else {
            if wasEmptied { fail("the first reading was taken for an emptying") }
            return
        }
        if wasEmptied, last.epoch == look.epoch { fail("an emptying was seen that there was not") }
        guard !isLimited, last.epoch != look.epoch, !wasEmptied else { return }
        let isLower = look.map.indices.contains {
            look.map[$0].up < last.map[$0].up || look.map[$0].down < last.map[$0].down
        }
        if isLower { fail("somebody was lower, and no emptying was seen") }
        let isEqual = look.map.indices.contains { !last.map[$0].isZero && last.map[$0] == look.map[$0] }
        let isMarkOther = isOwnMachine && !look.mark.isEmpty && !last.mark.isEmpty && look.mark != last.mark
        if isMarkOther, !isEqual { fail("another process on this machine, and no emptying was seen") }
    }

    // MARK: Durable

    /// I8: what is shown as committed never falls, and what is shown survives (I7).
    mutating func checkCommitted() {
        guard let machine else { return }
        let snapshot = machine.snapshot
        for (user, name) in hysteria.names.enumerated() {
            let committed = snapshot.user(named: Array(name.utf8))?.committed ?? Traffic()
            if committed.up < shown[user].up || committed.down < shown[user].down {
                fail("committed figures of user \(user) fell (I8)")
            }
            shown[user] = committed
        }
    }

    /// I3 and I11: the file together with what is not folded is what memory has.
    mutating func checkFile(after operation: Operation) {
        guard let accounts = machine?.accounts, let snapshot = machine?.snapshot else { return }
        // Until it is written, what a file lacks that took this one's place is nowhere.
        if machine?.storage == .restoring { return }
        let unfolded = snapshot.unfolded(after: file.image.folded, now: now)
        var sums = file.quarters.merging(file.undated) { $0 + $1 }
        for slot in unfolded.slots { sums[slot.counted.key, default: Traffic()] += slot.counted.traffic }
        for amount in unfolded.undated { sums[amount.key, default: Traffic()] += amount.traffic }
        for (number, total) in (accounts.servers[ServerID(1)]?.totals ?? []).enumerated() {
            let key = CounterKey(server: ServerID(1), user: UserID(Int64(number)))
            let sum = sums[key] ?? Traffic()
            if sum != total { fail("history of \(number) has \(sum), its total is \(total) (I3)") }
        }
        guard machine?.pending.isEmpty == true, accounts.folding == nil else { return }
        guard let replayed = try? LedgerAccounts(replaying: file.image) else {
            fail("the file cannot be replayed")
            return
        }
        // Both date the last reading, one of them exactly.
        var (one, other) = (replayed.image(), accounts.image())
        one.servers[0].readAt = nil
        other.servers[0].readAt = nil
        for index in one.views.indices { one.views[index].lastUsed = 0 }
        for index in other.views.indices { other.views[index].lastUsed = 0 }
        // A row that was merged has the time of the later one.
        for index in one.users.indices { (one.users[index].firstSeen, one.users[index].lastSeen) = (0, 0) }
        for index in other.users.indices { (other.users[index].firstSeen, other.users[index].lastSeen) = (0, 0) }
        if one != other { fail("the file says something else than memory (I11):\n\(one)\n\(other)") }
    }
}
