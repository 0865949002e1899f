import LibSQLite

/// What a look at all of a file has found.
package struct LedgerFileCheck: Sendable, Hashable {
    /// What is wrong, at most some of it; empty: nothing.
    package var problems: [String] = []
    package var status: LedgerFileStatus
    package var users = 0
    /// How many rows of quarter hours and days there are.
    package var quarters = 0
    package var days = 0
    /// The first and the last day with traffic.
    package var firstDay: CivilDate?
    package var lastDay: CivilDate?
    package var endedCleanly = true
    package var zone: String?
}

extension LedgerFile {
    /// Checks a file that nobody has open: its structure, each row, and that the parts agree with each other.
    package static func check(_ options: LedgerStorageOptions, zone: CivilZone) throws(LedgerStorageError)
        -> LedgerFileCheck
    {
        try with(options, zone: zone, check: .all) { (store, image) throws(LedgerStorageError) in
            let tables = LedgerTables(store.database)
            var check = LedgerFileCheck(status: store.status())
            check.users = image.users.count
            check.endedCleanly = image.endedCleanly
            check.zone = try tables.meta()[.zone]
            check.problems = try LedgerStore.run { () throws(SQLiteError) in try store.database.integrityCheck() }
            var sums: [CounterKey: Traffic] = [:]
            try tables.history(.day) { date, counted in
                sums[counted.key, default: Traffic()] += counted.traffic
                check.days += 1
                guard date != undatedDay else { return }
                check.firstDay = check.firstDay ?? CivilDate(days: date)
                check.lastDay = CivilDate(days: date)
            }
            try tables.history(.quarter) { _, _ in check.quarters += 1 }
            check.problems += disagreements(image, sums: sums)
            return check
        }
    }

    /// Users whose days do not add up to their total, and consumers who have taken more than there is.
    private static func disagreements(_ image: LedgerImage, sums: [CounterKey: Traffic]) -> [String] {
        var problems: [String] = []
        var totals: [CounterKey: Traffic] = [:]
        let names = Dictionary(image.users.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let name = { (user: UserID) in String(decoding: names[user] ?? UsageUsers.othersName, as: UTF8.self) }
        for counter in image.counters {
            totals[counter.key] = counter.total
            let sum = sums[counter.key] ?? Traffic()
            guard sum != counter.total else { continue }
            problems.append(
                "user \(name(counter.key.user)): the days come to \(sum.all) bytes, the total to \(counter.total.all)"
            )
        }
        for key in sums.keys.sorted() where totals[key] == nil {
            problems.append("user \(name(key.user)): there are days, and no total")
        }
        for view in image.views {
            for taken in view.taken {
                let total = totals[taken.key] ?? Traffic()
                guard taken.traffic.up > total.up || taken.traffic.down > total.down else { continue }
                problems.append("consumer \(view.name): more is taken of user \(name(taken.key.user)) than there is")
            }
        }
        return Array(problems.prefix(20))
    }
}
