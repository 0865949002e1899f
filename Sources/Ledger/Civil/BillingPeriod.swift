/// A month that begins on some day of the calendar's month, and on the last one where a month is shorter.
package struct BillingPeriod: Hashable, Sendable {
    /// The day of the month on which periods begin, 1 to 31.
    package let begins: Int
    /// Its first day.
    package let start: CivilDate
    /// The first day of the next period.
    package let end: CivilDate

    private init(begins: Int, year: Int, month: Int) {
        self.begins = begins
        start = Self.start(begins: begins, year: year, month: month)
        let next = Self.month(after: year, month)
        end = Self.start(begins: begins, year: next.year, month: next.month)
    }

    /// The period that a day lies in.
    package init(containing date: CivilDate, begins: Int) {
        let begins = min(max(begins, 1), 31)
        let (year, month, _) = date.parts
        if date >= Self.start(begins: begins, year: year, month: month) {
            self.init(begins: begins, year: year, month: month)
        } else {
            let before = Self.month(before: year, month)
            self.init(begins: begins, year: before.year, month: before.month)
        }
    }

    /// The one after it.
    package var next: BillingPeriod { BillingPeriod(containing: end, begins: begins) }

    /// The one before it.
    package var previous: BillingPeriod { BillingPeriod(containing: start.adding(days: -1), begins: begins) }

    /// How many days it has.
    package var length: Int64 { end.days - start.days }

    package func contains(_ date: CivilDate) -> Bool { start <= date && date < end }

    private static func start(begins: Int, year: Int, month: Int) -> CivilDate {
        let day = min(begins, CivilDate.length(ofMonth: month, year: year))
        // Such a day exists in years that the calendar knows; no clock shows others.
        return CivilDate(year: year, month: month, day: day) ?? CivilDate(days: 0)
    }

    private static func month(after year: Int, _ month: Int) -> (year: Int, month: Int) {
        month == 12 ? (year + 1, 1) : (year, month + 1)
    }

    private static func month(before year: Int, _ month: Int) -> (year: Int, month: Int) {
        month == 1 ? (year - 1, 12) : (year, month - 1)
    }
}
