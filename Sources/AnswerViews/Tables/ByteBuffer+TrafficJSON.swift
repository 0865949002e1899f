import JSON
import Ledger
import NIOCore

extension ByteBuffer {
    /// Writes `"tx":1,"rx":2`, with Hysteria's names.
    mutating func writeTrafficMembers(_ traffic: Traffic) {
        writeMember("\"tx\":", traffic.up)
        writeMember(",\"rx\":", traffic.down)
    }

    /// Writes `{"tx":1,"rx":2}`, and `null` for what is not known.
    mutating func writeTraffic(_ traffic: Traffic?) {
        guard let traffic else { return _ = writeStaticString("null") }
        writeStaticString("{")
        writeTrafficMembers(traffic)
        writeStaticString("}")
    }

    /// Writes a name with its colon and a number, or `null` for what is not known.
    mutating func writeMember(_ name: StaticString, _ value: UInt64?) {
        writeStaticString(name)
        if let value { writeDecimal(value) } else { writeStaticString("null") }
    }
}
