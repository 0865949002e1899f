import HysteriaStats
import Ledger
import NIOCore

/// Each user's traffic, the largest first, with totals.
package enum TrafficTable {
    package static func write(_ answer: TrafficAnswer, into buffer: inout ByteBuffer) {
        var table = TextTable([("USER", .left), ("UP", .right), ("DOWN", .right), ("TOTAL", .right)])
        for entry in answer.entries.sorted(by: { Traffic(of: $0).all > Traffic(of: $1).all }) {
            add(DisplayText.escape(entry.user), Traffic(of: entry), to: &table)
        }
        var total = Traffic()
        for entry in answer.entries { total.add(entry) }
        add("(\(UserCount(answer.entries.count)))", total, to: &table)
        table.write(into: &buffer)
    }

    private static func add(_ name: String, _ total: Traffic, to table: inout TextTable) {
        table.add([
            name, ByteCount(total.up).description, ByteCount(total.down).description, ByteCount(total.all).description,
        ])
    }
}
