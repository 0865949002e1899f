import LibSQLite

/// Folding the journal into counters and history.
extension LedgerStore {
    /// Writes what rows of the journal come to, and deletes them: all of it or nothing.
    func fold(_ fold: LedgerFold) throws(LedgerStorageError) {
        // What was done although it seemed to fail is not done again.
        if fold.through == folded { return }
        // A file without rows takes any: a new one begins with all that memory has.
        guard fold.through > folded else {
            throw LedgerStorageError(.other, path: path, "a fold through \(fold.through) came after \(folded)")
        }
        try checkIdentity()
        let tables = LedgerTables(database)
        try database.transaction(orElse: Self.failure) { () throws(LedgerStorageError) in
            try Self.run { () throws(SQLiteError) in
                try write(fold.servers)
                try write(fold.users)
                try write(fold.counters)
                try write(fold.gaps)
                try delete(views: fold.goneViews, clears: fold.goneClears)
                for change in fold.views { try write(change) }
                try write(fold.clears)
            }
            try addHistory(fold)
            try Self.run { () throws(SQLiteError) in
                let statement = try database.prepare("DELETE FROM journal WHERE seq <= ?1")
                statement.bind(1, fold.through)
                try statement.run()
                try tables.set(.folded, "\(fold.through)")
                try tables.set(.restored, "0")
            }
        }
        folded = fold.through
        durable = max(durable, folded)
        if logIdentity == nil { noteIdentity() }
    }

    private func write(_ servers: [ServerImage]) throws(SQLiteError) {
        let statement = try database.prepare(
            """
            INSERT INTO server VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, mark = excluded.mark, read_at = excluded.read_at, chk = excluded.chk
            """
        )
        for server in servers {
            statement.bind(1, server.id.value)
            try statement.bind(2, server.name)
            try statement.bind(3, server.mark)
            statement.bind(4, server.readAt)
            statement.bind(5, server.check)
            try statement.run()
        }
    }

    private func write(_ users: [UserImage]) throws(SQLiteError) {
        // Almost all are known. Their names do not change, and so the index of names is left alone.
        let change = try database.prepare("UPDATE user SET first_seen = ?3, last_seen = ?4, chk = ?5 WHERE id = ?1")
        let insertion = try database.prepare("INSERT INTO user VALUES (?1, ?2, ?3, ?4, ?5)")
        let newest = try database.optionalNumber("SELECT max(id) FROM user") ?? .min
        for user in users {
            let check = user.check
            if user.id.value <= newest {
                change.bind(1, user.id.value)
                change.bind(3, user.firstSeen)
                change.bind(4, user.lastSeen)
                change.bind(5, check)
                try change.run()
                if database.changedRows > 0 { continue }
            }
            insertion.bind(1, user.id.value)
            try insertion.bind(2, user.name)
            insertion.bind(3, user.firstSeen)
            insertion.bind(4, user.lastSeen)
            insertion.bind(5, check)
            try insertion.run()
        }
    }

    private func write(_ counters: [CounterImage]) throws(SQLiteError) {
        let statement = try database.prepare(
            """
            INSERT INTO counter VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (server, user) DO UPDATE
            SET up = excluded.up, down = excluded.down, raw_up = excluded.raw_up, raw_down = excluded.raw_down,
                chk = excluded.chk
            """
        )
        for counter in counters {
            statement.bind(1, counter.key)
            statement.bind(3, counter.total)
            statement.bind(5, counter.raw)
            statement.bind(7, counter.check)
            try statement.run()
        }
    }

    private func write(_ gaps: [LedgerGap]) throws(SQLiteError) {
        let statement = try database.prepare("INSERT INTO gap VALUES (NULL, ?1, ?2, ?3, ?4, ?5)")
        for gap in gaps {
            statement.bind(1, gap.server.value)
            statement.bind(2, gap.began)
            statement.bind(3, gap.ended)
            try statement.bind(4, gap.cause.rawValue)
            statement.bind(5, gap.check)
            try statement.run()
        }
    }

    private func delete(views: [ViewID], clears: [ClearID]) throws(SQLiteError) {
        for sql in [
            "DELETE FROM view WHERE id = ?1", "DELETE FROM taken WHERE view = ?1", "DELETE FROM clear WHERE view = ?1",
        ] {
            let statement = try database.prepare(sql)
            for view in views {
                statement.bind(1, view.value)
                try statement.run()
            }
        }
        let statement = try database.prepare("DELETE FROM clear WHERE id = ?1")
        for clear in clears {
            statement.bind(1, clear.value)
            try statement.run()
        }
    }

    private func write(_ change: ViewChange) throws(SQLiteError) {
        let view = change.view
        let statement = try database.prepare(
            """
            INSERT INTO view VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, began = excluded.began, used = excluded.used,
                acknowledged = excluded.acknowledged, offered = excluded.offered, chk = excluded.chk
            """
        )
        statement.bind(1, view.id.value)
        try statement.bind(2, view.name)
        statement.bind(3, view.began)
        statement.bind(4, view.lastUsed)
        statement.bind(5, view.acknowledged)
        statement.bind(6, view.offered)
        statement.bind(7, view.check)
        try statement.run()
        if change.replacesOffer {
            let statement = try database.prepare("DELETE FROM taken WHERE view = ?1 AND offer = 1")
            statement.bind(1, view.id.value)
            try statement.run()
        }
        try write(view.taken, view: view.id.value, offer: 0)
        try write(view.offer, view: view.id.value, offer: 1)
    }

    /// Amounts of a view. Zero is no row.
    private func write(_ amounts: [CountedTraffic], view: Int64, offer: Int64) throws(SQLiteError) {
        guard !amounts.isEmpty else { return }
        let statement = try database.prepare(
            """
            INSERT INTO taken VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (view, offer, server, user) DO UPDATE
            SET up = excluded.up, down = excluded.down, chk = excluded.chk
            """
        )
        let removal = try database.prepare(
            "DELETE FROM taken WHERE view = ?1 AND offer = ?2 AND server = ?3 AND user = ?4"
        )
        for amount in amounts {
            let chosen = amount.traffic.isZero ? removal : statement
            chosen.bind(1, view)
            chosen.bind(2, offer)
            chosen.bind(3, amount.key)
            if !amount.traffic.isZero {
                chosen.bind(5, amount.traffic)
                chosen.bind(7, amount.check(view: view, offer: offer))
            }
            try chosen.run()
        }
    }

    private func write(_ clears: [ClearImage]) throws(SQLiteError) {
        let statement = try database.prepare("INSERT OR REPLACE INTO clear VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        for clear in clears {
            let body = JournalCodec.encode(clear.amounts)
            statement.bind(1, clear.id.value)
            statement.bind(2, clear.view.value)
            try statement.bind(3, clear.key)
            statement.bind(4, clear.at)
            statement.bind(5, Int64(clear.verdict.rawValue))
            try statement.bind(6, body)
            statement.bind(7, body.withUnsafeBytes { clear.check(body: $0) })
            try statement.run()
        }
    }
}
