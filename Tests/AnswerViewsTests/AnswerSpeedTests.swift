import HysteriaStats
import NIOCore
import Testing

@testable import AnswerViews
@testable import Ledger

/// What 50,000 users cost. In a debug build, which is a hundred times slower, it is tested with fewer that it works.
@Suite("50,000 users")
struct AnswerSpeedTests {
    #if DEBUG
        private static let count = 500
    #else
        private static let count = 50_000
    #endif

    /// The better of three, in milliseconds.
    private func measure(_ name: String, _ write: (inout ByteBuffer) -> Void) -> Double {
        var best = Duration.seconds(1000)
        var size = 0
        for _ in 0..<3 {
            var buffer = ByteBuffer()
            let time = ContinuousClock().measure { write(&buffer) }
            best = min(best, time)
            size = buffer.readableBytes
        }
        let milliseconds = Double(best.components.attoseconds) / 1e15 + Double(best.components.seconds) * 1000
        #if !DEBUG
            print("\(Self.count) \(name): \(milliseconds) ms, \(size) bytes")
        #endif
        return milliseconds
    }

    private func check(_ milliseconds: Double) {
        #if !DEBUG
            #expect(milliseconds < 100)
        #endif
    }

    @Test("users are written in well below 100 ms")
    func users() {
        let span = PeriodSpan(monthBegins: 15, now: now, zone: utc)
        let rows = (0..<Self.count).map { number in
            let used = UInt64(number) * 7_777_777
            let overview = UserOverview(period: Traffic(up: used / 10, down: used), lastDays: used / 2, days: 7)
            return UserRow(
                name: bytes("user-\(number)"),
                devices: UInt64(number % 4),
                total: Traffic(up: used, down: used * 9),
                rate: Traffic(up: used / 100_000, down: used / 10_000),
                // Over three years, so that times are not alike.
                lastSeen: (now - Int64(number) * 1900) * 1000,
                today: Traffic(up: used / 300, down: used / 30),
                period: QuotaLine(overview, quota: 100 * gib, span: span, now: now)
            )
        }
        let view = UsersView(rows, zone: utc, asOf: now, now: now, server: "vps1")
        check(measure("users as JSON") { view.writeJSON(into: &$0) })
        check(measure("users as CSV") { view.writeCSV(into: &$0) })
        check(measure("users as text") { view.writeText(into: &$0) })
    }

    @Test("usage is written in well below 100 ms")
    func usage() {
        let users = (0..<Self.count).map { number in
            UserUsage(
                "user-\(number)",
                id: Int64(number),
                [(0, UInt64(number) * 99, UInt64(number) * 9999), (1, 12, 345_678)]
            )
        }
        let report = UsageReport(days: 2, from: "2026-11-25", users: users)
        let view = UsageView(report, step: .day, zone: utc, asOf: now, server: "vps1")
        check(measure("usage as JSON") { view.writeJSON(into: &$0) })
        check(measure("usage as CSV") { view.writeCSV(into: &$0) })
        check(measure("usage as text") { view.writeText(into: &$0) })
    }

    @Test("traffic and connections are written in well below 100 ms")
    func answers() {
        let traffic = TrafficAnswer(
            entries: (0..<Self.count).map { .init(user: "user-\($0)", tx: UInt64($0) * 1_000_003, rx: .max) }
        )
        check(measure("traffic as CSV") { TrafficCSV.write(traffic, into: &$0) })
        check(measure("traffic as text") { TrafficTable.write(traffic, into: &$0) })
        check(measure("traffic as JSON") { $0 = traffic.encoded() })
    }
}
