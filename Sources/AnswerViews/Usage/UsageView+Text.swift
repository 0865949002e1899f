import HysteriaStats
import Ledger
import NIOCore

extension UsageView {
    /// A table that fits a phone of 60 columns, with a bar in each row: a row for each bucket, and one for each user where
    /// there are several.
    package func writeText(into buffer: inout ByteBuffer) {
        let words = DateWords(zone: zone)
        writeHead(into: &buffer, words)
        if report.users.allSatisfy(\.total.isZero) {
            buffer.writeStaticString("\nNo traffic.\n")
        } else {
            if step != .total { UsageTable.buckets(of: self, words).write(into: &buffer) }
            if step == .total || report.users.count > 1 { UsageTable.users(of: report).write(into: &buffer) }
        }
        writeMarks(into: &buffer, words)
        writeQuotas(into: &buffer, words)
    }

    /// Whom and when it is about.
    private func writeHead(into buffer: inout ByteBuffer, _ words: DateWords) {
        buffer.writeString(server)
        if step != .total {
            buffer.writeStaticString(" by ")
            buffer.writeStaticString(step.name)
        }
        if report.users.count == 1 { buffer.writeString(", \(DisplayText.escape(report.users[0].name))") }
        buffer.writeString("\n\(edge(report.from, words)) to \(edge(report.to, words, isEnd: true)), \(zone.name)\n")
        guard let asOf else { return }
        buffer.writeString("as of \(words.date(asOf)) \(words.clockToSecond(asOf))\n")
    }

    /// A day where the range begins and ends with days. A range that ends with a day is said to end on that day, not on the
    /// next.
    private func edge(_ moment: Int64, _ words: DateWords, isEnd: Bool = false) -> String {
        let date = zone.date(of: moment)
        guard zone.start(of: date) == moment else { return "\(words.date(moment)) \(words.clock(moment))" }
        return words.date(isEnd ? moment - 1 : moment)
    }

    /// What the marks mean, and the gaps one by one.
    private func writeMarks(into buffer: inout ByteBuffer, _ words: DateWords) {
        let gaps = report.gaps.filter { $0.cause != .unread }
        if report.buckets.contains(where: \.isEstimated) {
            buffer.writeStaticString("\n~ estimated: the times of some traffic are not known\n")
        }
        guard !gaps.isEmpty else { return }
        buffer.writeStaticString("\n! something is not known:\n")
        for gap in gaps.suffix(Self.gapsTold) {
            let length = DateWords.duration(gap.endedSecond - gap.beganSecond)
            buffer.writeString("  \(words.day(gap.beganSecond)) \(words.clockToSecond(gap.beganSecond)), \(length): ")
            buffer.writeStaticString(gap.cause.words)
            buffer.writeStaticString("\n")
        }
        if gaps.count > Self.gapsTold {
            buffer.writeString("  and \(gaps.count - Self.gapsTold) before them\n")
        }
    }

    /// So many gaps are told one by one.
    private static let gapsTold = 10

    private func writeQuotas(into buffer: inout ByteBuffer, _ words: DateWords) {
        for quota in quotas {
            let line = quota.line
            buffer.writeString("\n\(DisplayText.escape(quota.name)): \(ByteCount(line.used))")
            if let bytes = line.quota { buffer.writeString(" of \(ByteCount(bytes))") }
            buffer.writeString(" from \(words.day(line.span.start)) on\n")
            if let bytes = line.quota, let percent = line.percent, let remaining = line.remaining {
                buffer.writeString("  \(Bar.gauge(line.used, of: bytes, width: 20)) \(percent)%, ")
                buffer.writeString(remaining == 0 ? "nothing left" : "\(ByteCount(remaining)) left")
                buffer.writeStaticString("\n")
            }
            buffer.writeString("  resets on \(words.day(line.span.end))")
            if let forecast = line.forecast { buffer.writeString(", will be about \(ByteCount(forecast).short) then") }
            buffer.writeStaticString("\n")
        }
    }
}

extension LedgerGap.Cause {
    /// What happened, in words.
    var words: StaticString {
        switch self {
        case .restart: "Hysteria restarted"
        case .cleared: "someone else cleared Hysteria"
        case .unread: "Hysteria was not read"
        case .lost: "the ledger's file was lost"
        case .clock: "the clock was set"
        }
    }
}
