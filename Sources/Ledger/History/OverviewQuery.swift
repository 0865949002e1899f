/// Today and the current period of each user.
package struct OverviewQuery: Sendable, Hashable {
    /// Seconds since 1970.
    package var now: Int64
    /// On which day of the month periods begin, 1 to 31.
    package var monthBegins: Int
    /// The same, for users who have another one.
    package var exceptions: [UserID: Int]

    package init(now: Int64, monthBegins: Int, exceptions: [UserID: Int] = [:]) {
        self.now = now
        self.monthBegins = monthBegins
        self.exceptions = exceptions
    }
}

/// The answer to an ``OverviewQuery``.
package struct OverviewReport: Sendable, Hashable {
    package var today: CivilDate
    /// When today begins, in seconds since 1970.
    package var todayStart: Int64
    package var tomorrowStart: Int64
    /// The period of users without an exception.
    package var period: BillingPeriod
    /// By the user's id: as long as the largest of them and one.
    package var users: [UserOverview]

    /// What is known of a user; nothing, of one who has moved nothing of late.
    package subscript(user user: UserID) -> UserOverview {
        guard let index = Int(exactly: user.value), users.indices.contains(index) else { return UserOverview() }
        return users[index]
    }
}

/// What a user moved of late, on all servers.
package struct UserOverview: Sendable, Hashable {
    package var today = Traffic()
    /// In the current period, today included.
    package var period = Traffic()
    /// In the last seven whole days, for the forecast.
    package var lastDays = Traffic()
    /// How many of those days the user's history has, from its first day on.
    package var dayCount: Int64 = 0

    package init() {}
}
