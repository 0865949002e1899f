@testable import Ledger

/// What a ledger's file has to hold, kept in dictionaries: folds of random content are applied to it and to a file.
struct LedgerModel {
    var random: StorageRandom
    private(set) var servers: [ServerID: ServerImage] = [:]
    private(set) var users: [UserID: UserImage] = [:]
    private(set) var counters: [CounterKey: CounterImage] = [:]
    private(set) var views: [ViewID: ViewImage] = [:]
    private(set) var clears: [ClearID: ClearImage] = [:]
    private(set) var quarters: [Int64: [CounterKey: Traffic]] = [:]
    private(set) var undated: [CounterKey: Traffic] = [:]
    private(set) var gaps: [LedgerGap] = []
    private(set) var journal: [JournalRow] = []
    private(set) var folded: Int64 = 0
    private(set) var sequence: Int64 = 0
    private var clearCount: Int64 = 0
    var slot: Int64

    init(seed: UInt64, slot: Int64 = 1_990_000) {
        random = StorageRandom(seed: seed)
        self.slot = slot
    }

    /// Rows that follow.
    mutating func rows(_ count: Int) -> [JournalRow] {
        let rows = (0..<count).map { _ in
            sequence += 1
            return random.row(sequence)
        }
        journal += rows
        return rows
    }

    /// A fold through the last row, of `active` users.
    mutating func fold(active: Int, of userCount: Int = 40, views viewCount: Int = 3) -> LedgerFold {
        var fold = LedgerFold(through: sequence)
        slot += Int64(random.below(3))
        let server = ServerImage(id: ServerID(1), name: "vps1", mark: random.text(20), readAt: slot * 900_000)
        fold.servers = [server]
        for user in (1...userCount).shuffled(using: &random).prefix(active).sorted() {
            let id = UserID(Int64(user))
            let key = CounterKey(server: server.id, user: id)
            let amount = Traffic(up: random.number() >> 20, down: random.number() >> 20)
            var image =
                users[id]
                ?? UserImage(id: id, name: [UInt8(user), 0, 0xff], firstSeen: slot * 900_000, lastSeen: 0)
            image.lastSeen = slot * 900_000
            fold.users.append(image)
            var counter = counters[key] ?? CounterImage(key: key, total: Traffic(), raw: Traffic())
            counter.total += amount
            counter.raw = random.chance(10) ? Traffic() : amount
            fold.counters.append(counter)
            // Some of it late, some of it undated.
            if random.chance(5) {
                fold.undated.append(CountedTraffic(key, amount))
            } else {
                let late = random.chance(20) ? Int64(random.below(200)) : 0
                fold.quarters.append(SlotTraffic(slot: slot - late, counted: CountedTraffic(key, amount)))
            }
        }
        if random.chance(20) {
            fold.gaps.append(
                LedgerGap(server: server.id, began: slot * 900_000 - 60_000, ended: slot * 900_000, cause: .unread)
            )
        }
        for number in 0..<viewCount where random.chance(50) { changeView(ViewID(Int64(number)), in: &fold) }
        apply(fold)
        return fold
    }

    private mutating func changeView(_ id: ViewID, in fold: inout LedgerFold) {
        if random.chance(5), views[id] != nil {
            fold.goneViews.append(id)
            return
        }
        var change = ViewImage(id: id, name: "view \(id.value)", began: 1, lastUsed: slot * 900_000)
        change.acknowledged = random.chance(50) ? random.signed() : nil
        change.offered = random.chance(50) ? random.signed() : nil
        let replaces = random.chance(50)
        for (key, counter) in counters.sorted(by: { $0.key < $1.key }) {
            if random.chance(30) {
                change.taken.append(CountedTraffic(key, random.chance(20) ? Traffic() : counter.total))
            }
            if replaces, random.chance(30) { change.offer.append(CountedTraffic(key, Traffic(up: 1, down: 0))) }
        }
        fold.views.append(ViewChange(view: change, replacesOffer: replaces))
        clearCount += 1
        fold.clears.append(
            ClearImage(
                id: ClearID(clearCount),
                view: id,
                key: random.chance(50) ? "key \(clearCount)" : nil,
                at: slot * 900_000,
                verdict: .undecided,
                amounts: change.taken
            )
        )
        if let known = clears.values.filter({ $0.view == id }).min(by: { $0.id < $1.id }) {
            if random.chance(50) {
                fold.goneClears.append(known.id)
            } else {
                var decided = known
                decided.verdict = .returned
                fold.clears.append(decided)
            }
        }
    }

    private mutating func apply(_ fold: LedgerFold) {
        folded = fold.through
        journal.removeAll { $0.sequence <= fold.through }
        for server in fold.servers { servers[server.id] = server }
        for user in fold.users { users[user.id] = user }
        for counter in fold.counters { counters[counter.key] = counter }
        for quarter in fold.quarters {
            quarters[quarter.slot, default: [:]][quarter.counted.key, default: Traffic()] += quarter.counted.traffic
        }
        for counted in fold.undated { undated[counted.key, default: Traffic()] += counted.traffic }
        gaps += fold.gaps
        for view in fold.goneViews {
            views[view] = nil
            clears = clears.filter { $0.value.view != view }
        }
        for clear in fold.goneClears { clears[clear] = nil }
        for change in fold.views {
            var view = change.view
            let before = views[view.id]
            view.taken = Self.merged(before?.taken ?? [], view.taken)
            view.offer = Self.merged(change.replacesOffer ? [] : before?.offer ?? [], view.offer)
            views[view.id] = view
        }
        for clear in fold.clears { clears[clear.id] = clear }
    }

    private static func merged(_ before: [CountedTraffic], _ changes: [CountedTraffic]) -> [CountedTraffic] {
        var amounts = Dictionary(before.map { ($0.key, $0.traffic) }, uniquingKeysWith: { $1 })
        for change in changes { amounts[change.key] = change.traffic }
        return amounts.filter { !$0.value.isZero }.sorted { $0.key < $1.key }.map { CountedTraffic($0.key, $0.value) }
    }

    /// What a file is to be read as.
    func image(ledgerID: String, endedCleanly: Bool) -> LedgerImage {
        LedgerImage(
            ledgerID: ledgerID,
            servers: servers.values.sorted { $0.id < $1.id },
            users: users.values.sorted { $0.id < $1.id },
            counters: counters.values.sorted { $0.key < $1.key },
            views: views.values.sorted { $0.id < $1.id },
            clears: clears.values.sorted { $0.id < $1.id },
            folded: folded,
            journal: journal,
            endedCleanly: endedCleanly
        )
    }
}
