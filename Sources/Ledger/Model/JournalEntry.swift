/// One thing that happened to the ledger. All of the ledger's state is what its entries, applied in order, make of it: at
/// the start the file's folded state and the entries after it, while running each entry as it is made.
package enum JournalEntry: Hashable, Sendable {
    /// Users seen for the first time, in the order of their ids.
    case users([NewUser])
    /// One answer of Hysteria's counters.
    case reading(AppliedReading)
    /// A consumer seen for the first time.
    case view(NewView)
    /// A consumer is given all that it has not been given: `taken` grows by these amounts.
    case clear(GrantedClear)
    /// How a clear ended. Returned: `taken` falls again by what was granted.
    case verdict(ClearID, ClearVerdict)
    /// A consumer is offered, under a cursor, what came since the acknowledged cursor.
    case offer(CursorOffer)
    /// A consumer asked from this cursor on: what was offered under it is taken for good.
    case acknowledged(ViewID, cursor: Int64)
    /// A consumer has not been seen for long: its view and its clears are dropped.
    case viewGone(ViewID)
    /// A time of which something is not known.
    case gap(LedgerGap)
}

/// A user seen for the first time.
package struct NewUser: Hashable, Sendable {
    package let id: UserID
    /// The name's bytes as Hysteria gives them: not necessarily UTF-8, at most 1,024.
    package let name: [UInt8]

    package init(id: UserID, name: [UInt8]) {
        self.id = id
        self.name = name
    }
}

/// What one answer of Hysteria's counters meant.
package struct AppliedReading: Hashable, Sendable {
    /// How an answer was taken.
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// The first one ever of this server: in totals, in no slot.
        case opening = 0
        /// The counters went on: the amounts are what came since the last reading.
        case difference = 1
        /// The same, though nothing proves that the counters went on.
        case assumedDifference = 2
        /// The counters had been emptied: the amounts are all that they show, and whoever is missing is at zero.
        case anew = 3
    }

    package let server: ServerID
    package let kind: Kind
    /// What it adds, of users with more than nothing, in the order of their ids.
    package let amounts: [AmountOfUser]
    /// What tells this Hysteria process from the next; empty: not known.
    package let mark: String
    /// For `anew`: since when, and why. For a difference: `unread`, after a long time without a reading.
    package let gap: LedgerGap?

    package init(server: ServerID, kind: Kind, amounts: [AmountOfUser], mark: String, gap: LedgerGap?) {
        self.server = server
        self.kind = kind
        self.amounts = amounts
        self.mark = mark
        self.gap = gap
    }
}

/// Bytes of one user.
package struct AmountOfUser: Hashable, Sendable {
    package let user: UserID
    package var traffic: Traffic
    package init(_ user: UserID, _ traffic: Traffic) {
        self.user = user
        self.traffic = traffic
    }
}

/// A consumer seen for the first time.
package struct NewView: Hashable, Sendable {
    package let id: ViewID
    package let name: String
    /// What it does not get: all that was counted before Hysteria's counters, as they are now, began.
    package let taken: [CountedTraffic]

    package init(id: ViewID, name: String, taken: [CountedTraffic]) {
        self.id = id
        self.name = name
        self.taken = taken
    }
}

/// A clear that was granted.
package struct GrantedClear: Hashable, Sendable {
    package let id: ClearID
    package let view: ViewID
    /// The request's `Idempotency-Key`.
    package let key: String?
    package let amounts: [CountedTraffic]

    package init(id: ClearID, view: ViewID, key: String?, amounts: [CountedTraffic]) {
        self.id = id
        self.view = view
        self.key = key
        self.amounts = amounts
    }
}

/// How a granted clear ended.
package enum ClearVerdict: UInt8, Hashable, Sendable, CaseIterable {
    /// Not known yet.
    case undecided = 0
    /// The caller has the answer, or nothing proves that it has not.
    case delivered = 1
    /// The answer was lost for certain, and the amounts went back into the view.
    case returned = 2
}

/// What a consumer may take, under a cursor.
package struct CursorOffer: Hashable, Sendable {
    package let view: ViewID
    /// The cursor under which the next request asks.
    package let cursor: Int64
    package let amounts: [CountedTraffic]

    package init(view: ViewID, cursor: Int64, amounts: [CountedTraffic]) {
        self.view = view
        self.cursor = cursor
        self.amounts = amounts
    }
}

/// A time of which something is not known.
package struct LedgerGap: Hashable, Sendable {
    /// Why something is not known.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        /// Hysteria's counters began anew: what it counted between the last reading and its end is not known.
        case restart
        /// Somebody else emptied Hysteria's counters.
        case cleared
        /// Hysteria was not read, and its counters went on: the sum is known, its times are estimated.
        case unread
        /// The ledger's file was lost or replaced by an older one.
        case lost
        /// The clock was set by more than a slot.
        case clock
    }

    package let server: ServerID
    /// Milliseconds since 1970.
    package let began: Int64
    /// Milliseconds since 1970.
    package let ended: Int64
    package let cause: Cause

    package init(server: ServerID, began: Int64, ended: Int64, cause: Cause) {
        self.server = server
        self.began = began
        self.ended = ended
        self.cause = cause
    }

    /// Both as one, where the same happened again within a quarter of an hour: a panel that clears Hysteria every ten seconds
    /// must not fill the file. nil where they are two.
    ///
    /// - Parameter next: The gap after this one.
    package func joined(with next: LedgerGap) -> LedgerGap? {
        let isSameQuarter = began.dividedDown(by: 900_000) == next.began.dividedDown(by: 900_000)
        guard cause == .cleared || cause == .restart, cause == next.cause, server == next.server, isSameQuarter
        else { return nil }
        return LedgerGap(server: server, began: min(began, next.began), ended: max(ended, next.ended), cause: cause)
    }
}

/// A row of the journal.
package struct JournalRow: Hashable, Sendable {
    /// Goes up by one from row to row, without holes.
    package let sequence: Int64
    package let time: LedgerTime
    package let entry: JournalEntry

    package init(sequence: Int64, time: LedgerTime, entry: JournalEntry) {
        self.sequence = sequence
        self.time = time
        self.entry = entry
    }
}
