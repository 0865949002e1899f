import NIOCore
import Testing

@testable import AnswerViews
@testable import Ledger

@Suite("quota")
struct QuotaLineTests {
    private func line(_ used: Traffic, of quota: UInt64?, lastDays: UInt64 = 0, days: Int64 = 0, at now: Int64 = now)
        -> QuotaLine
    {
        let overview = UserOverview(period: used, lastDays: lastDays, days: days)
        return QuotaLine(overview, quota: quota, monthBegins: 15, now: now, zone: utc)
    }

    @Test(
        "a period begins on its day, or on the last of a shorter month",
        arguments: [
            (15, "2026-11-27", "2026-11-15", "2026-12-15"), (15, "2026-11-14", "2026-10-15", "2026-11-15"),
            (15, "2026-11-15", "2026-11-15", "2026-12-15"), (31, "2026-02-27", "2026-01-31", "2026-02-28"),
            (31, "2026-02-28", "2026-02-28", "2026-03-31"), (1, "2026-12-31", "2026-12-01", "2027-01-01"),
        ]
    )
    func span(begins: Int, day: String, start: String, end: String) {
        for now in [moment(day), moment(day) + 86_399] {
            let span = PeriodSpan(monthBegins: begins, now: now, zone: utc)
            #expect(span.start == moment(start))
            #expect(span.end == moment(end))
            #expect(span.start <= now && now < span.end)
        }
    }

    @Test(
        "what is left, in bytes and percent",
        arguments: [
            (0, 100, 100, 0, false), (1, 3, 2, 33, false), (99, 100, 1, 99, false), (100, 100, 0, 100, true),
            (101, 100, 0, 101, true), (0, 0, 0, 100, true), (5, 0, 0, 100, true),
            (999_999_999_999, 1_000_000_000_000, 1, 99, false), (.max, .max, 0, 100, true), (.max, 1, 0, .max, true),
            (.max - 1, .max, 1, 99, false),
        ] as [(UInt64, UInt64, UInt64, UInt64, Bool)]
    )
    func remaining(used: UInt64, quota: UInt64, remaining: UInt64, percent: UInt64, isExceeded: Bool) {
        let line = line(Traffic(up: used), of: quota)
        #expect(line.remaining == remaining)
        #expect(line.percent == percent)
        #expect(line.isExceeded == isExceeded)
    }

    @Test("both ways count, and a sum beyond 64 bits stays at their largest value")
    func bothWays() {
        #expect(line(Traffic(up: 1, down: 2), of: 10).used == 3)
        #expect(line(Traffic(up: .max, down: 2), of: 10).used == .max)
    }

    @Test("without a quota nothing is said of one")
    func noQuota() {
        let line = line(Traffic(up: 1, down: 2), of: nil, lastDays: 7, days: 7)
        #expect(line.used == 3)
        #expect(line.remaining == nil && line.percent == nil && line.isExceeded == nil && line.willExceed == nil)
        #expect(line.forecast != nil)
    }

    @Test("the forecast goes on as the whole days before, and there is none before one of them")
    func forecast() {
        // The 27th at half past twelve: 17.5 days are left to the 15th.
        let noon = moment("2026-11-27T12:00:00Z")
        #expect(line(Traffic(down: 1000), of: nil, lastDays: 0, days: 0, at: noon).forecast == nil)
        #expect(line(Traffic(down: 1000), of: nil, lastDays: 200, days: 2, at: noon).forecast == 1000 + 1750)
        #expect(line(Traffic(down: 1000), of: nil, lastDays: 0, days: 7, at: noon).forecast == 1000)
        #expect(line(Traffic(down: 1000), of: nil, lastDays: .max, days: 1, at: noon).forecast == .max)
        // In the last second of a period next to nothing is left of it.
        #expect(
            line(Traffic(down: 1000), of: nil, lastDays: 700, days: 7, at: moment("2026-12-15") - 1).forecast == 1000
        )
    }

    @Test("a forecast at the quota or above it warns")
    func warning() {
        let noon = moment("2026-11-27T12:00:00Z")
        #expect(line(Traffic(down: 1000), of: 2750, lastDays: 200, days: 2, at: noon).willExceed == true)
        #expect(line(Traffic(down: 1000), of: 2751, lastDays: 200, days: 2, at: noon).willExceed == false)
        #expect(line(Traffic(down: 1000), of: 2751, at: noon).willExceed == nil)
    }
}

@Suite("subscription")
struct SubscriptionUserinfoTests {
    private func info(_ traffic: Traffic, of quota: UInt64?, expires: Int64? = nil) -> SubscriptionUserinfo {
        let line = QuotaLine(UserOverview(period: traffic), quota: quota, monthBegins: 15, now: now, zone: utc)
        return SubscriptionUserinfo(line, expires: expires)
    }

    @Test(
        "all four keys are there always, in the order and with the spaces that old apps look for",
        arguments: [
            (Traffic(up: 1, down: 2), 10, 1_798_675_200, "upload=1; download=2; total=10; expire=1798675200"),
            (Traffic(), nil, nil, "upload=0; download=0; total=0; expire=0"),
            // A quota of nothing is not one without a limit, and apps read signed numbers.
            (Traffic(up: 1), 0, nil, "upload=1; download=0; total=1; expire=0"),
            (
                Traffic(up: .max, down: 1 << 63), .max, -5,
                "upload=9223372036854775807; download=9223372036854775807; total=9223372036854775807; expire=0"
            ),
        ] as [(Traffic, UInt64?, Int64?, String)]
    )
    func header(traffic: Traffic, quota: UInt64?, expires: Int64?, expected: String) {
        #expect(info(traffic, of: quota, expires: expires).headerValue == expected)
    }

    @Test("the line says the same in words")
    func words() {
        let all = info(Traffic(up: gib, down: 3 * gib), of: 100 * gib, expires: moment("2026-12-31T12:00:00Z"))
        let line =
            "4.00 GiB of 100.00 GiB used (1.00 GiB up, 3.00 GiB down), resets on 15 Dec 2026, expires on 31 Dec 2026\n"
        #expect(written { all.writeText(into: &$0, zone: utc) } == line)
        #expect(written { all.writeBody(into: &$0, zone: utc) } == "STATUS=\(line)")
        let little = info(Traffic(), of: nil)
        #expect(
            written { little.writeText(into: &$0, zone: utc) } == "0 B used (0 B up, 0 B down), resets on 15 Dec 2026\n"
        )
    }
}
