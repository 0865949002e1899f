import Ledger

/// A billing period with the moments at which it begins and ends.
///
/// Those take a search in the zone: many users with the same billing day share one span.
package struct PeriodSpan: Sendable, Hashable {
    package let period: BillingPeriod
    /// Seconds since 1970. It is `start` <= t < `end`.
    package let start: Int64
    package let end: Int64

    /// The period that `now` lies in, which begins on this day of the month, 1 to 31.
    package init(monthBegins: Int, now: Int64, zone: CivilZone) {
        period = BillingPeriod(containing: zone.date(of: now), begins: monthBegins)
        start = zone.start(of: period.start)
        end = zone.start(of: period.end)
    }

    /// What is left of it, in days.
    package func daysLeft(at now: Int64) -> Double { Double(max(0, end - now)) / 86_400 }
}
