import NIOCore
import Testing

@testable import AnswerViews
@testable import Ledger

@Suite("usage as text")
struct UsageTextTests {
    private func text(_ report: UsageReport, step: UsageQuery.Step = .day, quotas: [UsageView.UserQuota] = []) -> String
    {
        written {
            UsageView(report, step: step, zone: utc, asOf: now, server: "vps1", quotas: quotas).writeText(into: &$0)
        }
    }

    private var report: UsageReport {
        var report = UsageReport(
            days: 30,
            from: "2026-11-15",
            users: [
                UserUsage("wang", [(0, gib, 3 * gib), (1, 5 << 20, gib / 2), (5, gib / 3, 7 * gib), (6, 12, 700)]),
                UserUsage("李小龙", id: 2, [(5, 3 * gib, 40 * gib), (12, 9000, 900_000_000)]),
            ],
            gaps: [
                LedgerGap(.restart, at: "2026-11-20T03:00:00Z", seconds: 9),
                LedgerGap(.unread, at: "2026-11-21T03:00:00Z", seconds: 900),
                LedgerGap(.cleared, at: "2026-11-24T03:00:00Z", seconds: 10),
            ]
        )
        report.buckets[6].isEstimated = true
        return report
    }

    @Test("by day: a row for each day with a bar, one for days without traffic, marks, and users below")
    func byDay() {
        let line = QuotaLine(
            UserOverview(period: Traffic(up: gib, down: 42 * gib), lastDays: 9 * gib, days: 5),
            quota: 100 * gib,
            monthBegins: 15,
            now: now,
            zone: utc
        )
        #expect(
            text(report, quotas: [.init(name: bytes("wang"), line: line)]) == """
                vps1 by day
                15 Nov 2026 to 14 Dec 2026, UTC
                as of 27 Nov 2026 10:15:20

                DAY                   UP      DOWN     TOTAL
                Sun 15 Nov      1.00 GiB  3.00 GiB  4.00 GiB  █▏
                Mon 16 Nov      5.00 MiB   512 MiB   517 MiB  ▏
                (3 without)
                Fri 20 Nov   !  3.33 GiB  47.0 GiB  50.3 GiB  ██████████████
                Sat 21 Nov   ~      12 B     700 B     712 B  ▏
                (2 without)
                Tue 24 Nov   !         -         -         -
                (2 without)
                Fri 27 Nov      8.79 KiB   858 MiB   858 MiB  ▎
                total           4.34 GiB  51.3 GiB  55.7 GiB

                USER            UP      DOWN     TOTAL
                李小龙    3.00 GiB  40.8 GiB  43.8 GiB  ████████████████████
                wang      1.34 GiB  10.5 GiB  11.8 GiB  █████▍
                total     4.34 GiB  51.3 GiB  55.7 GiB

                ~ estimated: the times of some traffic are not known

                ! something is not known:
                  20 Nov 03:00:00, 9 s: Hysteria restarted
                  24 Nov 03:00:00, 10 s: someone else cleared Hysteria

                wang: 43.00 GiB of 100.00 GiB from 15 Nov on
                  ████████▋░░░░░░░░░░░ 43%, 57.00 GiB left
                  resets on 15 Dec, will be about 74.6 GiB then

                """
        )
    }

    @Test(
        "no line is wider than a phone, whatever it is by",
        arguments: [
            UsageQuery.Step.total, .hour, .day, .month(begins: 1), .month(begins: 15),
        ]
    )
    func width(step: UsageQuery.Step) {
        for line in text(report, step: step).split(separator: "\n") {
            #expect(TextTable.width(of: String(line)) <= 60, "\(line)")
        }
    }

    @Test("in total there are users only, and one user has no table of users")
    func tables() {
        #expect(!text(report, step: .total).contains("DAY"))
        #expect(text(report, step: .total).contains("wang"))
        var one = report
        one.users.removeLast()
        #expect(text(one).hasPrefix("vps1 by day, wang\n"))
        #expect(!text(one).contains("USER"))
    }

    @Test(
        "buckets are called as people call them",
        arguments: [
            (UsageQuery.Step.hour, "15 Nov 00:00"), (.day, "Sun 15 Nov"), (.month(begins: 1), "Nov 2026"),
            (.month(begins: 15), "15 Nov 2026"),
        ]
    )
    func labels(step: UsageQuery.Step, expected: String) {
        let one = UsageReport(days: 30, from: "2026-11-15", users: [UserUsage("a", [(0, 1, 2)])])
        #expect(text(one, step: step).contains("\n\(expected) "))
    }

    @Test("days of more than a year have their year")
    func longLabels() {
        let one = UsageReport(days: 400, from: "2025-11-15", users: [UserUsage("a", [(0, 1, 2), (399, 1, 2)])])
        #expect(text(one).contains("\n15 Nov 2025 "))
        #expect(text(one).contains("(398 without)"))
    }

    @Test("a gap marks each bucket that it lies in, and no other")
    func gaps() {
        let users = [UserUsage("a", (0..<5).map { ($0, 1, 2) })]
        func marked(_ gap: LedgerGap) -> [Int] {
            let lines = text(UsageReport(days: 5, from: "2026-11-15", users: users, gaps: [gap])).split(separator: "\n")
            return (0..<5).filter { day in lines.contains { $0.contains(" \(15 + day) Nov ") && $0.contains("!") }
            }
        }
        #expect(marked(LedgerGap(.restart, at: "2026-11-16T10:00:00Z", seconds: 9)) == [1])
        #expect(marked(LedgerGap(.restart, at: "2026-11-16T23:59:59Z", seconds: 2)) == [1, 2])
        #expect(marked(LedgerGap(.restart, at: "2026-11-16T23:59:59Z", seconds: 1)) == [1])
        #expect(marked(LedgerGap(.restart, at: "2026-11-16T00:00:00Z", seconds: 0)) == [1])
        #expect(marked(LedgerGap(.restart, at: "2026-11-10T00:00:00Z", seconds: 30 * 86_400)) == [0, 1, 2, 3, 4])
        #expect(marked(LedgerGap(.unread, at: "2026-11-16T10:00:00Z", seconds: 900)) == [])
        #expect(marked(LedgerGap(.restart, at: "2026-11-25T10:00:00Z", seconds: 9)) == [])
    }

    @Test("of many gaps the newest are told")
    func manyGaps() {
        let gaps = (10..<25).map { LedgerGap(.restart, at: "2026-11-\($0)T03:00:00Z", seconds: 9) }
        let text = text(UsageReport(days: 30, from: "2026-11-01", users: [UserUsage("a", [(0, 1, 2)])], gaps: gaps))
        #expect(
            text.contains("24 Nov 03:00:00, 9 s") && text.contains("  15 Nov 03:00:00") && !text.contains("  14 Nov 03")
        )
        #expect(text.contains("  and 5 before them\n"))
    }

    @Test("without traffic it says so")
    func nothing() {
        #expect(
            text(UsageReport(days: 1, from: "2026-11-27", users: [])).hasSuffix(
                "27 Nov 2026 to 27 Nov 2026, UTC\nas of 27 Nov 2026 10:15:20\n\nNo traffic.\n"
            )
        )
    }
}
