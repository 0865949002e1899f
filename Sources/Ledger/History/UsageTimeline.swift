/// The times of a ``UsageQuery``, and where what was moved in them is kept.
struct UsageTimeline {
    /// What a bucket is added up from.
    struct Source {
        /// Whole days: from the first to before the second.
        var days: Range<Int64> = 0..<0
        /// Quarter hours at its edges.
        var slots: [Range<Int64>] = []
    }

    /// Seconds since 1970.
    let from: Int64
    let to: Int64
    private(set) var buckets: [UsageBucket] = []
    private(set) var sources: [Source] = []

    /// - Parameter kept: The first slot whose quarter hours are kept.
    init(_ query: UsageQuery, zone: CivilZone, kept: Int64) throws(TooMuchError) {
        var from = query.from
        if case .hour = query.step, kept > from.dividedDown(by: SlotTraffic.seconds) {
            from = kept * SlotTraffic.seconds
        }
        to = max(query.to, from)
        self.from = from
        var start = from
        while start < to {
            guard buckets.count < query.limit else { throw TooMuchError() }
            // A zone in which time stands still is no zone: each bucket ends after it began.
            let end = min(max(Self.end(of: query.step, after: start, zone: zone, to: to), start + 1), to)
            let (source, isExact) = Self.source(start, end, query.step, zone: zone, kept: kept)
            buckets.append(UsageBucket(start: start, end: end, isEstimated: !isExact))
            sources.append(source)
            start = end
        }
    }

    /// More buckets than a report may have.
    struct TooMuchError: Error {}

    /// Where the bucket ends that a moment lies in.
    private static func end(of step: UsageQuery.Step, after moment: Int64, zone: CivilZone, to: Int64) -> Int64 {
        switch step {
        case .total: return to
        case .hour:
            // By the zone's clock: there are zones that are three quarters of an hour ahead.
            let local = moment + zone.offset(at: moment)
            return moment + 3600 - (local - local.dividedDown(by: 3600) * 3600)
        case .day: return zone.start(of: zone.date(of: moment).adding(days: 1))
        case .month(let begins):
            return zone.start(of: BillingPeriod(containing: zone.date(of: moment), begins: begins).end)
        }
    }

    /// Whole days and what is left of days at the edges. A day whose quarter hours are gone counts as a whole where it begins.
    private static func source(
        _ start: Int64,
        _ end: Int64,
        _ step: UsageQuery.Step,
        zone: CivilZone,
        kept: Int64
    ) -> (source: Source, isExact: Bool) {
        var source = Source()
        if case .hour = step {
            source.slots = [slots(from: start, to: end)]
            return (source, true)
        }
        var isExact = true
        let head = zone.date(of: start)
        let headStart = zone.start(of: head)
        let firstWhole = headStart < start ? head.adding(days: 1) : head
        let firstWholeStart = headStart < start ? zone.start(of: firstWhole) : headStart
        if headStart < start {
            // What is left of a day that began before.
            if slot(headStart) >= kept {
                source.slots.append(slots(from: start, to: min(end, firstWholeStart)))
            } else {
                isExact = false
            }
        }
        guard firstWholeStart < end else { return (source, isExact) }
        let tail = zone.date(of: end)
        let tailStart = zone.start(of: tail)
        var dayEnd = tail
        if tailStart < end {
            // What is had of a day that goes on.
            if slot(tailStart) >= kept {
                source.slots.append(slots(from: tailStart, to: end))
            } else {
                isExact = false
                dayEnd = tail.adding(days: 1)
            }
        }
        source.days = firstWhole.days..<max(firstWhole.days, dayEnd.days)
        return (source, isExact)
    }

    /// The first slot that does not begin before a moment.
    private static func slot(_ moment: Int64) -> Int64 {
        (moment + SlotTraffic.seconds - 1).dividedDown(by: SlotTraffic.seconds)
    }

    private static func slots(from start: Int64, to end: Int64) -> Range<Int64> {
        slot(start)..<max(slot(start), slot(end))
    }

    /// The bucket that a slot counts in; nil: none. A slot counts where it begins, and where only its day is kept, where
    /// that begins.
    func bucket(ofSlot slot: Int64, on date: Int64) -> Int? {
        let moment = slot * SlotTraffic.seconds
        var low = 0
        var high = buckets.count
        while low < high {
            let middle = (low + high) / 2
            if buckets[middle].end <= moment { low = middle + 1 } else { high = middle }
        }
        // Of a day that counts as a whole, a slot may count in the bucket before.
        for index in [low, low - 1] where buckets.indices.contains(index) {
            let source = sources[index]
            if source.days.contains(date) || source.slots.contains(where: { $0.contains(slot) }) { return index }
        }
        return nil
    }

    /// Marks the buckets of a time whose edges are not known.
    mutating func markEstimated(from start: Int64, to end: Int64) {
        for index in buckets.indices where buckets[index].start < end && buckets[index].end > start {
            buckets[index].isEstimated = true
        }
    }
}
