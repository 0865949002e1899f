import Testing

@testable import Ledger

@Suite("questions about the past")
struct UsageTests {
    let folder = LedgerFolder()
    let day: Int64 = 86_400
    /// 2026-10-05, in UTC.
    let base: Int64 = 20_731 * 86_400

    private func counted(_ user: Int64, _ up: UInt64, server: Int64 = 1) -> CountedTraffic {
        CountedTraffic(CounterKey(server: ServerID(server), user: UserID(user)), Traffic(up: up, down: up * 10))
    }

    private func user(_ id: Int64, _ name: String, seen: Int64 = 0) -> UserImage {
        UserImage(id: UserID(id), name: Array(name.utf8), firstSeen: (base + seen * day) * 1000, lastSeen: 0)
    }

    private func store(_ fold: (inout LedgerFold) -> Void, now: Int64? = nil) throws -> LedgerStore {
        let store = try folder.open(now: now ?? base + 40 * day).store
        var all = LedgerFold(through: 1)
        all.servers = [ServerImage(id: ServerID(1), name: "a"), ServerImage(id: ServerID(2), name: "b")]
        fold(&all)
        try store.fold(all)
        return store
    }

    private func ask(
        _ store: LedgerStore,
        _ query: UsageQuery,
        _ unfolded: UnfoldedTraffic = UnfoldedTraffic()
    ) throws -> UsageReport {
        try UsageReader(store.database, zone: LedgerFolder.zone).report(query, unfolded: unfolded)
    }

