/// The current time as `Date` has it (RFC 9110, section 5.6.7), written anew once a second.
struct HTTPDate {
    private static let days: StaticString = "ThuFriSatSunMonTueWed"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    private var second: Int64 = .min
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, always 29 bytes.
    private(set) var text: [UInt8] = []

    /// Brings ``text`` to `now`, in seconds since 1970.
    mutating func update(to now: Int64) {
        guard now != second else { return }
        second = now
        text.removeAll(keepingCapacity: true)
        let (day, time) = now.quotientAndRemainderFloored(dividingBy: 86_400)
        let date = Self.civil(fromDays: day)
        append(Self.days, Int((day % 7 + 7) % 7))
        text += [UInt8(ascii: ","), UInt8(ascii: " ")]
        append(date.day, UInt8(ascii: " "))
        append(Self.months, date.month - 1)
        text.append(UInt8(ascii: " "))
        append(date.year / 100, nil)
        append(date.year % 100, UInt8(ascii: " "))
        append(Int(time / 3600), UInt8(ascii: ":"))
        append(Int(time / 60 % 60), UInt8(ascii: ":"))
        append(Int(time % 60), UInt8(ascii: " "))
        text += [UInt8(ascii: "G"), UInt8(ascii: "M"), UInt8(ascii: "T")]
    }

    private mutating func append(_ names: StaticString, _ index: Int) {
        text.append(contentsOf: UnsafeBufferPointer(start: names.utf8Start + 3 * index, count: 3))
    }

    private mutating func append(_ number: Int, _ separator: UInt8?) {
        text.append(UInt8(ascii: "0") + UInt8(number / 10 % 10))
        text.append(UInt8(ascii: "0") + UInt8(number % 10))
        if let separator { text.append(separator) }
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01, computed over 400-year eras that begin in March.
    static func civil(fromDays days: Int64) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFloored(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
    }
}

extension Int64 {
    fileprivate func quotientAndRemainderFloored(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
