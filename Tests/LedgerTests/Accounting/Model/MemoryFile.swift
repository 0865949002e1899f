import Ledger

/// A ledger's file in memory: what was written durably, put together without the accounting's own code.
struct MemoryFile: Sendable {
    var image: LedgerImage
    var quarters: [CounterKey: Traffic] = [:]
    var slots: Set<Int64> = []
    var undated: [CounterKey: Traffic] = [:]
    var gaps: [LedgerGap] = []
    /// When the last reading in it was taken, as its row says.
    var lastReading: LedgerTime?
    var viewsBegan: [String: UInt64] = [:]

    init(id: String) {
        image = LedgerImage(ledgerID: id, servers: [ServerImage(id: ServerID(1), name: "vps1")])
    }

    var last: Int64 { image.journal.last?.sequence ?? image.folded }

    /// - Returns: what is wrong with the rows.
    mutating func append(_ rows: [JournalRow]) -> String? {
        for row in rows {
            guard row.sequence == last + 1 else { return "row \(row.sequence) came behind \(last)" }
            image.journal.append(row)
            if case .reading = row.entry { lastReading = row.time }
            if case .view(let view) = row.entry { viewsBegan[view.name] = view.taken.sum }
        }
        return nil
    }

    func holds(clear id: ClearID) -> Bool {
        image.clears.contains { $0.id == id }
            || image.journal.contains { if case .clear(let clear) = $0.entry { clear.id == id } else { false } }
    }

    mutating func fold(_ fold: LedgerFold) -> String? {
        guard fold.through > image.folded else { return "a fold through \(fold.through) behind \(image.folded)" }
        image.folded = fold.through
        image.journal.removeAll { $0.sequence <= fold.through }
        image.servers.upsert(fold.servers, by: \.id)
        image.users.upsert(fold.users, by: \.id)
        image.counters.upsert(fold.counters, by: \.key)
        for quarter in fold.quarters {
            quarters[quarter.counted.key, default: Traffic()] += quarter.counted.traffic
            slots.insert(quarter.slot)
        }
        for amount in fold.undated { undated[amount.key, default: Traffic()] += amount.traffic }
        gaps += fold.gaps
        image.views.removeAll { fold.goneViews.contains($0.id) }
        image.clears.removeAll { fold.goneViews.contains($0.view) || fold.goneClears.contains($0.id) }
        for change in fold.views { write(change) }
        image.clears.upsert(fold.clears, by: \.id)
        for (index, clear) in image.clears.enumerated() where clear.key != nil {
            let same = image.clears[..<index].contains { $0.view == clear.view && $0.key == clear.key }
            if same { return "two clears of one view have the key \(clear.key ?? "")" }
        }
        return nil
    }

    private mutating func write(_ change: ViewChange) {
        var view = change.view
        let old = image.views.first { $0.id == view.id }
        var taken = old?.taken ?? []
        taken.upsert(view.taken, by: \.key)
        view.taken = taken.filter { !$0.traffic.isZero }
        if !change.replacesOffer { view.offer = old?.offer ?? [] }
        image.views.upsert([view], by: \.id)
    }

    /// All that history knows of a counter.
    func history(_ key: CounterKey) -> Traffic { (quarters[key] ?? Traffic()) + (undated[key] ?? Traffic()) }
}

extension Array {
    fileprivate mutating func upsert<Key: Comparable & Hashable>(_ others: [Element], by key: (Element) -> Key) {
        guard !others.isEmpty else { return }
        var all: [Key: Element] = [:]
        for element in self { all[key(element)] = element }
        for element in others { all[key(element)] = element }
        self = all.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension [CountedTraffic] {
    /// All bytes together.
    var sum: UInt64 { reduce(0) { $0 + $1.traffic.all } }
}
