import JSON
import Ledger
import NIOCore

/// The answer to `/view`: a consumer's own counters, and what it was given.
package struct ClearsView: Sendable {
    /// So many clears are told, the newest.
    package static let listed = 100

    /// One clear with its amounts by name.
    struct Clear: Sendable {
        let id: ClearID
        /// Seconds since 1970.
        let at: Int64
        let key: String?
        let verdict: ClearVerdict
        let amounts: [NamedTraffic]
        let total: Traffic
    }

    let view: ViewFigures
    /// The newest first.
    let clears: [Clear]
    let zone: CivilZone
    let server: String

    /// - Parameter amounts: The amounts of those users whom the token sees: `snapshot.named`, without the others.
    package init(
        _ view: ViewFigures,
        zone: CivilZone,
        server: String,
        amounts: ([CountedTraffic]) -> [NamedTraffic]
    ) {
        self.view = view
        self.zone = zone
        self.server = server
        clears = view.clears.suffix(Self.listed).reversed().map { clear in
            let named = amounts(clear.amounts)
            return Clear(
                id: clear.id,
                at: clear.at.quotientRoundedDown(1000),
                key: clear.key,
                verdict: clear.verdict,
                amounts: named,
                total: named.reduce(into: Traffic()) { $0 += $1.traffic }
            )
        }
    }

    package func writeJSON(into buffer: inout ByteBuffer) {
        var moments = MomentWriter(zone)
        buffer.writeStaticString("{\"view\":")
        buffer.writeJSONString(view.name)
        buffer.writeStaticString(",\"server\":")
        buffer.writeJSONString(server)
        buffer.writeStaticString(",\"began\":")
        moments.writeJSON(view.began.quotientRoundedDown(1000), into: &buffer)
        buffer.writeStaticString(",\"lastUsed\":")
        moments.writeJSON(view.lastUsed.quotientRoundedDown(1000), into: &buffer)
        buffer.writeMember(",\"acknowledged\":", view.acknowledged.flatMap(UInt64.init(exactly:)))
        buffer.writeMember(",\"offered\":", view.offered.flatMap(UInt64.init(exactly:)))
        buffer.writeStaticString(",\"clears\":[")
        for (index, clear) in clears.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            write(clear, into: &buffer, &moments)
        }
        buffer.writeStaticString("]}")
    }

    private func write(_ clear: Clear, into buffer: inout ByteBuffer, _ moments: inout MomentWriter) {
        buffer.writeMember("{\"id\":", UInt64(exactly: clear.id.value))
        buffer.writeStaticString(",\"at\":")
        moments.writeJSON(clear.at, into: &buffer)
        buffer.writeStaticString(",\"verdict\":\"")
        buffer.writeStaticString(clear.verdict.name)
        buffer.writeStaticString("\",\"key\":")
        if let key = clear.key { buffer.writeJSONString(key) } else { buffer.writeStaticString("null") }
        buffer.writeStaticString(",")
        buffer.writeTrafficMembers(clear.total)
        buffer.writeStaticString(",\"users\":[")
        for (index, amount) in clear.amounts.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            buffer.writeStaticString("{\"user\":")
            buffer.writeJSONString(amount.name)
            buffer.writeStaticString(",")
            buffer.writeTrafficMembers(amount.traffic)
            buffer.writeStaticString("}")
        }
        buffer.writeStaticString("]}")
    }
}

extension ClearVerdict {
    /// As it is written in answers.
    var name: StaticString {
        switch self {
        case .undecided: "undecided"
        case .delivered: "delivered"
        case .returned: "returned"
        }
    }
}
