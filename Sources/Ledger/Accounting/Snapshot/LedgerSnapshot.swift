/// The ledger's figures at a moment. Copying it copies no figures.
package struct LedgerSnapshot: Sendable {
    private let accounts: LedgerAccounts
    private let server: ServerID
    /// Totals as far as they are durable, by server and number of the user.
    private let committed: [ServerID: [Traffic]]
    /// Whether the file can be written.
    package let isDurable: Bool
    package let statistics: LedgerStatistics

    init(
        _ accounts: LedgerAccounts,
        server: ServerID,
        committed: [ServerID: [Traffic]],
        isDurable: Bool,
        statistics: LedgerStatistics
    ) {
        self.accounts = accounts
        self.server = server
        self.committed = committed
        self.isDurable = isDurable
        self.statistics = statistics
    }

    /// When the server was read last, in milliseconds since 1970; nil: never.
    package var readAt: Int64? { accounts.servers[server]?.image.readAt }
    package var serverName: String { accounts.servers[server]?.image.name ?? "" }
    package var ledgerID: String { accounts.ledgerID }
    /// Rows of the journal that are not folded yet.
    package var journalRows: Int { accounts.open.history.rows + (accounts.folding?.history.rows ?? 0) }

    // MARK: Users

    /// Each user who was ever counted, in the order of their names' bytes. "(others)" is among them if there are any.
    package func users() -> [UserFigures] {
        let servers = servers()
        return accounts.order.sorted.compactMap { number in
            let figures = figures(of: Int(number), servers)
            return number == 0 && figures.total.isZero ? nil : figures
        }
    }

    package func user(named name: [UInt8]) -> UserFigures? {
        accounts.names.number(of: name).map { figures(of: $0, servers()) }
    }

    package func name(of user: UserID) -> [UInt8] { Array(accounts.names.name(of: Int32(user.value))) }

    /// How many users have a place of their own.
    package var userCount: Int { accounts.userCount }

    /// The id of a user with exactly this name; nil: there is none.
    package func id(of name: String) -> UserID? {
        var name = name
        return name.withUTF8 { accounts.names.number(of: UnsafeRawBufferPointer($0)) }.map { UserID(Int64($0)) }
    }

    /// Calls `body` with the name and the durable total of each user, "(others)" too, in the order of their ids.
    package func forEachCommitted(_ body: (UserID, ArraySlice<UInt8>, Traffic) -> Void) {
        let totals = accounts.servers.keys.compactMap { committed[$0] }
        for number in 0..<accounts.nextUser where number == 0 || accounts.names.contains(number) {
            let sum = totals.reduce(Traffic()) { $0 + $1.of(number) }
            body(UserID(Int64(number)), accounts.names.name(of: Int32(number)), sum)
        }
    }

    /// What is known of one server, looked up once for all users.
    private struct ServerFigures {
        let totals: [Traffic]
        let committed: [Traffic]
        let raw: [Traffic]
        let rate: ServerAccount.Rate
    }

    private func servers() -> [ServerFigures] {
        accounts.servers.map { id, server in
            ServerFigures(totals: server.totals, committed: committed[id] ?? [], raw: server.raw, rate: server.rate)
        }
    }

    private func figures(of number: Int, _ servers: [ServerFigures]) -> UserFigures {
        var figures = UserFigures(
            id: UserID(Int64(number)),
            name: Array(accounts.names.name(of: Int32(number))),
            firstSeen: accounts.firstSeen[number],
            lastSeen: accounts.lastSeen[number]
        )
        for server in servers {
            figures.total += server.totals.of(number)
            figures.committed += server.committed.of(number)
            figures.raw += server.raw.of(number)
            figures.rate += server.rate.perSecond(of: figures.id)
        }
        return figures
    }

    // MARK: Views

    /// What a view shows: totals without what it was given, users without traffic left out; nil: there is no such view yet.
    package func traffic(of request: ViewRequest) -> [NamedTraffic]? {
        accounts.viewIDs[request.name].map { named(accounts.remainder(of: $0, users: request.users)) }
    }

    package func view(named name: String) -> ViewFigures? {
        accounts.viewIDs[name].flatMap { accounts.views[$0] }.map { view in
            ViewFigures(
                id: view.id,
                name: view.name,
                began: view.began,
                lastUsed: view.lastUsed,
                acknowledged: view.acknowledged,
                offered: view.offered,
                clears: view.clears.clears
            )
        }
    }

    /// Amounts by user over all servers, in the order of their names' bytes.
    package func named(_ amounts: [CountedTraffic]) -> [NamedTraffic] {
        guard amounts.count > accounts.nextUser / 8 else { return namedFew(amounts) }
        var sums = [Traffic?](repeating: nil, count: accounts.nextUser)
        for amount in amounts where amount.key.user.value < sums.count {
            let number = Int(amount.key.user.value)
            sums[number] = (sums[number] ?? Traffic()) + amount.traffic
        }
        // All users are in order already.
        return accounts.order.sorted.compactMap { number in
            sums[Int(number)].map { NamedTraffic(name(of: UserID(Int64(number))), $0) }
        }
    }

    private func namedFew(_ amounts: [CountedTraffic]) -> [NamedTraffic] {
        var sums: [UserID: Traffic] = [:]
        for amount in amounts { sums[amount.key.user, default: Traffic()] += amount.traffic }
        return sums.map { NamedTraffic(name(of: $0.key), $0.value) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    // MARK: History

    /// What is counted and not in the history of a file that is folded up to `folded`. Take the snapshot first and ask the
    /// file then how far it is folded: what a fold brings in between is left out here, and nothing counts twice.
    package func unfolded(after folded: Int64, now: LedgerTime) -> UnfoldedTraffic {
        var unfolded = UnfoldedTraffic()
        var history = OpenHistory(after: folded)
        for part in [accounts.folding, accounts.open] {
            guard let part, part.history.through > folded else { continue }
            history.append(part.history)
            unfolded.users += part.newUsers
        }
        unfolded.slots = history.quarters(now: now)
        unfolded.undated = history.undated
        unfolded.gaps = history.datedGaps(now: now)
        return unfolded
    }
}

extension ServerAccount.Rate {
    func perSecond(of user: UserID) -> Traffic {
        guard milliseconds > 0 else { return Traffic() }
        var (low, high) = (0, amounts.count)
        while low < high {
            let middle = (low + high) / 2
            if amounts[middle].user < user { low = middle + 1 } else { high = middle }
        }
        guard low < amounts.count, amounts[low].user == user else { return Traffic() }
        let traffic = amounts[low].traffic
        return Traffic(up: perSecond(traffic.up), down: perSecond(traffic.down))
    }

    private func perSecond(_ bytes: UInt64) -> UInt64 {
        let (product, divisor) = (bytes.multipliedFullWidth(by: 1000), UInt64(milliseconds))
        guard product.high < divisor else { return .max }
        return divisor.dividingFullWidth((product.high, product.low)).quotient
    }
}
