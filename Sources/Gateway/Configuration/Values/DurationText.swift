import NIOCore

/// Durations as people write them: a whole number and a unit.
enum DurationText {
    private static let units: [(suffix: String, nanoseconds: Int64)] = [
        // "ms" stands before "s" and "m", which it ends and begins with.
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// Reads `500ms`, `10s`, `1m` or `1h`; anything else gives nil.
    static func parse(_ text: String) -> TimeAmount? {
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.utf8.dropLast(unit.suffix.utf8.count)
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(String(decoding: digits, as: UTF8.self))
        else { return nil }
        let (nanoseconds, overflow) = number.multipliedReportingOverflow(by: unit.nanoseconds)
        return overflow ? nil : .nanoseconds(nanoseconds)
    }

    /// Writes a duration with the largest unit that leaves no rest.
    static func format(_ duration: TimeAmount) -> String {
        for unit in [units[3], units[2], units[1]] where duration.nanoseconds.isMultiple(of: unit.nanoseconds) {
            return "\(duration.nanoseconds / unit.nanoseconds)\(unit.suffix)"
        }
        return "\(duration.nanoseconds / units[0].nanoseconds)ms"
    }
}
