import Glibc
import Testing

@testable import Ledger

/// Sizes and times with many users: `LEDGER_BENCHMARK=50000 swift test -c release --filter LedgerBenchmark`.
@Suite("sizes and times", .enabled(if: ChildTest.variable("LEDGER_BENCHMARK") != nil))
struct LedgerBenchmark {
    private func time<Value>(_ what: String, count: Int = 1, _ body: () throws -> Value) rethrows -> Value {
        let (wall, processor) = (now(CLOCK_MONOTONIC), now(CLOCK_THREAD_CPUTIME_ID))
        let value = try body()
        let passed = (now(CLOCK_MONOTONIC) - wall) / count
        print("\(what): \(passed) us, of it processor \((now(CLOCK_THREAD_CPUTIME_ID) - processor) / count) us")
        return value
    }

    private func now(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    @Test("they are printed")
    func printed() throws {
        let count = Int(ChildTest.variable("LEDGER_BENCHMARK") ?? "") ?? 1000
        let folder = LedgerFolder()
        let base: Int64 = 1_794_960_000 / 900
        var random = StorageRandom(seed: 1)
        let store = try folder.open(now: base * 900).store
        let server = ServerID(1)
        let users = (1...count).map { UserID(Int64($0)) }
        var fold = LedgerFold(through: 1)
        fold.servers = [ServerImage(id: server, name: "vps1")]
        fold.users = users.map { UserImage(id: $0, name: Array("user-\($0.value)".utf8), firstSeen: 1, lastSeen: 1) }
        fold.counters = users.map {
            CounterImage(key: CounterKey(server: server, user: $0), total: random.traffic(), raw: random.traffic())
        }
        fold.views = (1...2).map { view in
            let taken = fold.counters.map { CountedTraffic($0.key, $0.total) }
            let image = ViewImage(id: ViewID(Int64(view)), name: "\(view)", began: 0, lastUsed: 0, taken: taken)
            return ViewChange(view: image, replacesOffer: false)
        }
        try time("first fold of \(count) users and two views") { try store.fold(fold) }
        func amount() -> Traffic { Traffic(up: random.next() >> 38, down: random.next() >> 34) }
        // 31 days of history: 60 % of the users a day.
        for day in 1...31 as ClosedRange<Int64> {
            var fold = LedgerFold(through: 1 + day)
            for user in users where random.chance(60) {
                let counted = CountedTraffic(CounterKey(server: server, user: user), amount())
                fold.quarters.append(SlotTraffic(slot: base - day * 96, counted: counted))
            }
            try store.fold(fold)
            store.writeBack()
        }
        var sequence: Int64 = 32
        func reading(_ share: Int) -> JournalRow {
            sequence += 1
            let amounts = users.compactMap { random.chance(share) ? AmountOfUser($0, amount()) : nil }
            let reading = AppliedReading(server: server, kind: .difference, amounts: amounts, mark: "m", gap: nil)
            return JournalRow(
                sequence: sequence,
                time: LedgerTime(wall: 0, boot: 0, bootID: 1),
                entry: .reading(reading)
            )
        }
        for share in [10, 100] {
            let rows = (0..<20).map { _ in reading(share) }
            try time("append, \(share) % of users", count: 20) { for row in rows { try store.append([row]) } }
        }
        for share in [20, 100] {
            var fold = LedgerFold(through: sequence)
            for user in users where random.chance(share) {
                let key = CounterKey(server: server, user: user)
                fold.users.append(
                    UserImage(id: user, name: Array("user-\(user.value)".utf8), firstSeen: 1, lastSeen: 2)
                )
                fold.counters.append(CounterImage(key: key, total: random.traffic(), raw: random.traffic()))
                fold.quarters.append(SlotTraffic(slot: base, counted: CountedTraffic(key, amount())))
            }
            try time("fold, \(share) % of users") { try store.fold(fold) }
            _ = time("checkpoint") { store.writeBack() }
            try store.append([reading(0)])
        }
        let from = base * 900 - 31 * 86_400
        var query = UsageQuery(users: .all, from: from, to: base * 900 + 900, step: .day)
        let reader = UsageReader(store.database, zone: LedgerFolder.zone)
        query.limit = 32 * 1000
        let report = try time("a month by day, \(min(count, 1000)) users") {
            try reader.report(query, unfolded: UnfoldedTraffic())
        }
        print("\(report.users.count) users, \(report.buckets.count) buckets")
        query.users = .named([Array("user-7".utf8)])
        _ = try time("a month by day, one user") { try reader.report(query, unfolded: UnfoldedTraffic()) }
        query.step = .hour
        _ = try time("a month by hour, one user") { try reader.report(query, unfolded: UnfoldedTraffic()) }
        query.step = .total
        query.users = .all
        query.limit = 100_000
        _ = try time("a month in total, all users") { try reader.report(query, unfolded: UnfoldedTraffic()) }
        let overview = OverviewReader(store.database, zone: LedgerFolder.zone)
        let today = OverviewQuery(now: base * 900 + 60, monthBegins: 16)
        _ = try time("overview of all users") { try overview.report(today, unfolded: UnfoldedTraffic()) }
        _ = try time("expire 5,000 rows") { try store.expireQuarters(limit: 5000) }
        print("status: \(store.status())")
        try time("close") { try store.close() }
        _ = try time("open") { try folder.open() }
    }
}
