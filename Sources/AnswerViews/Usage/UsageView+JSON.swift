import JSON
import Ledger
import NIOCore

extension UsageView {
    /// Buckets without traffic are left out. `quotas` is there if there are any, and `undated` for a user whom Hysteria had
    /// counted before the ledger began.
    package func writeJSON(into buffer: inout ByteBuffer) {
        var moments = MomentWriter(zone)
        buffer.writeStaticString("{\"timeZone\":")
        buffer.writeJSONString(zone.name)
        buffer.writeStaticString(",\"by\":\"")
        buffer.writeStaticString(step.name)
        buffer.writeStaticString("\",\"from\":")
        moments.writeJSON(report.from, into: &buffer)
        buffer.writeStaticString(",\"to\":")
        moments.writeJSON(report.to, into: &buffer)
        buffer.writeStaticString(",\"asOf\":")
        MomentWriter.writeUTCJSON(asOf, into: &buffer)
        buffer.writeStaticString(",\"server\":")
        buffer.writeJSONString(server)
        buffer.writeStaticString(",\"users\":[")
        let times = bucketTimes(&moments)
        for (index, user) in report.users.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            write(user, times, into: &buffer)
        }
        buffer.writeStaticString("],\"total\":")
        buffer.writeTraffic(report.total)
        buffer.writeStaticString(",\"gaps\":[")
        for (index, gap) in report.gaps.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            write(gap, into: &buffer)
        }
        buffer.writeStaticString("]")
        if !quotas.isEmpty { writeQuotas(into: &buffer, &moments) }
        buffer.writeStaticString("}")
    }

    private func write(_ user: UserUsage, _ times: [ByteBuffer], into buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"user\":")
        buffer.writeJSONString(user.name)
        buffer.writeStaticString(",")
        buffer.writeTrafficMembers(user.total)
        buffer.writeStaticString(",\"buckets\":[")
        var isFirst = true
        for part in user.traffic where !part.traffic.isZero {
            if !isFirst { buffer.writeStaticString(",") }
            isFirst = false
            buffer.writeImmutableBuffer(times[part.bucket])
            buffer.writeTrafficMembers(part.traffic)
            buffer.writeStaticString(
                report.buckets[part.bucket].isEstimated ? ",\"estimated\":true}" : ",\"estimated\":false}"
            )
        }
        buffer.writeStaticString("]")
        if !user.undated.isZero {
            buffer.writeStaticString(",\"undated\":")
            buffer.writeTraffic(user.undated)
        }
        buffer.writeStaticString("}")
    }

    /// How each bucket's object begins: `{"start":"…","end":"…",`.
    private func bucketTimes(_ moments: inout MomentWriter) -> [ByteBuffer] {
        report.buckets.map { bucket in
            var text = ByteBuffer()
            text.writeStaticString("{\"start\":")
            moments.writeJSON(bucket.start, into: &text)
            text.writeStaticString(",\"end\":")
            moments.writeJSON(bucket.end, into: &text)
            text.writeStaticString(",")
            return text
        }
    }

    private func write(_ gap: LedgerGap, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"from\":")
        MomentWriter.writeUTCJSON(gap.beganSecond, into: &buffer)
        buffer.writeStaticString(",\"to\":")
        MomentWriter.writeUTCJSON(gap.endedSecond, into: &buffer)
        buffer.writeStaticString(",\"cause\":\"")
        buffer.writeString(gap.cause.rawValue)
        buffer.writeStaticString("\"}")
    }

    private func writeQuotas(into buffer: inout ByteBuffer, _ moments: inout MomentWriter) {
        buffer.writeStaticString(",\"quotas\":[")
        for (index, quota) in quotas.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            buffer.writeStaticString("{\"user\":")
            buffer.writeJSONString(quota.name)
            buffer.writeStaticString(",\"period\":")
            quota.line.writeJSON(into: &buffer, &moments)
            buffer.writeStaticString("}")
        }
        buffer.writeStaticString("]")
    }
}

extension UsageQuery.Step {
    /// As the parameter `by` has it.
    var name: StaticString {
        switch self {
        case .total: "total"
        case .hour: "hour"
        case .day: "day"
        case .month: "month"
        }
    }
}

extension LedgerGap {
    /// Its edges in seconds since 1970: the whole seconds that it lies in.
    var beganSecond: Int64 { began.quotientRoundedDown(1000) }
    var endedSecond: Int64 { (ended + 999).quotientRoundedDown(1000) }
}
