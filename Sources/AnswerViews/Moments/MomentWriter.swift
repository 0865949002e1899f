import Ledger
import NIOCore
import Time

/// Writes moments in RFC 3339 with the zone's offset, without a `String` for each.
struct MomentWriter {
    /// Offsets are asked for once in this many seconds: they change at quarter hours. One that was taken too early would
    /// still be written beside the time that it belongs to, and so the moment would be the same.
    private static let grain: Int64 = 900

    let zone: CivilZone
    /// The offsets asked for last, by the quarter hour.
    private var offsets = [(quarter: Int64, offset: Int64)](repeating: (.min, 0), count: 64)

    init(_ zone: CivilZone) {
        self.zone = zone
    }

    /// Writes `2026-11-27T18:15:20+08:00`.
    ///
    /// - Parameter moment: seconds since 1970.
    mutating func write(_ moment: Int64, into buffer: inout ByteBuffer) {
        let offset = offset(at: moment)
        Self.writeDigits(moment + offset, into: &buffer) { digits in
            // RFC 3339 has no seconds in an offset, and no zone has had any for a century.
            let minutes = Int(offset.magnitude / 60)
            digits[19] = UInt8(ascii: offset < 0 ? "-" : "+")
            Self.put(minutes / 60, at: 20, into: digits)
            digits[22] = UInt8(ascii: ":")
            Self.put(minutes % 60, at: 23, into: digits)
            return 25
        }
    }

    /// Writes a moment as a JSON string, and `null` for none.
    mutating func writeJSON(_ moment: Int64?, into buffer: inout ByteBuffer) {
        guard let moment else { return _ = buffer.writeStaticString("null") }
        buffer.writeInteger(UInt8(ascii: "\""))
        write(moment, into: &buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// Writes `"2026-11-27T10:15:20Z"`, and `null` for none.
    static func writeUTCJSON(_ moment: Int64?, into buffer: inout ByteBuffer) {
        guard let moment else { return _ = buffer.writeStaticString("null") }
        buffer.writeInteger(UInt8(ascii: "\""))
        writeDigits(moment, into: &buffer) { digits in
            digits[19] = UInt8(ascii: "Z")
            return 20
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private mutating func offset(at moment: Int64) -> Int64 {
        let quarter = moment.quotientRoundedDown(Self.grain)
        let place = Int(quarter & 63)
        if offsets[place].quarter == quarter { return offsets[place].offset }
        let offset = zone.offset(at: quarter * Self.grain)
        offsets[place] = (quarter, offset)
        return offset
    }

    /// - Parameter end: writes what follows the seconds, and says how long the whole is.
    private static func writeDigits(
        _ seconds: Int64,
        into buffer: inout ByteBuffer,
        end: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) {
        let time = CivilTime(seconds)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 25) { digits in
            digits.initialize(repeating: UInt8(ascii: "-"))
            // No clock shows a year before 0 or after 9999.
            let year = min(max(time.year, 0), 9999)
            put(year / 100, at: 0, into: digits)
            put(year % 100, at: 2, into: digits)
            put(time.month, at: 5, into: digits)
            put(time.day, at: 8, into: digits)
            digits[10] = UInt8(ascii: "T")
            put(time.hour, at: 11, into: digits)
            digits[13] = UInt8(ascii: ":")
            put(time.minute, at: 14, into: digits)
            digits[16] = UInt8(ascii: ":")
            put(time.second, at: 17, into: digits)
            let count = end(digits)
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[..<count]))
        }
    }

    private static func put(_ number: Int, at place: Int, into digits: UnsafeMutableBufferPointer<UInt8>) {
        digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        digits[place + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    }
}

extension Int64 {
    /// Seconds of milliseconds, for one.
    func quotientRoundedDown(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
