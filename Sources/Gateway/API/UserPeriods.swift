import Access
import AnswerViews
import GatewayConfiguration
import HTTPServer
import Ledger
import NIOCore
import Text

/// The billing periods and quotas of users, as they are now.
struct UserPeriods: Sendable {
    private let ledger: LedgerService
    private let now: Int64
    private let monthBegins: Int
    private let quotas: QuotaTable
    /// One for each billing day that somebody has: looking the zone up takes longer than all else of a user.
    private let spans: [Int: PeriodSpan]

    /// - Parameter now: seconds since 1970.
    init(_ ledger: LedgerService, now: Int64) {
        self.ledger = ledger
        self.now = now
        monthBegins = ledger.configuration.monthBegins
        quotas = ledger.quotas
        var spans: [Int: PeriodSpan] = [:]
        for day in quotas.days.union([monthBegins]) {
            spans[day] = PeriodSpan(monthBegins: day, now: now, zone: ledger.zone)
        }
        self.spans = spans
    }

    /// The day on which the periods of these users begin: their own if they all have the same.
    func monthBegins(of users: [[UInt8]]) -> Int {
        let days = Set(users.map { quotas[$0]?.monthBegins ?? monthBegins })
        return days.count == 1 ? days.first ?? monthBegins : monthBegins
    }

    /// Today and the current period of all users.
    func overview(on eventLoop: any EventLoop) -> EventLoopFuture<PeriodFigures> {
        ledger.overview(now: now, on: eventLoop)
    }

    /// Whether an answer for this caller says something of periods: the overview is of all users, and takes its time.
    func matter(to caller: Caller?) -> Bool {
        caller?.users?.names.count == 1 || !quotas.limits.isEmpty
    }

    /// A user's current period.
    func line(of user: UserID, named name: [UInt8], _ overview: PeriodFigures) -> QuotaLine {
        let quota = quotas[name]
        let day = quota?.monthBegins ?? monthBegins
        let span = spans[day] ?? PeriodSpan(monthBegins: day, now: now, zone: ledger.zone)
        return QuotaLine(overview.report[user: user], quota: quota?.bytes, span: span, now: now)
    }

    /// The current periods of those in a report who have a quota.
    func quotas(of report: UsageReport, _ overview: PeriodFigures) -> [UsageView.UserQuota] {
        guard !quotas.isEmpty else { return [] }
        return report.users.compactMap { user in
            guard quotas[user.name]?.bytes != nil else { return nil }
            return UsageView.UserQuota(name: user.name, line: line(of: user.id, named: user.name, overview))
        }
    }
}

extension PeriodFigures {
    /// What the one user of a token has left; nil where the token is for others too.
    func subscription(of caller: Caller?, _ periods: UserPeriods) -> SubscriptionUserinfo? {
        guard let caller, let users = caller.users?.names, users.count == 1, let name = users.first else { return nil }
        let bytes = Array(name.utf8)
        // A user without a byte so far has moved nothing.
        let id = snapshot.id(of: name) ?? UserID(-1)
        return SubscriptionUserinfo(periods.line(of: id, named: bytes, self), expires: caller.expires)
    }
}

extension SubscriptionUserinfo {
    /// As a header field.
    var field: Response.Field { Response.Field(name: "Subscription-Userinfo", value: headerValue) }
}
