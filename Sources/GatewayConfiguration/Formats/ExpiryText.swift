import Text

/// The moment from which a token is worth nothing, as people write it.
///
/// A date alone means midnight UTC at its start: `2027-01-01` is the first moment of the year, so that the last good day
/// of the token is the one before.
package enum ExpiryText {
    /// Reads `2027-01-01` or RFC 3339 (`2027-01-01T12:00:00Z`, `2027-01-01T12:00:00+02:00`) as seconds since 1970;
    /// anything else gives nil. A part of a second is dropped.
    package static func parse(_ text: String) -> Int64? {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(digits: 4), scanner.skip("-"),
            let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2),
            let midnight = secondsAtMidnight(year: year, month: month, day: day)
        else { return nil }
        if scanner.isAtEnd { return midnight }

        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(digits: 2), hour <= 23, scanner.skip(":"),
            let minute = scanner.number(digits: 2), minute <= 59, scanner.skip(":"),
            // A leap second ends with the minute, as it does in the time of the system.
            let second = scanner.number(digits: 2), second <= 60
        else { return nil }
        if scanner.skip(".") {
            guard scanner.skipDigits() else { return nil }
        }
        guard let offset = offset(&scanner), scanner.isAtEnd else { return nil }
        return midnight + Int64(hour * 3600 + minute * 60 + second) - Int64(offset)
    }

    /// The offset from UTC in seconds: `Z` or `+02:00`.
    private static func offset(_ scanner: inout DigitScanner) -> Int? {
        if scanner.skip("Z") || scanner.skip("z") { return 0 }
        let sign = scanner.skip("-") ? -1 : 1
        guard sign == -1 || scanner.skip("+"),
            let hours = scanner.number(digits: 2), hours <= 23, scanner.skip(":"),
            let minutes = scanner.number(digits: 2), minutes <= 59
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    /// The days of the proleptic Gregorian calendar; nil for a day that is not in it.
    private static func secondsAtMidnight(year: Int, month: Int, day: Int) -> Int64? {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        // Years are counted from March, so that the leap day comes last.
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let leapDays = floorDivide(shifted, 4) - floorDivide(shifted, 100) + floorDivide(shifted, 400)
        // 719,468 days lie between 0000-03-01 and 1970-01-01.
        return Int64(shifted * 365 + leapDays + dayOfYear - 719_468) * 86_400
    }

    private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

extension ExpiryText {
    /// The date or moment that people write as `2027/1/31`, `31.12.2027`, `20270131` or without seconds; nil where it
    /// could be more than one, as 01/02/2027, or none.
    package static func meant(by text: String) -> String? {
        guard let candidate = candidate(text), parse(candidate) != nil else { return nil }
        return candidate
    }

    private static func candidate(_ text: String) -> String? {
        if let match = text.wholeMatch(of: /([0-9]{4})[-\/.年]([0-9]{1,2})[-\/.月]([0-9]{1,2})日?/) {
            return date(match.1, match.2, match.3)
        }
        if let match = text.wholeMatch(of: /([0-9]{4})([0-9]{2})([0-9]{2})/) { return date(match.1, match.2, match.3) }
        // With full stops the day is first everywhere; with slashes that depends on the country.
        if let match = text.wholeMatch(of: /([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})/) {
            return date(match.3, match.2, match.1)
        }
        if let match = text.wholeMatch(of: /([0-9]{1,2})[-\/]([0-9]{1,2})[-\/]([0-9]{4})/) {
            let (first, second) = (Int(match.1) ?? 0, Int(match.2) ?? 0)
            if first > 12 || first == second { return date(match.3, match.2, match.1) }
            if second > 12 { return date(match.3, match.1, match.2) }
            return nil
        }
        if let match = text.wholeMatch(
            of: /([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?\s?([Zz]|UTC|GMT)?/
        ) {
            return "\(match.1)T\(match.2)\(match.3 ?? ":00")Z"
        }
        return nil
    }

    private static func date(_ year: Substring, _ month: Substring, _ day: Substring) -> String {
        func two(_ text: Substring) -> String { text.count == 1 ? "0" + text : String(text) }
        return "\(year)-\(two(month))-\(two(day))"
    }
}

/// Reads numbers of a fixed width, and the marks between them, from the front of a text.
struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    /// Whether all of the text was read.
    var isAtEnd: Bool { rest.isEmpty }

    /// A number of exactly so many digits.
    package mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let digit = rest.first, digit.isDigit else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
            rest.removeFirst()
        }
        return value
    }

    /// Whether the mark came next; it is read then.
    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest.removeFirst()
        return true
    }

    /// Whether at least one digit came next; all that follow are read.
    mutating func skipDigits() -> Bool {
        let digits = rest.prefix(while: \.isDigit)
        rest.removeFirst(digits.count)
        return !digits.isEmpty
    }
}
