import HysteriaStats
import NIOCore

/// Each user's traffic as comma-separated values, in the order of the answer.
package enum TrafficCSV {
    package static func write(_ answer: TrafficAnswer, into buffer: inout ByteBuffer) {
        CSVWriter.write("user,tx,rx", into: &buffer) { rows in
            for entry in answer.entries {
                rows.name(entry.user)
                rows.number(entry.tx)
                rows.number(entry.rx)
                rows.endRow()
            }
        }
    }
}

/// Who is online as comma-separated values, in the order of the answer.
package enum OnlineCSV {
    package static func write(_ answer: OnlineAnswer, into buffer: inout ByteBuffer) {
        CSVWriter.write("user,connections", into: &buffer) { rows in
            for entry in answer.entries {
                rows.name(entry.user)
                rows.number(entry.connections)
                rows.endRow()
            }
        }
    }
}
