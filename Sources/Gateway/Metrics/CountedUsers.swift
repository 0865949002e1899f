import Ledger
import Text

/// What `/metrics` shows of users: sums that only grow, from the ledger, or where there is none from what scrapes saw.
struct CountedUsers {
    struct User {
        let name: String
        let total: Traffic
        /// Whether the user has one of the places among those who are named.
        let hasPlace: Bool
    }

    let users: [User]
    /// Of everybody, users without a place and those who are not kept any more included.
    let total: Traffic
    let placesTaken: Int
    private let positions: [ByteKey: Int]

    private init(_ users: [User], total: Traffic, placesTaken: Int) {
        self.users = users
        self.total = total
        self.placesTaken = placesTaken
        var positions: [ByteKey: Int] = [:]
        positions.reserveCapacity(users.count)
        for (index, user) in users.enumerated() { positions[ByteKey(user.name)] = index }
        self.positions = positions
    }

    /// What scrapes saw.
    init(_ totals: TrafficTotals) {
        self.init(
            totals.users.map { User(name: $0.name, total: $0.total, hasPlace: $0.hasPlace) },
            total: totals.total,
            placesTaken: totals.placesTaken
        )
    }

    /// What is in the ledger's file: nothing that a power cut could take back, since a counter that falls is a restart to
    /// Prometheus.
    init(_ snapshot: LedgerSnapshot, userLimit: Int) {
        var total = Traffic()
        var users: [User] = []
        var places = 0
        // By their ids, so that a new user takes nobody's place.
        for figures in snapshot.users().sorted(by: { $0.id < $1.id }) {
            let sum = figures.committed
            total += sum
            guard figures.id != .others else { continue }
            let hasPlace = places < userLimit
            if hasPlace { places += 1 }
            users.append(User(name: String(decoding: figures.name, as: UTF8.self), total: sum, hasPlace: hasPlace))
        }
        self.init(users, total: total, placesTaken: places)
    }

    /// The figures of a user; nil for one who has not been seen.
    func user(named name: String) -> User? {
        positions[ByteKey(name)].map { users[$0] }
    }
}
