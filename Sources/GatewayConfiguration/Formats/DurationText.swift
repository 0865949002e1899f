import NIOCore
import Text

/// Durations as people write them: a whole number and a unit.
enum DurationText {
    private static let units: [(suffix: String, nanoseconds: Int64)] = [
        // "ms" stands before "s" and "m", which it ends and begins with.
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// Reads `500ms`, `10s`, `1m` or `1h`; anything else gives nil.
    package static func parse(_ text: String) -> TimeAmount? {
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.utf8.dropLast(unit.suffix.utf8.count)
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit),
            let number = Int64(String(decoding: digits, as: UTF8.self))
        else { return nil }
        let (nanoseconds, overflow) = number.multipliedReportingOverflow(by: unit.nanoseconds)
        return overflow ? nil : .nanoseconds(nanoseconds)
    }

    /// Writes a duration with the largest unit that leaves no rest.
    package static func format(_ duration: TimeAmount) -> String {
        for unit in [units[3], units[2], units[1]] where duration.nanoseconds.isMultiple(of: unit.nanoseconds) {
            return "\(duration.nanoseconds / unit.nanoseconds)\(unit.suffix)"
        }
        return "\(duration.nanoseconds / units[0].nanoseconds)ms"
    }
}

extension DurationText {
    private static let spelt: [(words: [String], nanoseconds: Double)] = [
        (["ms", "msec", "msecs", "millis", "millisecond", "milliseconds", "毫秒"], 1e6),
        (["s", "sec", "secs", "second", "seconds", "秒"], 1e9),
        (["m", "min", "mins", "minute", "minutes", "分", "分钟"], 60e9),
        (["h", "hr", "hrs", "hour", "hours", "小时"], 3600e9),
        (["d", "day", "days", "天"], 86_400e9),
    ]

    /// A duration for which people write `1m30s`, `1.5s`, `10 seconds` or `1d`; nil for anything else.
    package static func meant(by text: String, in range: ClosedRange<TimeAmount>) -> String? {
        var rest = text.lowercased()[...]
        var sum = 0.0
        guard rest.utf8.count <= 32 else { return nil }
        while let part = rest.prefixMatch(of: /\s*([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*([^0-9\s]+)\s*/) {
            guard let number = Double(part.1), let unit = spelt.first(where: { $0.words.contains(String(part.2)) })
            else {
                return nil
            }
            sum += number * unit.nanoseconds
            rest = rest[part.range.upperBound...]
        }
        guard rest.isEmpty, sum > 0, sum < 1e18 else { return nil }
        let duration = TimeAmount.nanoseconds(Int64(sum))
        return range.contains(duration) ? format(duration) : nil
    }

    /// What a number without a unit may stand for, in words; nil where it is no number or fits with no unit.
    package static func meant(byNumber text: String, in range: ClosedRange<TimeAmount>) -> String? {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else {
            return nil
        }
        let candidates = ["ms", "s", "m"].map { text + $0 }.filter { parse($0).map(range.contains) ?? false }
        return candidates.isEmpty ? nil : candidates.joined(separator: " or ")
    }
}
