import Text
import Time

/// A day of the calendar, whatever the zone.
package struct CivilDate: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    package let days: Int64

    package init(days: Int64) {
        self.days = days
    }

    /// A date by its parts; nil where the calendar has none.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        guard day >= 1, day <= Self.length(ofMonth: month, year: year) else { return nil }
        // Years counted from March have the leap day at their end, and eras of 400 years are all alike.
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        days = Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// A date written `2026-11-27`.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        guard let year = bytes[0..<4].decimal, let month = bytes[5..<7].decimal else { return nil }
        guard let day = bytes[8..<10].decimal else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month from 1 to 12, day from 1.
    package var parts: (year: Int, month: Int, day: Int) {
        let time = CivilTime(days * 86_400)
        return (time.year, time.month, time.day)
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.days < right.days }

    package func adding(days count: Int64) -> CivilDate { CivilDate(days: days + count) }

    /// How many days a month has.
    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-11-27`.
    package var description: String { String(CivilTime(days * 86_400).internetText.prefix(10)) }
}

extension ArraySlice<UInt8> {
    /// The value of decimal digits and nothing else.
    var decimal: Int? { withUnsafeBytes(\.decimal) }
}
