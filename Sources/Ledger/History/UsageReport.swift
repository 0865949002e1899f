/// The answer to a ``UsageQuery``.
package struct UsageReport: Sendable, Hashable {
    /// What was added up, in seconds since 1970. `from` is later than asked for where hours were asked for that are not
    /// kept any more.
    package var from: Int64
    package var to: Int64
    /// The times that traffic is given by, in order, without holes between them.
    package var buckets: [UsageBucket]
    /// Users with traffic in the range, in the order of their ids.
    package var users: [UserUsage]
    /// All users of this report together.
    package var total: Traffic
    /// Gaps that overlap the range, oldest first; the newest thousand of them.
    package var gaps: [LedgerGap]
    /// Where to go on (``UsageQuery/after``); nil: that was all.
    package var next: UserID?
}

/// A time that traffic is added up for.
package struct UsageBucket: Sendable, Hashable {
    /// Seconds since 1970. It is `start` <= t < `end`.
    package var start: Int64
    package var end: Int64
    /// Whether its edges are not known: Hysteria was not read for a while, and its traffic was spread over that time; or
    /// it begins or ends inside a day of which only the sum is kept.
    package var isEstimated: Bool
}

/// What a user moved.
package struct UserUsage: Sendable, Hashable {
    package var id: UserID
    package var name: [UInt8]
    /// By the index of the bucket, in order; buckets without traffic are left out.
    package var traffic: [BucketTraffic]
    package var total: Traffic
    /// What was counted without a date, in no range: what Hysteria had counted before the ledger began.
    package var undated: Traffic
}

/// What was moved in one bucket.
package struct BucketTraffic: Sendable, Hashable {
    /// Into ``UsageReport/buckets``.
    package var bucket: Int
    package var traffic: Traffic
}
