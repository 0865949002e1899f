import Foundation
import Testing
import Time

@testable import Gateway
@testable import HTTPServer

@Suite("The date of an answer")
struct HTTPDateTests {
    private func text(_ now: Int64) -> String {
        var date = HTTPDate()
        date.update(to: now)
        return String(decoding: date.text, as: UTF8.self)
    }

    @Test(
        "is the form of RFC 9110",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"), (1_798_761_600, "Fri, 01 Jan 2027 00:00:00 GMT"),
            (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ] as [(Int64, String)]
    )
    func knownDates(now: Int64, expected: String) {
        #expect(text(now) == expected)
    }

    @Test("is what the system's calendar says, every day of eight centuries")
    func everyDay() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        // Eleven days and some at a time meet every day of the month and of the week, in every kind of year.
        for now in stride(from: Int64(-3_000_000_000), to: 22_000_000_000, by: 86_400 * 11 + 3_607) {
            let date = Date(timeIntervalSince1970: Double(now))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
            let time = CivilTime(now)
            #expect(
                [time.year, time.month, time.day, time.hour, time.minute, time.second, time.weekday + 1]
                    == [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second, parts.weekday]
            )
        }
    }

    @Test("moves with the clock, and back with it")
    func moves() {
        var date = HTTPDate()
        for (now, second) in [(59, "59"), (59, "59"), (60, "00"), (58, "58")] as [(Int64, String)] {
            date.update(to: now)
            #expect(String(decoding: date.text, as: UTF8.self).hasSuffix(":\(second) GMT"))
        }
    }
}
