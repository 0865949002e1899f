import Ledger
import NIOCore

extension ClearsView {
    /// So many users are named of each clear, those with the most.
    private static let named = 5

    /// The clears, the newest first, and who had how much in them.
    package func writeText(into buffer: inout ByteBuffer) {
        let words = DateWords(zone: zone)
        let began = view.began.quotientRoundedDown(1000)
        buffer.writeString("view \(DisplayText.escape(view.name)) of \(server)")
        buffer.writeString(", since \(words.date(began)) \(words.clock(began))\n")
        if let acknowledged = view.acknowledged {
            buffer.writeString("cursor: \(acknowledged) acknowledged")
            if let offered = view.offered { buffer.writeString(", \(offered) offered") }
            buffer.writeStaticString("\n")
        }
        if clears.isEmpty {
            buffer.writeStaticString("No clear yet.\n")
            return
        }
        var table = TextTable([
            ("ID", .right), ("AT", .left), ("VERDICT", .left), ("UP", .right), ("DOWN", .right),
        ])
        for clear in clears { add(clear, to: &table, words) }
        buffer.writeStaticString("\n")
        table.write(into: &buffer)
        writeVerdicts(into: &buffer)
    }

    private func add(_ clear: Clear, to table: inout TextTable, _ words: DateWords) {
        table.add([
            String(clear.id.value), "\(words.day(clear.at)) \(words.clockToSecond(clear.at))", "\(clear.verdict.name)",
            ByteCount(clear.total.up).short, ByteCount(clear.total.down).short,
        ])
        let order = clear.amounts.indices
            .sorted { (clear.amounts[$1].traffic.all, $0) < (clear.amounts[$0].traffic.all, $1) }
        for index in order.prefix(Self.named) {
            let amount = clear.amounts[index]
            table.add([
                "", "  \(DisplayText.escape(amount.name))", "", ByteCount(amount.traffic.up).short,
                ByteCount(amount.traffic.down).short,
            ])
        }
        let others = clear.amounts.count - Self.named
        if others > 0 { table.add(["", "  and \(UserCount(others)) more", "", "", ""]) }
    }

    /// What the verdicts mean that are not as they should be.
    private func writeVerdicts(into buffer: inout ByteBuffer) {
        if clears.contains(where: { $0.verdict == .returned }) {
            buffer.writeStaticString("returned: the answer was lost; the bytes are in the view again\n")
        }
        if clears.contains(where: { $0.verdict == .undecided }) {
            buffer.writeStaticString("undecided: it is not known yet whether the answer arrived\n")
        }
    }
}