    @Test(
        "sums are what adding up each slot gives, folded or not, whatever the range",
        arguments: 0..<8 as Range<UInt64>
    )
    func sums(seed: UInt64) throws {
        var random = StorageRandom(seed: seed)
        var slots: [SlotTraffic] = []
        for _ in 0..<600 {
            let slot = base / 900 + Int64(random.below(40 * 96))
            slots.append(
                SlotTraffic(
                    slot: slot,
                    counted: counted(
                        Int64(random.below(30)),
                        1 + random.next() % 1000,
                        server: Int64(1 + random.below(2))
                    )
                )
            )
        }
        let store = try store { fold in
            fold.users = (1...25).map { user(Int64($0), "u\($0)") }
            fold.quarters = Array(slots[..<400])
            fold.undated = [counted(3, 7)]
        }
        let unfolded = UnfoldedTraffic(
            users: (26..<30).map { NewUser(id: UserID(Int64($0)), name: Array("u\($0)".utf8)) },
            slots: Array(slots[400...]),
            undated: [counted(3, 2)]
        )
        for _ in 0..<40 {
            let from = base + Int64(random.below(40 * 96)) * 900 - Int64(random.below(2) * 77)
            let to = from + Int64(random.below(random.chance(50) ? 96 : 30 * 96)) * 900
            let step = [.total, .hour, .day, .month(begins: 1 + random.below(31))][random.below(4)] as UsageQuery.Step
            let all = random.chance(50)
            let names = (0..<5).map { _ in "u\(random.below(32))" }
            let query = UsageQuery(
                users: all ? .all : .named(names.map { Array($0.utf8) }),
                from: from,
                to: to,
                step: step
            )
            let report = try ask(store, query, unfolded)
            var expected: [Int64: [Int: Traffic]] = [:]
            for slot in slots where slot.slot * 900 >= from && slot.slot * 900 < to {
                let id = slot.counted.key.user.value
                guard all || names.contains("u\(id)") else { continue }
                let bucket = report.buckets.firstIndex { $0.start <= slot.slot * 900 && slot.slot * 900 < $0.end }
                guard id > 0, let bucket else { continue }
                expected[id, default: [:]][bucket, default: Traffic()] += slot.counted.traffic
            }
            var got: [Int64: [Int: Traffic]] = [:]
            for usage in report.users where !usage.traffic.isEmpty && usage.id != .others {
                got[usage.id.value] = Dictionary(usage.traffic.map { ($0.bucket, $0.traffic) }, uniquingKeysWith: +)
                #expect(String(decoding: usage.name, as: UTF8.self) == "u\(usage.id.value)")
                #expect(usage.total == usage.traffic.reduce(Traffic()) { $0 + $1.traffic })
                #expect(usage.undated.up == (usage.id.value == 3 ? 9 : 0))
            }
            #expect(got == expected)
            #expect(report.total == report.users.reduce(Traffic()) { $0 + $1.total })
            for (bucket, next) in zip(report.buckets, report.buckets.dropFirst()) { #expect(bucket.end == next.start) }
            #expect(report.buckets.first?.start == (from < to ? from : nil))
            #expect(report.buckets.last?.end == (from < to ? to : nil))
        }
    }

    @Test("a long report comes in parts, which come to the whole", arguments: [1, 7, 40, 1000])
    func parts(limit: Int) throws {
        let store = try store { fold in
            fold.users = (1...25).map { user(Int64($0), "u\($0)") }
            fold.quarters = (0...25).flatMap { user in
                (0..<10).map {
                    SlotTraffic(slot: base / 900 + 96 * $0, counted: counted(Int64(user), UInt64(user + 1)))
                }
            }
        }
        var query = UsageQuery(users: .all, from: base, to: base + 10 * day, step: .day)
        if limit < 10 { query.step = .total }
        query.limit = limit
        var users: [UserID] = []
        var total = Traffic()
        repeat {
            let report = try ask(store, query)
            #expect(report.users.count * report.buckets.count <= limit)
            users += report.users.map(\.id)
            total += report.total
            query.after = report.next
        } while query.after != nil
        #expect(users == (0...25).map { UserID(Int64($0)) })
        #expect(total.up == UInt64(10 * 26 * 27 / 2))
        query.step = .hour
        query.limit = 100
        let error = #expect(throws: LedgerStorageError.self) { try ask(store, query) }
        #expect(error?.kind == .tooMuch)
    }

    @Test("a day whose quarter hours are gone counts as a whole where it begins, and is marked")
    func oldDays() throws {
        let store = try store(
            { fold in
                fold.users = [user(1, "wang")]
                fold.quarters = (0..<100 as Range<Int64>).flatMap { index in
                    [0, 48].map { SlotTraffic(slot: (base + index * day) / 900 + $0, counted: counted(1, 1)) }
                }
            },
            now: base + 100 * day
        )
        while try store.expireQuarters(limit: 5000) {}
        func ask(_ from: Int64, _ to: Int64, _ step: UsageQuery.Step = .total) throws -> UsageReport {
            try self.ask(store, UsageQuery(users: .all, from: base + from, to: base + to, step: step))
        }
        let noon = day / 2
        let old = try ask(noon, 10 * day + noon)
        #expect(old.total.up == 20, "ten whole days begin in it")
        #expect(old.buckets[0].isEstimated)
        let next = try ask(10 * day + noon, 20 * day)
        #expect(old.total.up + next.total.up + (try ask(0, noon)).total.up == 40, "what adjoins adds up")
        let recent = try ask(90 * day + noon, 95 * day + noon)
        #expect(recent.total.up == 10)
        #expect(!recent.buckets[0].isEstimated)
        let hours = try ask(0, 100 * day, .hour)
        #expect(hours.from == base + 37 * day + noon, "hours are kept for 62 days")
        #expect(hours.total.up == 125)
    }

    @Test("gaps that overlap are told, and times that were not read are marked")
    func gaps() throws {
        let gap = { (from: Int64, to: Int64, cause: LedgerGap.Cause) in
            LedgerGap(
                server: ServerID(1),
                began: (self.base + from) * 1000,
                ended: (self.base + to) * 1000,
                cause: cause
            )
        }
        let gaps = [gap(-5, 5, .restart), gap(day + 10, day + 20, .unread), gap(9 * day, 9 * day + 1, .clock)]
        let store = try store { $0.gaps = gaps }
        let unfolded = UnfoldedTraffic(gaps: [gap(2 * day + 5, 2 * day + 6, .cleared)])
        let report = try ask(store, UsageQuery(users: .all, from: base, to: base + 3 * day, step: .day), unfolded)
        #expect(report.gaps == [gaps[0], gaps[1], unfolded.gaps[0]])
        #expect(report.buckets.map(\.isEstimated) == [false, true, false])
    }

    @Test("a question without an end is answered, and one that takes too long is given up")
    func limits() throws {
        let store = try store { fold in
            fold.users = [user(1, "wang")]
            fold.quarters = [SlotTraffic(slot: base / 900, counted: counted(1, 5))]
        }
        let report = try ask(store, UsageQuery(users: .all, from: -1 << 40, to: 1 << 40, step: .total))
        #expect(report.total.up == 5)
        var query = UsageQuery(users: .all, from: 0, to: 1 << 34, step: .total)
        query.milliseconds = 0
        // Too little is done for SQLite to look at the clock.
        #expect(try ask(store, query).total.up == 5)
        try store.database.execute(
            """
            WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 20000)
            INSERT INTO gap SELECT NULL, 1, i, i + 1, 'restart', 0 FROM c
            """
        )
        query.from = 1 << 33
        let error = #expect(throws: LedgerStorageError.self) { try ask(store, query) }
        #expect(error?.kind == .timeLimit)
    }

    @Test("an overview has today, the period and the last days of each user")
    func overview() throws {
        let store = try store { fold in
            fold.users = [user(1, "wang"), user(2, "lee", seen: 36), user(3, "zoe", seen: 40)]
            for index in 0...40 as ClosedRange<Int64> {
                fold.quarters.append(SlotTraffic(slot: (base + index * day) / 900, counted: counted(1, 1)))
                fold.quarters.append(SlotTraffic(slot: (base + index * day) / 900, counted: counted(1, 1, server: 2)))
                if index >= 36 {
                    fold.quarters.append(SlotTraffic(slot: (base + index * day) / 900, counted: counted(2, 3)))
                }
            }
            fold.undated = [counted(1, 1000)]
        }
        let now = base + 40 * day + 7000
        let unfolded = UnfoldedTraffic(
            users: [NewUser(id: UserID(4), name: [1])],
            slots: [
                SlotTraffic(slot: now / 900, counted: counted(4, 9)),
                SlotTraffic(slot: now / 900 - 96, counted: counted(1, 50)),
            ]
        )
        let query = OverviewQuery(now: now, monthBegins: 1, exceptions: [UserID(2): 13])
        let report = try OverviewReader(store.database, zone: LedgerFolder.zone).report(query, unfolded: unfolded)
        #expect(report.today.description == "2026-11-14")
        #expect(report.period.start.description == "2026-11-01")
        let wang = report[user: UserID(1)]
        #expect(wang.today.up == 2)
        #expect(wang.period.up == 28 + 50)
        #expect(wang.lastDays.up == 14 + 50)
        #expect(wang.dayCount == 7)
        let lee = report[user: UserID(2)]
        #expect(lee.today.up == 3)
        #expect(lee.period.up == 6, "its period began on the 13th")
        #expect(lee.lastDays.up == 9)
        #expect(lee.dayCount == 3, "the day on which it was seen first is not whole")
        #expect(report[user: UserID(3)] == UserOverview())
        #expect(report[user: UserID(4)].today.up == 9)
        #expect(report[user: UserID(99)] == UserOverview())
    }
}
