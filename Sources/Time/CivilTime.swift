/// A moment in UTC, in the proleptic Gregorian calendar.
///
/// Foundation's calendars would do, at the price of Foundation on the way of each answer.
package struct CivilTime {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int
    /// 0 is Sunday.
    package let weekday: Int

    /// The moment so many seconds after 1970 began.
    package init(_ seconds: Int64) {
        let (days, time) = Self.floored(seconds, 86_400)
        hour = Int(time / 3600)
        minute = Int(time / 60 % 60)
        second = Int(time % 60)
        // 1970-01-01 was a Thursday.
        weekday = Int(Self.floored(days + 4, 7).remainder)

        // Years counted from March have the leap day at their end, and eras of 400 years are all alike.
        let (era, dayOfEra) = Self.floored(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0))
    }

    /// RFC 3339: `2026-11-22T21:41:55Z`.
    package var internetText: String {
        "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))T\(clockText)Z"
    }

    /// `22/Nov/2026:21:41:55 +0000`, as Apache and nginx write it.
    package var commonLogText: String {
        "\(day.padded(to: 2))/\(monthName)/\(year.padded(to: 4)):\(clockText) +0000"
    }

    /// `Sun, 22 Nov 2026 21:41:55 GMT` (RFC 9110, section 5.6.7).
    package var httpText: String {
        "\(weekdayName), \(day.padded(to: 2)) \(monthName) \(year.padded(to: 4)) \(clockText) GMT"
    }

    private var clockText: String { "\(hour.padded(to: 2)):\(minute.padded(to: 2)):\(second.padded(to: 2))" }

    /// `Jan` to `Dec`.
    private var monthName: String { Self.name(in: "JanFebMarAprMayJunJulAugSepOctNovDec", month - 1) }

    /// `Sun` to `Sat`.
    private var weekdayName: String { Self.name(in: "SunMonTueWedThuFriSat", weekday) }

    private static func name(in names: StaticString, _ index: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: names.utf8Start + 3 * index, count: 3), as: UTF8.self)
    }

    private static func floored(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension BinaryInteger {
    /// A number that is not negative in as many decimal digits at least.
    package func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
