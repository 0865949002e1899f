import Time

/// Moments as authorities write them, in seconds since 1970.
package enum InternetTime {
    /// RFC 3339: `2026-11-22T21:41:55Z`, with fractions of a second, which are dropped, and with an offset.
    package static func seconds(rfc3339 text: String) -> Int64? {
        var fields = Fields(text)
        guard let year = fields.number(4), fields.take("-"), let month = fields.number(2), fields.take("-"),
            let day = fields.number(2), fields.take("T") || fields.take("t") || fields.take(" "),
            let hour = fields.number(2), fields.take(":"), let minute = fields.number(2), fields.take(":"),
            let second = fields.number(2)
        else { return nil }
        if fields.take(".") { while fields.number(1) != nil {} }
        var offset: Int64 = 0
        if !fields.take("Z"), !fields.take("z") {
            let isEast = fields.take("+")
            guard isEast || fields.take("-"), let hours = fields.number(2), fields.take(":"),
                let minutes = fields.number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
        }
        guard fields.isAtEnd else { return nil }
        return seconds(year, month, day, hour, minute, second).map { $0 - offset }
    }

    /// The one form of HTTP that is still written (RFC 9110, 5.6.7): `Sun, 22 Nov 2026 21:41:55 GMT`.
    package static func seconds(http text: String) -> Int64? {
        var fields = Fields(text)
        guard fields.word(3) != nil, fields.take(","), fields.take(" "), let day = fields.number(2), fields.take(" "),
            let name = fields.word(3), let month = months.firstIndex(of: name), fields.take(" "),
            let year = fields.number(4), fields.take(" "), let hour = fields.number(2), fields.take(":"),
            let minute = fields.number(2), fields.take(":"), let second = fields.number(2), fields.take(" "),
            fields.word(3) == "GMT", fields.isAtEnd
        else { return nil }
        return seconds(year, Int64(month + 1), day, hour, minute, second)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func seconds(
        _ year: Int64,
        _ month: Int64,
        _ day: Int64,
        _ hour: Int64,
        _ minute: Int64,
        _ second: Int64
    ) -> Int64? {
        // A leap second is the first of the next minute.
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        // Years counted from March have the leap day at their end.
        let march = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let era = march / 400
        let yearOfEra = march - era * 400
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let value = days * 86_400 + hour * 3600 + minute * 60 + second
        // There is no 30 February: it comes out as another day.
        guard CivilTime(days * 86_400).day == Int(day) else { return nil }
        return value
    }

    /// Reads from the front.
    private struct Fields {
        private var rest: Substring.UTF8View

        init(_ text: String) { rest = text[...].utf8 }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let first = rest.first, first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func number(_ digits: Int) -> Int64? {
            let text = rest.prefix(digits)
            guard text.count == digits, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(digits)
            return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        mutating func word(_ letters: Int) -> String? {
            let text = rest.prefix(letters)
            guard text.count == letters else { return nil }
            rest = rest.dropFirst(letters)
            return String(Substring(text))
        }
    }
}
