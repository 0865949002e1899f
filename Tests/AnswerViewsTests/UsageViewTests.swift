import NIOCore
import Testing

@testable import AnswerViews
@testable import Ledger

@Suite("usage")
struct UsageViewTests {
    private func view(
        _ report: UsageReport,
        step: UsageQuery.Step = .day,
        zone: CivilZone = utc,
        quotas: [UsageView.UserQuota] = []
    ) -> UsageView {
        UsageView(report, step: step, zone: zone, asOf: now, server: "vps1", quotas: quotas)
    }

    // MARK: JSON

    @Test("in another zone JSON has its offset, and what the design shows")
    func zoneOfJSON() {
        let child = ZoneChild.run("usageInShanghai", zone: "Asia/Shanghai")
        #expect(child.hasPassed, "\(child.output)")
    }

    @Test("the part of a process in Shanghai", .enabled(if: ZoneChild.zone?.name == "Asia/Shanghai"))
    func usageInShanghai() throws {
        let zone = try #require(ZoneChild.zone)
        let report = UsageReport(
            days: 30,
            from: "2026-11-15",
            zone: zone,
            users: [UserUsage("wang", [(0, 514, 4017)])],
            gaps: [
                LedgerGap(
                    server: ServerID(1),
                    began: moment("2026-11-20T03:00:00Z", zone) * 1000,
                    ended: moment("2026-11-20T03:00:08Z", zone) * 1000 + 1,
                    cause: .restart
                )
            ]
        )
        let text = written { view(report, zone: zone).writeJSON(into: &$0) }
        #expect(
            text
                == #"""
                {"timeZone":"Asia/Shanghai","by":"day","from":"2026-11-15T00:00:00+08:00","to":"2026-12-15T00:00:00+08:00",
                "asOf":"2026-11-27T10:15:20Z","server":"vps1","users":[{"user":"wang","tx":514,"rx":4017,"buckets":[
                {"start":"2026-11-15T00:00:00+08:00","end":"2026-11-16T00:00:00+08:00","tx":514,"rx":4017,"estimated":false}]}],
                "total":{"tx":514,"rx":4017},
                "gaps":[{"from":"2026-11-20T03:00:00Z","to":"2026-11-20T03:00:09Z","cause":"restart"}]}
                """#.replacing("\n", with: "")
        )
    }

    @Test("an hour that comes twice has two offsets")
    func zoneOfHours() {
        let child = ZoneChild.run("usageInBerlin", zone: "Europe/Berlin")
        #expect(child.hasPassed, "\(child.output)")
    }

    @Test("the part of a process in Berlin", .enabled(if: ZoneChild.zone?.name == "Europe/Berlin"))
    func usageInBerlin() throws {
        let zone = try #require(ZoneChild.zone)
        var moments = MomentWriter(zone)
        // Backwards and forwards, so that what is remembered of one hour is not taken for another.
        for hour in [0, 1, 2, 3, 2, 1, 0] as [Int64] {
            let moment = moment("2026-10-25T00:00:00Z", zone) + hour * 3600
            let text = written { moments.write(moment, into: &$0) }
            #expect(text == zone.text(of: moment))
        }
        #expect(
            written { moments.write(moment("2026-10-25T00:30:00Z", zone), into: &$0) } == "2026-10-25T02:30:00+02:00"
        )
        #expect(
            written { moments.write(moment("2026-10-25T01:30:00Z", zone), into: &$0) } == "2026-10-25T02:30:00+01:00"
        )
        let span = PeriodSpan(monthBegins: 25, now: moment("2026-10-25T12:00:00Z", zone), zone: zone)
        #expect(span.start == moment("2026-10-24T22:00:00Z", zone))
        #expect(span.end == moment("2026-11-24T23:00:00Z", zone))
    }

    @Test("buckets and users are told apart, and estimated ones are marked")
    func buckets() {
        var report = UsageReport(
            days: 3,
            from: "2026-11-25",
            users: [UserUsage("a", [(0, 1, 2), (2, 3, 4)]), UserUsage("b", id: 2, [(1, 5, 6), (2, 0, 0)])]
        )
        report.buckets[2].isEstimated = true
        let text = written { view(report).writeJSON(into: &$0) }
        #expect(
            text.contains(
                #""tx":3,"rx":4,"estimated":true}]},{"user":"b","tx":5,"rx":6,"buckets":[{"start":"2026-11-26T"#
            )
        )
        #expect(text.contains(#""total":{"tx":9,"rx":12},"gaps":[]}"#))
        #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
        // The empty one is left out.
        #expect(text.ranges(of: "estimated").count == 3)
        #expect(
            written { view(UsageReport(days: 1, from: "2026-11-25", users: [])).writeJSON(into: &$0) }.contains(
                #""users":[]"#
            )
        )
    }

    @Test(
        "a name that is no UTF-8 is repaired, and one with quotes is escaped",
        arguments: [
            ([0x61, 0xff, 0x62], #""a�b""#), (bytes("a\"b"), #""a\"b""#), (bytes("王<"), #""王\u003c""#), ([], #""""#),
            ([0x7f], "\"\u{7f}\""), ([0x0a], #""\n""#),
        ]
    )
    func names(name: [UInt8], expected: String) {
        var report = UsageReport(days: 1, from: "2026-11-25", users: [UserUsage("", [(0, 1, 2)])])
        report.users[0].name = name
        let text = written { view(report).writeJSON(into: &$0) }
        #expect(text.contains("{\"user\":\(expected),"))
    }

