import HysteriaStats
import Ledger
import NIOCore

/// The state of things at a glance.
package enum TrafficSummary {
    /// The users named, those with the most traffic.
    private static let named = 10

    package static func write(_ answer: TrafficAnswer, into buffer: inout ByteBuffer) {
        let total = total(of: answer)
        buffer.writeString("\(UserCount(answer.entries.count)), \(ByteCount(total.all)) in all: ")
        buffer.writeString("\(ByteCount(total.up)) up, \(ByteCount(total.down)) down\n")
        var largest = answer
        largest.entries.sort { Traffic(of: $0).all > Traffic(of: $1).all }
        let others = largest.entries.dropFirst(named).count
        guard !largest.entries.isEmpty else { return }
        var table = TextTable([.left, .right, .right])
        for entry in largest.entries.prefix(named) {
            table.add([
                DisplayText.escape(entry.user), "\(ByteCount(entry.tx)) up", "\(ByteCount(entry.rx)) down",
            ])
        }
        table.write(into: &buffer)
        if others > 0 { buffer.writeString("and \(UserCount(others)) more: /traffic names all\n") }
    }

    /// `{"users":2,"tx":8304,"rx":450640}`, with Hysteria's names.
    package static func writeJSON(_ answer: TrafficAnswer, into buffer: inout ByteBuffer) {
        let total = total(of: answer)
        buffer.writeString(#"{"users":\#(answer.entries.count),"tx":\#(total.up),"rx":\#(total.down)}"#)
    }

    private static func total(of answer: TrafficAnswer) -> Traffic {
        var total = Traffic()
        for entry in answer.entries { total.add(entry) }
        return total
    }
}
