import Text

/// What a period will come to if it goes on as in the last seven whole days.
package enum TrafficForecast {
    /// How many whole days are looked at.
    package static let days: Int64 = 7

    /// - Parameters:
    ///   - used: What the period has come to until now.
    ///   - lastDays: What the whole days before today came to, at most the last seven of them.
    ///   - count: How many those are; none before one whole day was seen.
    ///   - daysLeft: The rest of the period in days, today's rest included.
    /// - Returns: bytes; nil while there is no whole day.
    package static func bytes(used: UInt64, lastDays: UInt64, count: Int64, daysLeft: Double) -> UInt64? {
        guard count > 0 else { return nil }
        let rest = Double(lastDays) / Double(count) * max(0, daysLeft)
        guard rest < Double(UInt64.max) else { return .max }
        return used.saturatingSum(UInt64(rest))
    }
}
