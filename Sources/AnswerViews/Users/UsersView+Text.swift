import JSON
import Ledger
import NIOCore

extension UsersView {
    /// A table, those with the most traffic in the period first. A column is there if there is anything in it.
    package func writeText(into buffer: inout ByteBuffer) {
        let words = DateWords(zone: zone)
        buffer.writeString(server)
        if let asOf { buffer.writeString(", as of \(words.date(asOf)) \(words.clockToSecond(asOf))") }
        buffer.writeStaticString("\n")
        if let span = commonSpan {
            buffer.writeString("period: \(words.date(span.start)) to \(words.date(span.end - 1))\n")
        }
        buffer.writeStaticString("\n")
        let columns = Column.allCases.filter { column in rows.contains { column.isKnown($0) } }
        var table = TextTable([("USER", .left)] + columns.map { ($0.head, .right) })
        for index in order() {
            let row = rows[index]
            table.add(name: row.name)
            for column in columns {
                table.add(ascii: { if column.isKnown(row) { column.write(row, now: now, into: &$0) } })
            }
        }
        table.add("(\(UserCount(rows.count)))")
        let sums = sums()
        for column in columns { table.add(ascii: { column.writeSum(sums, into: &$0) }) }
        table.write(into: &buffer)
        writeMarks(into: &buffer)
    }

    /// The period, if all users have the same.
    private var commonSpan: PeriodSpan? {
        guard let span = rows.lazy.compactMap({ $0.period?.span }).first else { return nil }
        return rows.allSatisfy { $0.period.map { $0.span == span } ?? true } ? span : nil
    }

    private func order() -> [Int] {
        let keys = rows.map { ($0.period?.used ?? 0, $0.total?.all ?? 0, $0.devices ?? 0) }
        return rows.indices.sorted { keys[$0] != keys[$1] ? keys[$0] > keys[$1] : $0 < $1 }
    }

    private func sums() -> UserRow {
        var sums = UserRow(name: [])
        var devices: UInt64 = 0
        var (total, rate, today, period) = (Traffic(), Traffic(), Traffic(), UserOverview())
        for row in rows {
            devices = devices &+ (row.devices ?? 0)
            if let traffic = row.total { total += traffic }
            if let traffic = row.rate { rate += traffic }
            if let traffic = row.today { today += traffic }
            if let line = row.period { period.period += line.traffic }
        }
        (sums.devices, sums.total, sums.rate, sums.today) = (devices, total, rate, today)
        let span = rows.lazy.compactMap { $0.period?.span }.first
        sums.period = span.map { QuotaLine(period, quota: nil, span: $0, now: now) }
        return sums
    }

    private func writeMarks(into buffer: inout ByteBuffer) {
        if rows.contains(where: { $0.period?.isExceeded == true }) {
            buffer.writeStaticString("! the quota is used up\n")
        }
        if rows.contains(where: { $0.period.map { $0.isExceeded == false && $0.willExceed == true } ?? false }) {
            buffer.writeStaticString("^ it will be, at the pace of the last days\n")
        }
    }
}

/// A column of the table, the most wanted first: on a narrow screen the others are out of sight.
private enum Column: CaseIterable {
    case devices, rate, today, period, quota, seen, up, down

    var head: String {
        switch self {
        case .devices: "ON"
        case .rate: "NOW/s"
        case .today: "TODAY"
        case .period: "PERIOD"
        case .quota: "QUOTA"
        case .seen: "SEEN"
        case .up: "UP"
        case .down: "DOWN"
        }
    }

    func isKnown(_ row: UserRow) -> Bool {
        switch self {
        case .devices: row.devices != nil
        case .rate: row.rate != nil
        case .today: row.today != nil
        case .period: row.period != nil
        case .quota: row.period?.quota != nil
        case .seen: row.lastSeenSecond != nil
        case .up, .down: row.total != nil
        }
    }

    /// Writes a cell of what is known.
    func write(_ row: UserRow, now: Int64, into buffer: inout ByteBuffer) {
        switch self {
        case .quota:
            guard let line = row.period, let percent = line.percent else { return }
            if line.isExceeded == true {
                buffer.writeStaticString("!")
            } else if line.willExceed == true {
                buffer.writeStaticString("^")
            }
            buffer.writeDecimal(percent)
            buffer.writeStaticString("%")
        case .seen:
            guard let seen = row.lastSeenSecond else { return }
            buffer.writeString(now - seen < 60 ? "now" : DateWords.duration(now - seen))
        case .devices, .rate, .today, .period, .up, .down:
            writeSum(row, into: &buffer)
        }
    }

    /// Writes a cell of figures that can be added up; nothing in other columns.
    func writeSum(_ row: UserRow, into buffer: inout ByteBuffer) {
        let bytes: UInt64?
        switch self {
        case .devices:
            if let devices = row.devices {
                devices == 0 ? _ = buffer.writeStaticString("-") : buffer.writeDecimal(devices)
            }
            return
        case .quota, .seen: return
        case .rate: bytes = row.rate?.all
        case .today: bytes = row.today?.all
        case .period: bytes = row.period?.used
        case .up: bytes = row.total?.up
        case .down: bytes = row.total?.down
        }
        guard let bytes else { return }
        if bytes == 0 { buffer.writeStaticString("-") } else { ByteCount(bytes).writeShort(into: &buffer) }
    }
}
