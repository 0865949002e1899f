/// The figures of one user over all servers.
package struct UserFigures: Hashable, Sendable {
    package let id: UserID
    package let name: [UInt8]
    /// All that was ever counted.
    package var total = Traffic()
    /// The same, as far as it is durable.
    package var committed = Traffic()
    /// What Hysteria's counters said last.
    package var raw = Traffic()
    /// Bytes a second between the last two readings.
    package var rate = Traffic()
    /// Milliseconds since 1970; 0: never.
    package let firstSeen: Int64
    package let lastSeen: Int64

    package init(id: UserID, name: [UInt8], firstSeen: Int64, lastSeen: Int64) {
        self.id = id
        self.name = name
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }
}

/// Bytes of a user, by name.
package struct NamedTraffic: Hashable, Sendable {
    package let name: [UInt8]
    package var traffic: Traffic

    package init(_ name: [UInt8], _ traffic: Traffic) {
        self.name = name
        self.traffic = traffic
    }
}
