import Ledger

/// What is known of a user now. A figure is nil where it is not known, or where the token may not see it.
package struct UserRow: Sendable, Hashable {
    /// The name's bytes as Hysteria gives them: not necessarily UTF-8.
    package var name: [UInt8]
    /// How many connections the user has; nil without the scope online. A user who is not online has 0.
    package var devices: UInt64?
    /// All that was ever counted.
    package var total: Traffic?
    /// Bytes a second between the last two readings.
    package var rate: Traffic?
    /// When its counters last grew, in milliseconds since 1970; nil or 0: never.
    package var lastSeen: Int64?
    package var today: Traffic?
    /// The current period, with the quota if there is one.
    package var period: QuotaLine?

    package init(
        name: [UInt8],
        devices: UInt64? = nil,
        total: Traffic? = nil,
        rate: Traffic? = nil,
        lastSeen: Int64? = nil,
        today: Traffic? = nil,
        period: QuotaLine? = nil
    ) {
        self.name = name
        self.devices = devices
        self.total = total
        self.rate = rate
        self.lastSeen = lastSeen
        self.today = today
        self.period = period
    }

    /// Seconds since 1970.
    var lastSeenSecond: Int64? {
        guard let lastSeen, lastSeen != 0 else { return nil }
        return lastSeen.quotientRoundedDown(1000)
    }
}
