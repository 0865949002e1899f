import Ledger

/// What a user moved in the current period, what of a quota is left, and what the period will come to.
package struct QuotaLine: Sendable, Hashable {
    package let span: PeriodSpan
    /// What was moved in the period until now.
    package let traffic: Traffic
    /// What may be moved in a period, both ways together; nil: there is no limit.
    package let quota: UInt64?
    /// What the period will come to; nil before one whole day was seen.
    package let forecast: UInt64?

    package init(_ overview: UserOverview, quota: UInt64?, span: PeriodSpan, now: Int64) {
        self.span = span
        self.quota = quota
        traffic = overview.period
        forecast = TrafficForecast.bytes(
            used: overview.period.all,
            lastDays: overview.lastDays.all,
            count: overview.dayCount,
            daysLeft: span.daysLeft(at: now)
        )
    }

    package init(_ overview: UserOverview, quota: UInt64?, monthBegins: Int, now: Int64, zone: CivilZone) {
        self.init(overview, quota: quota, span: PeriodSpan(monthBegins: monthBegins, now: now, zone: zone), now: now)
    }

    /// Both ways together.
    package var used: UInt64 { traffic.all }

    /// 0 once all is used; nil without a quota.
    package var remaining: UInt64? { quota.map { $0 > used ? $0 - used : 0 } }

    /// Whether nothing is left; nil without a quota.
    package var isExceeded: Bool? { quota.map { used >= $0 } }

    /// Whether the forecast is at the quota or above it; nil where one of them is not known.
    package var willExceed: Bool? {
        guard let quota, let forecast else { return nil }
        return forecast >= quota
    }

    /// What is used in percent, rounded down: 100 is reached exactly when nothing is left. Nil without a quota.
    package var percent: UInt64? {
        guard let quota else { return nil }
        guard quota > 0 else { return 100 }
        let product = used.multipliedFullWidth(by: 100)
        guard product.high < quota else { return .max }
        return quota.dividingFullWidth((product.high, product.low)).quotient
    }
}
