import LibSQLite

/// Changes to the users of a file that nobody has open.
extension LedgerFile {
    /// What became of a user whose figures went to another.
    package enum Leaving: Sendable, Hashable {
        /// The name is gone from the file.
        case gone
        /// The name stays, with nothing counted: Hysteria's counters may list it still, and what they say would else be
        /// counted again. Once Hysteria has been restarted without that user, the same can be done again.
        case listed
    }

    /// Gives all that was counted of a user to another one: totals, history, and what consumers have taken.
    package static func merge(
        _ user: [UInt8],
        into other: [UInt8],
        _ options: LedgerStorageOptions,
        zone: CivilZone
    ) throws(LedgerStorageError) -> Leaving {
        try move(user, options, zone: zone) { (image) throws(LedgerStorageError) in
            try id(of: other, in: image, options)
        }
    }

    /// Gives all that was counted of a user to "(others)", and takes the name out of the file.
    package static func forget(_ user: [UInt8], _ options: LedgerStorageOptions, zone: CivilZone)
        throws(LedgerStorageError) -> Leaving
    {
        try move(user, options, zone: zone) { (_) throws(LedgerStorageError) in UserID.others }
    }

    private static func move(
        _ user: [UInt8],
        _ options: LedgerStorageOptions,
        zone: CivilZone,
        into target: (LedgerImage) throws(LedgerStorageError) -> UserID
    ) throws(LedgerStorageError) -> Leaving {
        try with(options, zone: zone) { (store, image) throws(LedgerStorageError) in
            guard image.journal.isEmpty else {
                throw LedgerStorageError(
                    .other,
                    path: options.path,
                    "it was not closed in order; start the gateway and stop it, so that all is folded"
                )
            }
            let from = try id(of: user, in: image, options)
            let to = try target(image)
            guard from != to, from != .others else {
                throw LedgerStorageError(.other, path: options.path, "a user cannot be merged with itself")
            }
            let move = UserMove(database: store.database, image: image, from: from, to: to)
            let leaving = try store.database.transaction(orElse: LedgerStore.failure) {
                () throws(LedgerStorageError) in
                try move.run()
            }
            // A name that is to be gone is not to be left on pages that nobody uses.
            try LedgerStore.run { () throws(SQLiteError) in
                try store.database.checkpoint()
                if leaving == .gone { try store.database.execute("VACUUM") }
            }
            return leaving
        }
    }

    private static func id(of name: [UInt8], in image: LedgerImage, _ options: LedgerStorageOptions)
        throws(LedgerStorageError) -> UserID
    {
        guard let user = image.users.first(where: { $0.name == name }) else {
            let text = String(decoding: name, as: UTF8.self)
            throw LedgerStorageError(.other, path: options.path, "it has no user \(text)")
        }
        return user.id
    }
}

/// Moves what was counted of one user to another, within a transaction.
struct UserMove {
    let database: SQLiteDatabase
    let image: LedgerImage
    let from: UserID
    let to: UserID

    func run() throws(LedgerStorageError) -> LedgerFile.Leaving {
        try moveHistory(.quarter)
        try moveHistory(.day)
        try LedgerStore.run { () throws(SQLiteError) in try moveTaken() }
        return try LedgerStore.run { () throws(SQLiteError) in try moveCounters() }
    }

    private func moveHistory(_ kind: RowCheck.Table) throws(LedgerStorageError) {
        let table = kind == .quarter ? "quarter" : "day"
        var rows: [(time: Int64, counted: CountedTraffic)] = []
        try LedgerTables(database).history(kind, where: "user = \(from.value)") { rows.append(($0, $1)) }
        let history = try HistoryTable(kind, database)
        for row in rows {
            let key = CounterKey(server: row.counted.key.server, user: to)
            try history.add(CountedTraffic(key, row.counted.traffic), at: row.time)
        }
        try LedgerStore.run { () throws(SQLiteError) in
            try database.execute("DELETE FROM \(table) WHERE user = \(from.value)")
        }
    }

    /// What consumers have taken of the one counts as taken of the other: each still gets what it has not taken.
    private func moveTaken() throws(SQLiteError) {
        try database.execute("DELETE FROM taken WHERE user IN (\(from.value), \(to.value))")
        let statement = try database.prepare("INSERT INTO taken VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        for view in image.views {
            for (offer, amounts) in [(0 as Int64, view.taken), (1, view.offer)] {
                for (server, traffic) in sums(amounts) where !traffic.isZero {
                    let counted = CountedTraffic(CounterKey(server: server, user: to), traffic)
                    statement.bind(1, view.id.value)
                    statement.bind(2, offer)
                    statement.bind(3, counted.key)
                    statement.bind(5, counted.traffic)
                    statement.bind(7, counted.check(view: view.id.value, offer: offer))
                    try statement.run()
                }
            }
        }
    }

    /// What there is of both users, by server.
    private func sums(_ amounts: [CountedTraffic]) -> [ServerID: Traffic] {
        var sums: [ServerID: Traffic] = [:]
        for amount in amounts where amount.key.user == from || amount.key.user == to {
            sums[amount.key.server, default: Traffic()] += amount.traffic
        }
        return sums
    }

    /// The totals go over. What Hysteria's counters said last stays: they go on from there under the same name.
    private func moveCounters() throws(SQLiteError) -> LedgerFile.Leaving {
        var counters: [CounterKey: CounterImage] = [:]
        for counter in image.counters where counter.key.user == from || counter.key.user == to {
            counters[counter.key] = counter
        }
        var isListed = false
        for counter in counters.values where counter.key.user == from {
            let key = CounterKey(server: counter.key.server, user: to)
            counters[key, default: CounterImage(key: key, total: Traffic(), raw: Traffic())].total += counter.total
            counters[counter.key]?.total = Traffic()
            isListed = isListed || !counter.raw.isZero
        }
        try database.execute("DELETE FROM counter WHERE user IN (\(from.value), \(to.value))")
        let statement = try database.prepare("INSERT INTO counter VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        for counter in counters.values where counter.key.user == to || isListed {
            statement.bind(1, counter.key)
            statement.bind(3, counter.total)
            statement.bind(5, counter.raw)
            statement.bind(7, counter.check)
            try statement.run()
        }
        if isListed { return .listed }
        try database.execute("DELETE FROM user WHERE id = \(from.value)")
        return .gone
    }
}
