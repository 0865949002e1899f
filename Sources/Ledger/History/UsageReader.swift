import LibSQLite

/// Answers questions about the past from the file, and from what is not in it yet.
struct UsageReader {
    private let database: SQLiteDatabase
    private let tables: LedgerTables
    private let zone: CivilZone

    init(_ database: SQLiteDatabase, zone: CivilZone) {
        self.database = database
        tables = LedgerTables(database)
        self.zone = zone
    }

    func report(_ query: UsageQuery, unfolded: UnfoldedTraffic) throws(LedgerStorageError) -> UsageReport {
        try database.limited(milliseconds: query.milliseconds) { () throws(LedgerStorageError) in
            try unlimited(query, unfolded: unfolded)
        }
    }

    private func unlimited(_ query: UsageQuery, unfolded: UnfoldedTraffic) throws(LedgerStorageError) -> UsageReport {
        let kept = Int64(try tables.meta()[.quarters] ?? "") ?? .min
        var timeline: UsageTimeline
        do throws(UsageTimeline.TooMuchError) {
            timeline = try UsageTimeline(query, zone: zone, kept: kept)
        } catch {
            throw LedgerStorageError(
                .tooMuch,
                path: database.path,
                "a report has at most \(query.limit) times; ask for longer ones, or for a shorter range"
            )
        }
        let users = try UsageUsers(query, buckets: timeline.buckets.count, database, unfolded: unfolded)
        var sums = UsageSums(users: users.ids.count, buckets: timeline.buckets.count)
        let days = try UsageRows(.day, database)
        let quarters = try UsageRows(.quarter, database)
        for (bucket, source) in timeline.sources.enumerated() {
            try days.add(source.days, to: &sums, bucket: bucket, of: users)
            for slots in source.slots { try quarters.add(slots, to: &sums, bucket: bucket, of: users) }
        }
        try days.add(undatedDay..<undatedDay + 1, to: &sums, bucket: nil, of: users)
        for slot in unfolded.slots {
            guard let user = users.index(of: slot.counted.key.user) else { continue }
            let date = zone.date(of: slot.slot * SlotTraffic.seconds).days
            guard let bucket = timeline.bucket(ofSlot: slot.slot, on: date) else { continue }
            sums.add(slot.counted.traffic, user: user, bucket: bucket)
        }
        for counted in unfolded.undated {
            guard let user = users.index(of: counted.key.user) else { continue }
            sums.add(counted.traffic, user: user, bucket: nil)
        }
        let gaps = try gaps(from: timeline.from, to: timeline.to, unfolded: unfolded.gaps)
        for gap in gaps where gap.cause == .unread {
            timeline.markEstimated(from: gap.began.dividedDown(by: 1000), to: (gap.ended + 999).dividedDown(by: 1000))
        }
        var report = UsageReport(
            from: timeline.from,
            to: timeline.to,
            buckets: timeline.buckets,
            users: [],
            total: Traffic(),
            gaps: gaps,
            next: users.next
        )
        for (index, id) in users.ids.enumerated() {
            let usage = sums.usage(of: index)
            guard !usage.traffic.isEmpty || !usage.undated.isZero else { continue }
            report.total += usage.total
            report.users.append(
                UserUsage(
                    id: id,
                    name: try users.name(of: id, database),
                    traffic: usage.traffic,
                    total: usage.total,
                    undated: usage.undated
                )
            )
        }
        return report
    }

    /// The gaps that overlap a range, oldest first; the newest thousand.
    private func gaps(from: Int64, to: Int64, unfolded: [LedgerGap]) throws(LedgerStorageError) -> [LedgerGap] {
        // Milliseconds, as far as they can be counted.
        let (from, to) = (max(from, -1 << 50) * 1000, min(to, 1 << 50) * 1000)
        var gaps = unfolded.filter { $0.began < to && $0.ended > from }
        try tables.gaps(where: "began < \(to) AND ended > \(from) ORDER BY began DESC LIMIT 1000") { gaps.append($0) }
        gaps.sort { ($0.began, $0.ended) < ($1.began, $1.ended) }
        return gaps.suffix(1000)
    }
}

/// Sums by user and bucket.
struct UsageSums {
    private var cells: [Traffic]
    private var undated: [Traffic]
    private let buckets: Int

    init(users: Int, buckets: Int) {
        cells = [Traffic](repeating: Traffic(), count: users * buckets)
        undated = [Traffic](repeating: Traffic(), count: users)
        self.buckets = buckets
    }

    /// Without a bucket, it is in none.
    mutating func add(_ traffic: Traffic, user: Int, bucket: Int?) {
        if let bucket { cells[user * buckets + bucket] += traffic } else { undated[user] += traffic }
    }

    func usage(of user: Int) -> (traffic: [BucketTraffic], total: Traffic, undated: Traffic) {
        var traffic: [BucketTraffic] = []
        var total = Traffic()
        for bucket in 0..<buckets {
            let cell = cells[user * buckets + bucket]
            if cell.isZero { continue }
            traffic.append(BucketTraffic(bucket: bucket, traffic: cell))
            total += cell
        }
        return (traffic, total, undated[user])
    }
}
