import HysteriaStats
import Ledger
import NIOCore

extension UsageView {
    /// A row for each user and bucket with traffic.
    package func writeCSV(into buffer: inout ByteBuffer) {
        var moments = MomentWriter(zone)
        CSVWriter.write("server,user,start,end,tx,rx,estimated", into: &buffer) { rows in
            let times = report.buckets.map { bucket in
                var text = ByteBuffer()
                moments.write(bucket.start, into: &text)
                text.writeStaticString(",")
                moments.write(bucket.end, into: &text)
                return text
            }
            let server = Array(server.utf8)
            for user in report.users {
                for part in user.traffic where !part.traffic.isZero {
                    rows.name(server)
                    rows.name(user.name)
                    rows.plain(times[part.bucket])
                    rows.number(part.traffic.up)
                    rows.number(part.traffic.down)
                    rows.flag(report.buckets[part.bucket].isEstimated)
                    rows.endRow()
                }
            }
        }
    }
}
