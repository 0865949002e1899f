import JSON
import NIOCore

/// A number of bytes for people: binary units by their right names (IEC 80000-13), 1 KiB = 1,024 bytes.
package struct ByteCount: CustomStringConvertible {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// The number of bytes.
    package let bytes: UInt64

    package init(_ bytes: UInt64) {
        self.bytes = bytes
    }

    /// Whole bytes below 1 KiB, above that two decimals, rounded to nearest: `1.44 MiB`.
    package var description: String {
        if bytes < 1024 { return "\(bytes) B" }
        var unit = unit
        var hundredths = rounded(times: 100, unit: unit)
        if hundredths >= 102_400, unit < Self.units.count - 1 {
            // 1,048,575 bytes are 1024.00 KiB once rounded, which is written 1.00 MiB.
            unit += 1
            hundredths = rounded(times: 100, unit: unit)
        }
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) \(Self.units[unit])"
    }

    /// Three digits and a unit, eight characters at most: `1.44 MiB`, `14.4 MiB`, `144 MiB`, `1023 MiB`.
    package var short: String {
        var buffer = ByteBuffer()
        writeShort(into: &buffer)
        return String(buffer: buffer)
    }

    /// Writes ``short``, without a `String` in between.
    package func writeShort(into buffer: inout ByteBuffer) {
        var unit = unit
        if unit > 0, unit < Self.units.count - 1, rounded(times: 1, unit: unit) >= 1024 { unit += 1 }
        let tenths = rounded(times: 10, unit: unit)
        let hundredths = rounded(times: 100, unit: unit)
        if unit == 0 || tenths >= 1000 {
            buffer.writeDecimal(rounded(times: 1, unit: unit))
        } else if hundredths >= 1000 {
            buffer.writeDecimal(tenths / 10)
            buffer.writeInteger(UInt8(ascii: "."))
            buffer.writeDecimal(tenths % 10)
        } else {
            buffer.writeDecimal(hundredths / 100)
            buffer.writeInteger(UInt8(ascii: "."))
            buffer.writeDecimal(hundredths / 10 % 10)
            buffer.writeDecimal(hundredths % 10)
        }
        buffer.writeInteger(UInt8(ascii: " "))
        buffer.writeString(Self.units[unit])
    }

    /// The unit in which it is 1 or more and below 1024.
    private var unit: Int { bytes < 1024 ? 0 : (63 - bytes.leadingZeroBitCount) / 10 }

    /// `bytes` in parts of the unit, rounded. Computed in integers: a Double is exact to 2^53 only.
    private func rounded(times parts: UInt64, unit: Int) -> UInt64 {
        let shift = UInt64(10 * unit)
        let whole = bytes >> shift
        let rest = bytes & ((1 << shift) - 1)
        // At most 2^60 × 100 and a half, beyond 64 bits: the product is taken at full width.
        let (high, low) = rest.multipliedFullWidth(by: parts)
        let (sum, carry) = low.addingReportingOverflow((1 << shift) / 2)
        let fraction = shift == 0 ? sum : sum >> shift | (high + (carry ? 1 : 0)) << (64 - shift)
        return whole * parts + fraction
    }
}
