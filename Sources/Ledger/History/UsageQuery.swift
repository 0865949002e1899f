/// A question about the past: who moved how much, and when.
package struct UsageQuery: Sendable, Hashable {
    /// Who is asked about.
    package enum Users: Sendable, Hashable {
        case all
        /// By the names' bytes. Names that the ledger does not know have no answer.
        case named([[UInt8]])
    }

    /// What is added up.
    package enum Step: Sendable, Hashable {
        /// All of the range.
        case total
        case hour
        case day
        /// Months that begin on this day, 1 to 31.
        case month(begins: Int)
    }

    package var users: Users
    /// Seconds since 1970. Asked for is `from` <= t < `to`.
    package var from: Int64
    package var to: Int64
    package var step: Step
    /// Goes on after this user, with the `next` of a report.
    package var after: UserID?
    /// How many users times buckets a report has at most.
    package var limit = 100_000
    /// How long it may take.
    package var milliseconds = 2000

    package init(users: Users, from: Int64, to: Int64, step: Step, after: UserID? = nil) {
        self.users = users
        self.from = from
        self.to = to
        self.step = step
        self.after = after
    }
}

/// What is not in the file's history yet: it is in memory and in the journal only.
package struct UnfoldedTraffic: Sendable, Hashable {
    /// Users who are not in the file's folded state.
    package var users: [NewUser]
    package var slots: [SlotTraffic]
    /// What is in totals and in no slot.
    package var undated: [CountedTraffic]
    package var gaps: [LedgerGap]

    package init(
        users: [NewUser] = [],
        slots: [SlotTraffic] = [],
        undated: [CountedTraffic] = [],
        gaps: [LedgerGap] = []
    ) {
        self.users = users
        self.slots = slots
        self.undated = undated
        self.gaps = gaps
    }
}
