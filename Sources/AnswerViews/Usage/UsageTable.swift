import HysteriaStats
import Ledger
import NIOCore

/// Rows with traffic, a bar as long as it, and marks.
struct UsageTable {
    private struct Row {
        let label: String
        let marks: String
        /// Nil: a row of words only.
        let traffic: Traffic?
    }

    /// As wide as a phone's terminal.
    private static let width = 60
    private static let barWidths = 6...20
    /// UP, DOWN and TOTAL, each of eight characters, and the spaces between all columns.
    private static let figuresWidth = 3 * 8 + 5 * 2

    private let head: String
    private var rows: [Row] = []
    private var total = Traffic()

    // MARK: Making

    /// A row for each bucket, all users together. Buckets without traffic between others are one row.
    static func buckets(of view: UsageView, _ words: DateWords) -> UsageTable {
        let report = view.report
        var sums = [Traffic](repeating: Traffic(), count: report.buckets.count)
        for user in report.users {
            for part in user.traffic { sums[part.bucket] += part.traffic }
        }
        let marks = marks(of: report)
        var table = UsageTable(head: "\(view.step.name)".uppercased())
        table.total = report.total
        let first = sums.firstIndex { !$0.isZero } ?? 0
        let last = sums.lastIndex { !$0.isZero } ?? -1
        let isLong = report.to - report.from > 330 * 86_400
        var empty = 0
        for index in sums.indices where index >= first && index <= last || !marks[index].isEmpty {
            if sums[index].isZero, marks[index].isEmpty {
                empty += 1
                continue
            }
            table.addEmpty(&empty)
            let label = words.label(report.buckets[index].start, of: view.step, isLong: isLong)
            table.rows.append(Row(label: label, marks: marks[index], traffic: sums[index]))
        }
        return table
    }

    /// A row for each user, those with the most first.
    static func users(of report: UsageReport) -> UsageTable {
        var table = UsageTable(head: "USER")
        table.total = report.total
        let order = report.users.indices.filter { !report.users[$0].total.isZero }
            .sorted { (report.users[$1].total.all, $0) < (report.users[$0].total.all, $1) }
        for index in order {
            let user = report.users[index]
            table.rows.append(Row(label: DisplayText.escape(user.name), marks: "", traffic: user.total))
        }
        return table
    }

    private init(head: String) {
        self.head = head
    }

    private mutating func addEmpty(_ count: inout Int) {
        if count > 0 {
            rows.append(Row(label: count == 1 ? "(1 without)" : "(\(count) without)", marks: "", traffic: nil))
        }
        count = 0
    }

    /// By bucket: `!` where something is not known, `~` where times are estimated.
    private static func marks(of report: UsageReport) -> [String] {
        var isGap = [Bool](repeating: false, count: report.buckets.count)
        for gap in report.gaps where gap.cause != .unread {
            var (low, high) = (0, report.buckets.count)
            while low < high {
                let middle = (low + high) / 2
                if report.buckets[middle].end <= gap.beganSecond { low = middle + 1 } else { high = middle }
            }
            // A gap of no length is in the bucket that it begins in.
            repeat {
                guard low < isGap.count, report.buckets[low].start <= gap.endedSecond else { break }
                isGap[low] = true
                low += 1
            } while low < isGap.count && report.buckets[low].start < gap.endedSecond
        }
        return report.buckets.indices.map { (isGap[$0] ? "!" : "") + (report.buckets[$0].isEstimated ? "~" : "") }
    }

    // MARK: Writing

    func write(into buffer: inout ByteBuffer) {
        var table = TextTable([.left, .left, .right, .right, .right, .left])
        table.add([head, "", "UP", "DOWN", "TOTAL", ""])
        let largest = rows.map { $0.traffic?.all ?? 0 }.max() ?? 0
        let labels = max(rows.map { TextTable.width(of: $0.label) }.max() ?? 0, head.count)
        let marks = rows.map(\.marks.count).max() ?? 0
        let space = Self.width - Self.figuresWidth - labels - marks
        let barWidth = min(max(space, Self.barWidths.lowerBound), Self.barWidths.upperBound)
        for row in rows {
            table.add(row.label)
            table.add(row.marks)
            add(row.traffic, to: &table)
            table.add(row.traffic.map { Bar.text($0.all, of: largest, width: barWidth) } ?? "")
        }
        table.add("total")
        table.add("")
        add(total, to: &table)
        table.add("")
        buffer.writeStaticString("\n")
        table.write(into: &buffer)
    }

    private func add(_ traffic: Traffic?, to table: inout TextTable) {
        for bytes in [traffic?.up, traffic?.down, traffic?.all] {
            table.add(ascii: { buffer in
                guard let bytes else { return }
                if bytes == 0 { buffer.writeStaticString("-") } else { ByteCount(bytes).writeShort(into: &buffer) }
            })
        }
    }
}

extension DateWords {
    /// What a bucket is called.
    fileprivate func label(_ start: Int64, of step: UsageQuery.Step, isLong: Bool) -> String {
        switch step {
        case .total: date(start)
        case .hour: "\(day(start)) \(clock(start))"
        case .day: isLong ? date(start) : weekday(start)
        case .month(begins: 1): month(start)
        case .month: date(start)
        }
    }
}

/// A bar of block characters, an eighth of a character fine.
enum Bar {
    private static let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// A bar as long as `width` for the largest value. Anything above zero is to be seen.
    static func text(_ value: UInt64, of largest: UInt64, width: Int) -> String {
        guard value > 0, largest > 0 else { return "" }
        let share = min(1, Double(value) / Double(largest))
        let eighths = max(1, Int((share * Double(width * 8)).rounded()))
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }

    /// The same on a ground that shows how long it could be: `███▌░░░░░░`.
    static func gauge(_ value: UInt64, of largest: UInt64, width: Int) -> String {
        let bar = text(value, of: largest, width: width)
        return bar + String(repeating: "░", count: width - bar.unicodeScalars.count)
    }
}
