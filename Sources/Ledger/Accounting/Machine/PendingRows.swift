/// Rows that are applied in memory and not known to be in the file.
struct PendingRows: Hashable, Sendable {
    private(set) var rows: [JournalRow] = []
    /// So many of the first ones are being written, or may have been: they must not change.
    private(set) var fixed = 0

    var isEmpty: Bool { rows.isEmpty }
    var count: Int { rows.count }

    /// Whether any of these is not known to be in the file.
    func contains(_ isMeant: (JournalEntry) -> Bool) -> Bool { rows.contains { isMeant($0.entry) } }

    mutating func append(_ row: JournalRow) { rows.append(row) }

    /// All of them are going to be written.
    mutating func fix() -> [JournalRow] {
        fixed = rows.count
        return rows
    }

    /// Those that were being written are.
    mutating func written() {
        rows.removeFirst(fixed)
        fixed = 0
    }

    /// The file turned out to end with this row.
    mutating func written(through sequence: Int64) {
        rows.removeAll { $0.sequence <= sequence }
        fixed = 0
    }

    /// Merges readings as long as there are too many rows, those that are the shortest together first. So what is kept of a
    /// long time gets evenly coarser.
    ///
    /// - Returns: how many rows there are fewer.
    mutating func merge(downTo limit: Int) -> Int {
        guard rows.count > limit else { return 0 }
        let (before, first) = (rows.count, rows[0].sequence)
        while rows.count > limit, let pair = shortestPair(), let one = rows[pair.0].merged(with: rows[pair.1]) {
            rows[pair.1] = one
            rows.remove(at: pair.0)
        }
        // Nobody has seen those that are not fixed: they can have other numbers.
        for index in rows.indices.dropFirst(fixed) { rows[index] = rows[index].numbered(first + Int64(index)) }
        return before - rows.count
    }

    /// Two rows that can be one: readings with nothing but users between them, or users side by side.
    private func shortestPair() -> (Int, Int)? {
        var best: (Int, Int)?
        var shortest = Int64.max
        var readings: [Int] = []
        for index in rows.indices.dropFirst(fixed) {
            switch rows[index].entry {
            case .users:
                if index > fixed, case .users = rows[index - 1].entry { return (index - 1, index) }
            case .reading:
                if let last = readings.last, rows[last].canMerge(with: rows[index]) {
                    let began = readings.count > 1 ? readings[readings.count - 2] : last
                    let length = rows[index].time.since(rows[began].time)
                    if length < shortest { (best, shortest) = ((last, index), length) }
                }
                readings.append(index)
            default: readings = []
            }
        }
        return best
    }
}

extension JournalRow {
    func numbered(_ sequence: Int64) -> JournalRow { JournalRow(sequence: sequence, time: time, entry: entry) }

    /// Whether both together are as good as one after the other.
    func canMerge(with next: JournalRow) -> Bool {
        switch (entry, next.entry) {
        case (.users, .users): return true
        case (.reading(let one), .reading(let other)):
            // What began anew replaces the counters before it. An opening has no date, and its gap is the first one's end.
            guard one.server == other.server, one.kind != .opening else { return false }
            guard other.kind == .difference || other.kind == .assumedDifference else { return false }
            return one.gap == nil || other.gap == nil
        default: return false
        }
    }

    /// One row that does what both do, one after the other.
    func merged(with next: JournalRow) -> JournalRow? {
        guard canMerge(with: next) else { return nil }
        switch (entry, next.entry) {
        case (.users(let one), .users(let other)):
            return JournalRow(sequence: sequence, time: time, entry: .users(one + other))
        case (.reading(let one), .reading(let other)):
            let reading = AppliedReading(
                server: one.server,
                kind: one.kind == .difference ? other.kind : one.kind,
                amounts: one.amounts.summed(with: other.amounts),
                mark: other.mark,
                gap: one.gap ?? other.gap
            )
            return JournalRow(sequence: sequence, time: next.time, entry: .reading(reading))
        default: return nil
        }
    }
}
