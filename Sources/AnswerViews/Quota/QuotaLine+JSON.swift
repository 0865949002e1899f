import HysteriaStats
import Ledger
import NIOCore

extension QuotaLine {
    /// Writes the period as an object: `start`, `end`, `tx`, `rx`, `used`, `quota`, `remaining`, `percent`, `exceeded`, `forecast`.
    func writeJSON(into buffer: inout ByteBuffer, _ moments: inout MomentWriter) {
        buffer.writeStaticString("{\"start\":")
        moments.writeJSON(span.start, into: &buffer)
        buffer.writeStaticString(",\"end\":")
        moments.writeJSON(span.end, into: &buffer)
        buffer.writeStaticString(",")
        buffer.writeTrafficMembers(traffic)
        buffer.writeMember(",\"used\":", used)
        buffer.writeMember(",\"quota\":", quota)
        buffer.writeMember(",\"remaining\":", remaining)
        buffer.writeMember(",\"percent\":", percent)
        buffer.writeStaticString(",\"exceeded\":")
        if let isExceeded {
            buffer.writeStaticString(isExceeded ? "true" : "false")
        } else {
            buffer.writeStaticString("null")
        }
        buffer.writeMember(",\"forecast\":", forecast)
        buffer.writeStaticString("}")
    }
}
