import Ledger
import Text

/// What `/metrics` shows of users: sums that only grow, from the ledger, or where there is none from what scrapes saw.
struct CountedUsers: Sendable {
    struct User: Sendable {
        let name: String
        let total: Traffic
        /// Whether the user has one of the places among those who are named.
        let hasPlace: Bool
    }

    /// Where a user stands is known already to whoever counts.
    private enum Index: Sendable {
        case names([ByteKey: Int])
        /// By the ledger's numbers; -1 for nobody.
        case numbers(LedgerSnapshot, [Int32])
    }

    let users: [User]
    /// Of everybody, users without a place and those who are not kept any more included.
    let total: Traffic
    let placesTaken: Int
    private let index: Index

    /// What scrapes saw.
    init(_ totals: TrafficTotals) {
        users = totals.users.map { User(name: $0.name, total: $0.total, hasPlace: $0.hasPlace) }
        total = totals.total
        placesTaken = totals.placesTaken
        index = .names(totals.positions)
    }

    /// What is in the ledger's file: nothing that a power cut could take back, since a counter that falls is a restart to
    /// Prometheus.
    init(_ snapshot: LedgerSnapshot, userLimit: Int) {
        var total = Traffic()
        var users: [User] = []
        users.reserveCapacity(snapshot.userCount)
        var numbers: [Int32] = []
        var places = 0
        // By their ids, so that a new user takes nobody's place.
        snapshot.forEachCommitted { id, name, sum in
            total += sum
            guard id != .others else { return }
            let hasPlace = places < userLimit
            if hasPlace { places += 1 }
            while numbers.count < Int(id.value) { numbers.append(-1) }
            numbers.append(Int32(users.count))
            users.append(User(name: String(decoding: name, as: UTF8.self), total: sum, hasPlace: hasPlace))
        }
        self.users = users
        self.total = total
        placesTaken = places
        index = .numbers(snapshot, numbers)
    }

    /// Where a user stands in ``users``; nil for one who has not been seen.
    ///
    /// - Parameter expected: where to look first.
    func index(of name: String, expected: Int = 0) -> Int? {
        if expected < users.count, users[expected].name.hasSameBytes(as: name) { return expected }
        switch index {
        case .names(let positions):
            return positions[ByteKey(name)]
        case .numbers(let snapshot, let numbers):
            guard let id = snapshot.id(of: name), id.value < numbers.count else { return nil }
            let index = Int(numbers[Int(id.value)])
            return index < 0 ? nil : index
        }
    }

    /// The figures of a user; nil for one who has not been seen.
    func user(named name: String) -> User? { index(of: name).map { users[$0] } }
}
