/// What a ledger's file holds, as it is read at the start: the folded state, and the rows of the journal after it.
package struct LedgerImage: Hashable, Sendable {
    /// 128 random bits in hexadecimal, which tell this file from any other.
    package var ledgerID: String
    package var servers: [ServerImage]
    package var users: [UserImage]
    package var counters: [CounterImage]
    package var views: [ViewImage]
    package var clears: [ClearImage]
    /// The last row of the journal that is in the folded state.
    package var folded: Int64
    /// The rows after `folded`, in order.
    package var journal: [JournalRow]
    /// Whether the file was closed in order.
    package var endedCleanly: Bool
    /// Whether a backup took the file's place: what consumers were given since it was made is not in it.
    package var isRestored = false

    package init(
        ledgerID: String,
        servers: [ServerImage] = [],
        users: [UserImage] = [],
        counters: [CounterImage] = [],
        views: [ViewImage] = [],
        clears: [ClearImage] = [],
        folded: Int64 = 0,
        journal: [JournalRow] = [],
        endedCleanly: Bool = true
    ) {
        self.ledgerID = ledgerID
        self.servers = servers
        self.users = users
        self.counters = counters
        self.views = views
        self.clears = clears
        self.folded = folded
        self.journal = journal
        self.endedCleanly = endedCleanly
    }
}

/// A Hysteria server.
package struct ServerImage: Hashable, Sendable {
    package let id: ServerID
    package var name: String
    /// What told its process from the next at the last reading; empty: not known.
    package var mark: String
    /// When it was read last, in milliseconds since 1970; nil: never.
    package var readAt: Int64?

    package init(id: ServerID, name: String, mark: String = "", readAt: Int64? = nil) {
        self.id = id
        self.name = name
        self.mark = mark
        self.readAt = readAt
    }
}

/// A user.
package struct UserImage: Hashable, Sendable {
    package let id: UserID
    package let name: [UInt8]
    /// Milliseconds since 1970.
    package var firstSeen: Int64
    /// When its counters last grew, in milliseconds since 1970.
    package var lastSeen: Int64

    package init(id: UserID, name: [UInt8], firstSeen: Int64, lastSeen: Int64) {
        self.id = id
        self.name = name
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }
}

/// What was counted of one user on one server.
package struct CounterImage: Hashable, Sendable {
    package let key: CounterKey
    /// All that was ever counted.
    package var total: Traffic
    /// What Hysteria's counter said at the last reading.
    package var raw: Traffic

    package init(key: CounterKey, total: Traffic, raw: Traffic) {
        self.key = key
        self.total = total
        self.raw = raw
    }
}

/// A consumer's own counters.
package struct ViewImage: Hashable, Sendable {
    package let id: ViewID
    package var name: String
    /// Milliseconds since 1970.
    package var began: Int64
    package var lastUsed: Int64
    /// The cursor up to which the consumer has taken; nil: it has never used one.
    package var acknowledged: Int64?
    /// The cursor that it was offered.
    package var offered: Int64?
    /// What it has been given for good, and what it began without.
    package var taken: [CountedTraffic]
    /// What it is offered under `offered`, beyond `taken`.
    package var offer: [CountedTraffic]

    package init(
        id: ViewID,
        name: String,
        began: Int64,
        lastUsed: Int64,
        acknowledged: Int64? = nil,
        offered: Int64? = nil,
        taken: [CountedTraffic] = [],
        offer: [CountedTraffic] = []
    ) {
        self.id = id
        self.name = name
        self.began = began
        self.lastUsed = lastUsed
        self.acknowledged = acknowledged
        self.offered = offered
        self.taken = taken
        self.offer = offer
    }
}

/// A clear that was granted.
package struct ClearImage: Hashable, Sendable {
    package let id: ClearID
    package let view: ViewID
    package let key: String?
    /// Milliseconds since 1970.
    package let at: Int64
    package var verdict: ClearVerdict
    package let amounts: [CountedTraffic]

    package init(
        id: ClearID,
        view: ViewID,
        key: String?,
        at: Int64,
        verdict: ClearVerdict,
        amounts: [CountedTraffic]
    ) {
        self.id = id
        self.view = view
        self.key = key
        self.at = at
        self.verdict = verdict
        self.amounts = amounts
    }
}
