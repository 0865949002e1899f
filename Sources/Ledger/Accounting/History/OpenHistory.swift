/// History that is not in the file's quarters yet.
struct OpenHistory: Hashable, Sendable {
    /// A gap that is dated by the clock of its row.
    struct OpenGap: Hashable, Sendable {
        let gap: LedgerGap
        /// When its row was made; nil: its times stand as they are.
        let time: LedgerTime?

        func dated(now: LedgerTime) -> LedgerGap {
            let shift = time.map { $0.dated(now: now) - $0.wall } ?? 0
            return LedgerGap(
                server: gap.server,
                began: gap.began + shift,
                ended: gap.ended + shift,
                cause: gap.cause
            )
        }
    }

    /// The last row of the journal that is in it.
    private(set) var through: Int64
    private(set) var rows = 0
    private(set) var stretches: [Stretch] = []
    private(set) var gaps: [OpenGap] = []
    /// What is in no slot, in the order of its rows.
    private(set) var undated: [CountedTraffic] = []

    init(after sequence: Int64) { through = sequence }

    mutating func noteRow(_ sequence: Int64) {
        through = sequence
        rows += 1
    }

    /// Rows that were merged into others are not rows any more.
    mutating func forgetRows(_ count: Int) {
        through -= Int64(count)
        rows -= count
    }

    mutating func add(_ stretch: Stretch) {
        guard !stretch.amounts.isEmpty else { return }
        if stretches.last != nil, stretches[stretches.count - 1].join(stretch) { return }
        stretches.append(stretch)
    }

    mutating func add(_ gap: LedgerGap, at time: LedgerTime?) { gaps.append(OpenGap(gap: gap, time: time)) }

    mutating func addUndated(_ amounts: [CountedTraffic]) { undated += amounts }

    /// Puts what comes after this behind it.
    mutating func append(_ later: OpenHistory) {
        through = later.through
        rows += later.rows
        stretches += later.stretches
        gaps += later.gaps
        undated += later.undated
    }

    /// The gaps in the order in which they were seen, those of one cause in one quarter of an hour as one.
    func datedGaps(now: LedgerTime) -> [LedgerGap] {
        var dated: [LedgerGap] = []
        for open in gaps {
            let gap = open.dated(now: now)
            if let joined = dated.last?.joined(with: gap) {
                dated[dated.count - 1] = joined
            } else {
                dated.append(gap)
            }
        }
        return dated
    }

    /// Bytes by slot and user, in this order.
    func quarters(now: LedgerTime) -> [SlotTraffic] {
        var sums = SlotSums()
        for stretch in stretches {
            for share in SlotSpread.shares(of: stretch.dated(now: now), users: stretch.amounts.count) {
                sums.add(stretch, share)
            }
        }
        return sums.sorted()
    }
}
