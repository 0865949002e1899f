/// A user in the ledger: its row's id, given once and never again. 0 is "(others)", who have no place of their own.
package struct UserID: Hashable, Sendable, Comparable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static func < (left: UserID, right: UserID) -> Bool { left.value < right.value }
    /// All users beyond the limit, together.
    package static let others = UserID(0)
}

/// A Hysteria server in the ledger.
package struct ServerID: Hashable, Sendable, Comparable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static func < (left: ServerID, right: ServerID) -> Bool { left.value < right.value }
}

/// A consumer's own counters in the ledger.
package struct ViewID: Hashable, Sendable, Comparable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static func < (left: ViewID, right: ViewID) -> Bool { left.value < right.value }
}

/// One granted `clear`.
package struct ClearID: Hashable, Sendable, Comparable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package static func < (left: ClearID, right: ClearID) -> Bool { left.value < right.value }
}

/// Who on which server: the key of a counter.
package struct CounterKey: Hashable, Sendable, Comparable {
    package let server: ServerID
    package let user: UserID
    package init(server: ServerID, user: UserID) {
        self.server = server
        self.user = user
    }
    package static func < (left: CounterKey, right: CounterKey) -> Bool {
        (left.server, left.user) < (right.server, right.user)
    }
}

/// Bytes of one user on one server.
package struct CountedTraffic: Hashable, Sendable {
    package let key: CounterKey
    package var traffic: Traffic
    package init(_ key: CounterKey, _ traffic: Traffic) {
        self.key = key
        self.traffic = traffic
    }
}