    @Test("what was counted without a date, quotas and no reading are told")
    func extras() {
        var report = UsageReport(days: 1, from: "2026-11-25", users: [UserUsage("a", [])])
        report.users[0].undated = Traffic(up: 7, down: 8)
        let line = QuotaLine(
            UserOverview(period: Traffic(up: 1, down: 2)),
            quota: 10,
            monthBegins: 15,
            now: now,
            zone: utc
        )
        let view = UsageView(
            report,
            step: .month(begins: 15),
            zone: utc,
            asOf: nil,
            server: "vps1",
            quotas: [UsageView.UserQuota(name: bytes("a"), line: line)]
        )
        let text = written { view.writeJSON(into: &$0) }
        #expect(text.contains(#""by":"month""#))
        #expect(text.contains(#""asOf":null"#))
        #expect(text.contains(#"{"user":"a","tx":0,"rx":0,"buckets":[],"undated":{"tx":7,"rx":8}}"#))
        let period = #""period":{"start":"2026-11-15T00:00:00+00:00","end":"2026-12-15T00:00:00+00:00","tx":1,"rx":2,"#
        let quota = #""used":3,"quota":10,"remaining":7,"percent":30,"exceeded":false,"forecast":null}"#
        #expect(text.hasSuffix(#","quotas":[{"user":"a",\#(period)\#(quota)}]}"#))
    }

    // MARK: CSV

    @Test("CSV has a row for each user and bucket with traffic")
    func csv() {
        var report = UsageReport(
            days: 2,
            from: "2026-11-25",
            users: [
                UserUsage("=1+1", [(0, 1, 2), (1, 3, 4)]), UserUsage("a,\"b\"", id: 2, [(1, 0, 0)]),
                UserUsage("c", [(1, 5, 6)]),
            ]
        )
        report.buckets[1].isEstimated = true
        let text = written { view(report).writeCSV(into: &$0) }
        #expect(
            text == """
                server,user,start,end,tx,rx,estimated\r
                vps1,\t=1+1,2026-11-25T00:00:00+00:00,2026-11-26T00:00:00+00:00,1,2,false\r
                vps1,\t=1+1,2026-11-26T00:00:00+00:00,2026-11-27T00:00:00+00:00,3,4,true\r
                vps1,c,2026-11-26T00:00:00+00:00,2026-11-27T00:00:00+00:00,5,6,true\r

                """
        )
    }
}
