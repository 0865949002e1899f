/// A number of bytes for people: binary units by their right names (IEC 80000-13), 1 KiB = 1,024 bytes.
struct ByteCount: CustomStringConvertible {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// The number of bytes.
    let bytes: UInt64

    init(_ bytes: UInt64) {
        self.bytes = bytes
    }

    /// Whole bytes below 1 KiB, above that two decimals, rounded to nearest: `1.44 MiB`.
    var description: String {
        if bytes < 1024 { return "\(bytes) B" }
        var unit = (63 - bytes.leadingZeroBitCount) / 10
        var hundredths = Self.hundredths(of: bytes, unit: unit)
        if hundredths >= 102_400, unit < Self.units.count - 1 {
            // 1,048,575 bytes are 1024.00 KiB once rounded, which is written 1.00 MiB.
            unit += 1
            hundredths = Self.hundredths(of: bytes, unit: unit)
        }
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) \(Self.units[unit])"
    }

    /// `bytes` in hundredths of the unit, rounded. Computed in integers: a Double is exact to 2^53 only.
    private static func hundredths(of bytes: UInt64, unit: Int) -> UInt64 {
        let divisor = UInt64(1) << UInt64(10 * unit)
        let whole = bytes / divisor
        let rest = bytes % divisor
        // At most 2^60 × 100 and a half, beyond 64 bits: the product is taken at full width.
        let (high, low) = rest.multipliedFullWidth(by: 100)
        let (sum, carry) = low.addingReportingOverflow(divisor / 2)
        return whole * 100 + divisor.dividingFullWidth((high + (carry ? 1 : 0), sum)).quotient
    }
}
