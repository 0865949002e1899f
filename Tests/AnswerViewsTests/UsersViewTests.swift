import NIOCore
import Testing

@testable import AnswerViews
@testable import Ledger

@Suite("users")
struct UsersViewTests {
    private func line(_ used: UInt64, of quota: UInt64?, lastDays: UInt64 = 0, days: Int64 = 0) -> QuotaLine {
        let overview = UserOverview(period: Traffic(up: 1, down: used - 1), lastDays: lastDays, days: days)
        return QuotaLine(overview, quota: quota, monthBegins: 15, now: now, zone: utc)
    }

    private func view(_ rows: [UserRow]) -> UsersView {
        UsersView(rows, zone: utc, asOf: now, now: now, server: "vps1")
    }

    private var wang: UserRow {
        UserRow(
            name: bytes("wang"),
            devices: 2,
            total: Traffic(up: 3, down: 4),
            rate: Traffic(up: 5, down: 6),
            lastSeen: now * 1000 - 1,
            today: Traffic(up: 7, down: 8),
            period: line(30, of: 100, lastDays: 7, days: 7)
        )
    }

    @Test("JSON has all that is known of a user")
    func json() {
        #expect(
            written { view([wang]).writeJSON(into: &$0) }
                == #"""
                {"timeZone":"UTC","asOf":"2026-11-27T10:15:20Z","server":"vps1","durable":true,"users":[
                {"user":"wang","devices":2,"tx":3,"rx":4,"rate":{"tx":5,"rx":6},"lastSeen":"2026-11-27T10:15:19+00:00",
                "today":{"tx":7,"rx":8},
                "period":{"start":"2026-11-15T00:00:00+00:00","end":"2026-12-15T00:00:00+00:00","tx":1,"rx":29,"used":30,
                "quota":100,"remaining":70,"percent":30,"exceeded":false,"forecast":47}}]}
                """#.replacing("\n", with: "")
        )
    }

    @Test("JSON says that the ledger cannot be written")
    func outage() {
        let view = UsersView([], zone: utc, asOf: nil, now: now, server: "vps1", isDurable: false)
        #expect(
            written { view.writeJSON(into: &$0) }
                == #"{"timeZone":"UTC","asOf":null,"server":"vps1","durable":false,"users":[]}"#
        )
    }

    @Test("what is not known or not allowed is null")
    func nothing() {
        let expected =
            #"{"user":"a","devices":null,"tx":null,"rx":null,"rate":null,"lastSeen":null,"today":null,"period":null}"#
        #expect(written { view([UserRow(name: bytes("a"))]).writeJSON(into: &$0) }.hasSuffix("[\(expected)]}"))
        #expect(
            written { view([UserRow(name: bytes("a"), lastSeen: 0)]).writeJSON(into: &$0) }.hasSuffix("[\(expected)]}")
        )
        #expect(
            written { view([UserRow(name: bytes("a"))]).writeCSV(into: &$0) }.hasSuffix(
                "\r\nvps1,a,,,,,,,,,,,,,,,,,,\r\n"
            )
        )
        #expect(written { view([]).writeJSON(into: &$0) }.hasSuffix(#""users":[]}"#))
    }

    @Test("CSV has as many fields in each row as there are heads")
    func csv() {
        let rows = written { view([wang, UserRow(name: bytes("=b"))]).writeCSV(into: &$0) }.split(separator: "\r\n")
        #expect(rows.count == 3)
        for row in rows { #expect(row.split(separator: ",", omittingEmptySubsequences: false).count == 20) }
        #expect(
            rows[1] == """
                vps1,wang,2,3,4,5,6,2026-11-27T10:15:19+00:00,7,8,\
                2026-11-15T00:00:00+00:00,2026-12-15T00:00:00+00:00,1,29,30,100,70,30,false,47
                """
        )
        #expect(rows[2].hasPrefix("vps1,\t=b,"))
    }

    @Test("the table has those with the most traffic in the period first, and marks quotas")
    func text() {
        var (busy, idle, new) = (wang, wang, UserRow(name: bytes("new"), devices: 1))
        busy.name = bytes("李小龙")
        busy.period = line(103, of: 100)
        busy.lastSeen = (now - 400) * 1000
        idle.name = bytes("a")
        (idle.devices, idle.rate, idle.today, idle.period) = (
            0, Traffic(), Traffic(), line(20, of: 30, lastDays: 70, days: 7)
        )
        new.total = Traffic()
        #expect(
            written { view([new, idle, wang, busy]).writeText(into: &$0) } == """
                vps1, as of 27 Nov 2026 10:15:20
                period: 15 Nov 2026 to 14 Dec 2026

                USER       ON  NOW/s  TODAY  PERIOD  QUOTA   SEEN   UP  DOWN
                李小龙      2   11 B   15 B   103 B  !103%  6 min  3 B   4 B
                wang        2   11 B   15 B    30 B    30%    now  3 B   4 B
                a           -      -      -    20 B   ^66%    now  3 B   4 B
                new         1                                        -     -
                (4 users)   5   22 B   30 B   153 B                9 B  12 B
                ! the quota is used up
                ^ it will be, at the pace of the last days

                """
        )
    }

    @Test("a column that nothing is known of is not there, and periods that differ are not told")
    func columns() {
        let few = written { view([UserRow(name: bytes("a"), devices: 1)]).writeText(into: &$0) }
        #expect(few.hasSuffix("\n\nUSER      ON\na          1\n(1 user)   1\n"))
        #expect(!few.contains("period"))
        var other = wang
        other.period = QuotaLine(UserOverview(period: Traffic()), quota: nil, monthBegins: 1, now: now, zone: utc)
        #expect(!written { view([wang, other]).writeText(into: &$0) }.contains("period:"))
        #expect(written { view([]).writeText(into: &$0) }.hasSuffix("USER\n(0 users)\n"))
    }
}
