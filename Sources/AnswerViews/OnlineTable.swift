import HysteriaStats
import NIOCore

/// Who is online, those with the most connections first.
package enum OnlineTable {
    package static func write(_ answer: OnlineAnswer, into buffer: inout ByteBuffer) {
        var table = TextTable([("USER", .left), ("CONNECTIONS", .right)])
        var total: UInt64 = 0
        for entry in answer.entries.sorted(by: { $0.connections > $1.connections }) {
            table.add([DisplayText.escape(entry.user), String(entry.connections)])
            total &+= entry.connections
        }
        table.add(["(\(UserCount(answer.entries.count)))", String(total)])
        table.write(into: &buffer)
    }
}

/// `1 user`, `2 users`.
package struct UserCount: CustomStringConvertible {
    package let count: Int

    package init(_ count: Int) {
        self.count = count
    }

    package var description: String { count == 1 ? "1 user" : "\(count) users" }
}
