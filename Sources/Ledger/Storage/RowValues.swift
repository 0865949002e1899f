import LibSQLite

/// How the ledger's values stand in rows.
extension Traffic {
    /// SQLite's numbers have a sign. More than 2^63 - 1 bytes stay at that.
    var columns: (up: Int64, down: Int64) { (Int64(clamping: up), Int64(clamping: down)) }
}

extension SQLiteStatement {
    /// Two columns, up and down.
    func traffic(_ column: Int32) -> Traffic {
        Traffic(up: UInt64(clamping: integer(column)), down: UInt64(clamping: integer(column + 1)))
    }

    /// Two columns, server and user.
    func key(_ column: Int32) -> CounterKey {
        CounterKey(server: ServerID(integer(column)), user: UserID(integer(column + 1)))
    }

    func bind(_ parameter: Int32, _ traffic: Traffic) {
        let columns = traffic.columns
        bind(parameter, columns.up)
        bind(parameter + 1, columns.down)
    }

    func bind(_ parameter: Int32, _ key: CounterKey) {
        bind(parameter, key.server.value)
        bind(parameter + 1, key.user.value)
    }
}

extension ServerImage {
    var check: Int64 {
        var check = RowCheck(.server)
        check.add(id.value)
        check.add(name)
        check.add(mark)
        check.add(readAt)
        return check.value
    }
}

extension UserImage {
    var check: Int64 {
        var check = RowCheck(.user)
        check.add(id.value)
        check.add(name)
        check.add(firstSeen)
        check.add(lastSeen)
        return check.value
    }
}

extension CounterImage {
    var check: Int64 {
        var check = RowCheck(.counter)
        check.add(key.server.value)
        check.add(key.user.value)
        check.add(total.columns.up)
        check.add(total.columns.down)
        check.add(raw.columns.up)
        check.add(raw.columns.down)
        return check.value
    }
}

extension ViewImage {
    /// Of its row, without its amounts.
    var check: Int64 {
        var check = RowCheck(.view)
        check.add(id.value)
        check.add(name)
        check.add(began)
        check.add(lastUsed)
        check.add(acknowledged)
        check.add(offered)
        return check.value
    }
}

extension CountedTraffic {
    /// Of a row of `taken`.
    func check(view: Int64, offer: Int64) -> Int64 {
        var check = RowCheck(.taken)
        check.add(view)
        check.add(offer)
        check.add(key.server.value)
        check.add(key.user.value)
        check.add(traffic.columns.up)
        check.add(traffic.columns.down)
        return check.value
    }

    /// Of a row of `quarter` or `day`.
    func check(_ table: RowCheck.Table, at time: Int64) -> Int64 {
        let columns = traffic.columns
        return RowCheck.of(table, time, key.server.value, key.user.value, columns.up, columns.down)
    }
}

extension ClearImage {
    func check(body: UnsafeRawBufferPointer) -> Int64 {
        var check = RowCheck(.clear)
        check.add(id.value)
        check.add(view.value)
        check.add(key)
        check.add(at)
        check.add(Int64(verdict.rawValue))
        check.add(body)
        return check.value
    }
}

extension LedgerGap {
    var check: Int64 {
        var check = RowCheck(.gap)
        check.add(server.value)
        check.add(began)
        check.add(ended)
        check.add(cause.rawValue)
        return check.value
    }
}
