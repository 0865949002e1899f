import JSON
import Ledger
import NIOCore

/// The answer to `/users`: what is known of each user now.
package struct UsersView: Sendable {
    let rows: [UserRow]
    let zone: CivilZone
    let asOf: Int64?
    let now: Int64
    let server: String
    let isDurable: Bool

    /// - Parameters:
    ///   - rows: In the order in which JSON and CSV have them.
    ///   - asOf: When Hysteria was read last, in seconds since 1970; nil: never.
    ///   - now: In seconds since 1970.
    ///   - server: What the server is called in the ledger.
    ///   - isDurable: Whether the ledger is being written; otherwise the newest figures are in memory only.
    package init(
        _ rows: [UserRow],
        zone: CivilZone,
        asOf: Int64?,
        now: Int64,
        server: String,
        isDurable: Bool = true
    ) {
        self.rows = rows
        self.zone = zone
        self.asOf = asOf
        self.now = now
        self.server = server
        self.isDurable = isDurable
    }

    package func writeJSON(into buffer: inout ByteBuffer) {
        var moments = MomentWriter(zone)
        buffer.writeStaticString("{\"timeZone\":")
        buffer.writeJSONString(zone.name)
        buffer.writeStaticString(",\"asOf\":")
        MomentWriter.writeUTCJSON(asOf, into: &buffer)
        buffer.writeStaticString(",\"server\":")
        buffer.writeJSONString(server)
        buffer.writeStaticString(isDurable ? ",\"durable\":true,\"users\":[" : ",\"durable\":false,\"users\":[")
        for (index, row) in rows.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            write(row, into: &buffer, &moments)
        }
        buffer.writeStaticString("]}")
    }

    private func write(_ row: UserRow, into buffer: inout ByteBuffer, _ moments: inout MomentWriter) {
        buffer.writeStaticString("{\"user\":")
        buffer.writeJSONString(row.name)
        buffer.writeMember(",\"devices\":", row.devices)
        buffer.writeMember(",\"tx\":", row.total?.up)
        buffer.writeMember(",\"rx\":", row.total?.down)
        buffer.writeStaticString(",\"rate\":")
        buffer.writeTraffic(row.rate)
        buffer.writeStaticString(",\"lastSeen\":")
        moments.writeJSON(row.lastSeenSecond, into: &buffer)
        buffer.writeStaticString(",\"today\":")
        buffer.writeTraffic(row.today)
        buffer.writeStaticString(",\"period\":")
        if let period = row.period {
            period.writeJSON(into: &buffer, &moments)
        } else {
            buffer.writeStaticString("null")
        }
        buffer.writeStaticString("}")
    }

    private static let heads: StaticString = """
        server,user,devices,tx,rx,rateTx,rateRx,lastSeen,todayTx,todayRx,\
        periodStart,periodEnd,periodTx,periodRx,used,quota,remaining,percent,exceeded,forecast
        """

    package func writeCSV(into buffer: inout ByteBuffer) {
        var moments = MomentWriter(zone)
        let server = Array(server.utf8)
        CSVWriter.write(Self.heads, into: &buffer) { csv in
            for row in rows {
                csv.name(server)
                csv.name(row.name)
                csv.number(row.devices)
                for traffic in [row.total, row.rate] {
                    csv.number(traffic?.up)
                    csv.number(traffic?.down)
                }
                csv.moment(row.lastSeenSecond, &moments)
                csv.number(row.today?.up)
                csv.number(row.today?.down)
                csv.moment(row.period?.span.start, &moments)
                csv.moment(row.period?.span.end, &moments)
                csv.number(row.period?.traffic.up)
                csv.number(row.period?.traffic.down)
                csv.number(row.period?.used)
                csv.number(row.period?.quota)
                csv.number(row.period?.remaining)
                csv.number(row.period?.percent)
                csv.flag(row.period?.isExceeded)
                csv.number(row.period?.forecast)
                csv.endRow()
            }
        }
    }
}
