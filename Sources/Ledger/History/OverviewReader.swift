import LibSQLite

/// Adds up today and the current period of each user.
struct OverviewReader {
    private let database: SQLiteDatabase
    private let tables: LedgerTables
    private let zone: CivilZone

    init(_ database: SQLiteDatabase, zone: CivilZone) {
        self.database = database
        tables = LedgerTables(database)
        self.zone = zone
    }

    func report(_ query: OverviewQuery, unfolded: UnfoldedTraffic) throws(LedgerStorageError) -> OverviewReport {
        let today = zone.date(of: query.now)
        let period = BillingPeriod(containing: today, begins: query.monthBegins)
        var report = OverviewReport(
            today: today,
            todayStart: zone.start(of: today),
            tomorrowStart: zone.start(of: today.adding(days: 1)),
            period: period,
            users: []
        )
        let known = try LedgerStore.run { () throws(SQLiteError) in
            try database.optionalNumber("SELECT max(id) FROM user") ?? 0
        }
        let last = max(known, unfolded.users.map(\.id.value).max() ?? 0)
        report.users = [UserOverview](repeating: UserOverview(), count: Int(last) + 1)
        var starts = [Int64](repeating: period.start.days, count: report.users.count)
        for (user, begins) in query.exceptions where user.value >= 0 && user.value <= last {
            starts[Int(user.value)] = BillingPeriod(containing: today, begins: begins).start.days
        }
        let firstDays = try firstDays(count: report.users.count, today: today)
        for user in report.users.indices where firstDays[user] < today.days {
            report.users[user].dayCount = min(TrafficForecast.days, today.days - firstDays[user] - 1)
        }
        let add = { (users: inout [UserOverview], user: Int, date: Int64, traffic: Traffic) in
            if date >= starts[user], date <= today.days { users[user].period += traffic }
            if date == today.days { users[user].today += traffic }
            if date < today.days, date >= today.days - users[user].dayCount { users[user].lastDays += traffic }
        }
        let earliest = min(starts.min() ?? today.days, today.days - TrafficForecast.days)
        let statement = try LedgerStore.run { () throws(SQLiteError) in
            try database.prepare("SELECT date, server, user, up, down, chk FROM day WHERE date >= ?1 AND date <= ?2")
        }
        statement.bind(1, earliest)
        statement.bind(2, today.days)
        while try LedgerStore.run({ () throws(SQLiteError) in try statement.step() }) {
            let date = statement.integer(0)
            let user = statement.integer(2)
            let (up, down) = (statement.integer(3), statement.integer(4))
            let check = RowCheck.of(.day, date, statement.integer(1), user, up, down)
            try tables.check(check == statement.integer(5) && user >= 0 && user <= last, "day")
            add(&report.users, Int(user), date, statement.traffic(3))
        }
        for slot in unfolded.slots {
            let user = slot.counted.key.user.value
            guard user >= 0, user <= last else { continue }
            let date = zone.date(of: slot.slot * SlotTraffic.seconds).days
            add(&report.users, Int(user), date, slot.counted.traffic)
        }
        return report
    }

    /// The day on which each user was seen first; today, of those who are not in the file.
    private func firstDays(count: Int, today: CivilDate) throws(LedgerStorageError) -> [Int64] {
        var days = [Int64](repeating: today.days, count: count)
        try tables.rows("SELECT id, first_seen FROM user") { (row) throws(LedgerStorageError) in
            let user = row.integer(0)
            guard user >= 0, user < count else { return }
            days[Int(user)] = min(today.days, zone.date(of: row.integer(1).dividedDown(by: 1000)).days)
        }
        return days
    }
}
