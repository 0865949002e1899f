import AnswerViews
import HysteriaStats
import Ledger
import Text

/// What is known of the process whose counters were read.
struct HysteriaProcess: Sendable {
    /// What tells it from the next one; empty where that is not known.
    var mark = ""
    /// Whether the mark is Hysteria's own, and not that of a tunnel.
    var isOwnMachine = false
}

/// What each user has sent and received as far as the gateway saw it: sums that only grow.
///
/// Hysteria's own counters are reset by a restart and by a `clear`, whoever sends it. They are emptied together, so if
/// the figure of one user is lower than before, or missing, all of them were reset.
struct TrafficTotals: Sendable {
    /// The figures of one user.
    struct User: Sendable {
        let name: String
        /// What was seen before Hysteria's counters were last emptied.
        fileprivate(set) var base = Traffic()
        /// What Hysteria's counters said last.
        fileprivate(set) var seen = Traffic()
        /// What they say in the answer that is taken in.
        fileprivate var next = Traffic()
        /// When an answer named the user last, in seconds since 1970.
        fileprivate(set) var lastNamed: Int64
        /// Whether the user has one of the places among those who are named.
        fileprivate(set) var hasPlace = false

        /// All that was seen.
        var total: Traffic { base + seen }

        fileprivate var isReset: Bool { next.up < seen.up || next.down < seen.down }
        fileprivate var isEqual: Bool { next == seen && !seen.isZero }
    }

    /// For how long a user whom Hysteria does not name any more keeps a place that others want, in seconds.
    static let retention: Int64 = 86_400
    /// How many users are kept at most whom Hysteria does not name any more.
    static let absentLimit = 100_000

    /// The users in the order in which they were seen first.
    private(set) var users: [User] = []
    /// What was seen of users who are not kept any more.
    private(set) var departed = Traffic()
    /// The process whose counters were taken in last.
    private var process = HysteriaProcess()
    /// Where each user stands in ``users``.
    private(set) var positions: [ByteKey: Int] = [:]
    private var places = 0

    /// How many users are named at most.
    private(set) var userLimit: Int

    init(userLimit: Int) {
        self.userLimit = userLimit
    }

    /// The users who have a place among those who are named.
    var placesTaken: Int { places }

    /// The figures of a user; nil for one who has not been seen.
    func user(named name: String) -> User? {
        positions[ByteKey(name)].map { users[$0] }
    }

    /// The totals of everything seen, including users that are no longer kept.
    var total: Traffic {
        users.reduce(departed) { $0 + $1.total }
    }

    // MARK: Answers

    /// Takes in what Hysteria's counters say.
    ///
    /// - Parameters:
    ///   - process: whose counters they are: that one user has moved more since a restart than before it does not show it.
    ///   - mayBeOlder: whether the answer may be older than the last one that was taken in. If it looks so, it is passed over.
    ///   - now: seconds since 1970.
    mutating func observe(
        _ entries: [TrafficAnswer.Entry],
        of process: HysteriaProcess = HysteriaProcess(),
        mayBeOlder: Bool = false,
        now: Int64
    ) {
        gather(entries, now: now)
        let isReset = isReset(process)
        guard !isReset || !mayBeOlder else { return }
        if !mayBeOlder { self.process = process }
        for index in users.indices {
            if isReset { users[index].base = users[index].base + users[index].seen }
            users[index].seen = users[index].next
        }
        givePlaces(now: now)
    }

    /// Whether the counters began anew since the last answer, by the ledger's rules. Which connection brought an answer is not known
    /// here: there are several.
    private func isReset(_ process: HysteriaProcess) -> Bool {
        let comparison = ReadingRules.Comparison(
            someoneIsLower: users.contains { $0.isReset },
            someoneIsEqual: users.contains { $0.isEqual }
        )
        let evidence = ReadingRules.Evidence(
            isSameConnection: false,
            lastMark: self.process.mark,
            mark: process.mark,
            isOwnMachine: process.isOwnMachine
        )
        if case .anew = ReadingRules.decide(comparison, evidence) { return true }
        return false
    }

    /// Takes in what Hysteria's counters said when they were emptied.
    ///
    /// - Parameter isWhole: whether these are all the figures. Of those that were lost on the way, what was seen before
    ///   still counts.
    mutating func clear(_ entries: [TrafficAnswer.Entry], isWhole: Bool, now: Int64) {
        gather(entries, now: now)
        let isReset = isWhole && users.contains { $0.isReset }
        for index in users.indices {
            let (seen, last) = (users[index].seen, users[index].next)
            users[index].base = users[index].base + (isReset ? seen + last : seen.larger(last))
            users[index].seen = Traffic()
        }
        givePlaces(now: now)
    }

    /// Finds what an answer says of each user. Several users whose names are not valid UTF-8 can come under one name.
    private mutating func gather(_ entries: [TrafficAnswer.Entry], now: Int64) {
        for index in users.indices { users[index].next = Traffic() }
        // Most answers name the users in the order of the one before.
        var expected = 0
        for entry in entries {
            let index: Int
            if expected < users.count, users[expected].name.hasSameBytes(as: entry.user) {
                index = expected
            } else {
                index = position(of: entry.user, now: now)
            }
            users[index].next.add(entry)
            users[index].lastNamed = now
            expected = index + 1
        }
    }

    /// Where a user stands, who is added if need be.
    private mutating func position(of name: String, now: Int64) -> Int {
        let key = ByteKey(name)
        if let position = positions[key] { return position }
        positions[key] = users.count
        users.append(User(name: name, lastNamed: now))
        return users.count - 1
    }

    // MARK: Room

    /// Names at most so many users from now on.
    mutating func setUserLimit(_ limit: Int, now: Int64) {
        guard limit != userLimit else { return }
        userLimit = limit
        if places > limit {
            for index in users.indices { users[index].hasPlace = false }
            places = 0
        }
        givePlaces(now: now)
    }

    /// Forgets users beyond the limit, and assigns the free places.
    private mutating func givePlaces(now: Int64) {
        if users.count > userLimit { forgetAbsent(now: now) }
        guard places < min(userLimit, users.count) else { return }
        for index in users.indices where !users[index].hasPlace {
            users[index].hasPlace = true
            places += 1
            if places == userLimit { break }
        }
    }

    private mutating func forgetAbsent(now: Int64) {
        // A clock that was set back does not make users absent for longer.
        var absent = users.filter { $0.lastNamed < now }.map(\.lastNamed)
        absent.sort()
        let tooMany = absent.count - Self.absentLimit
        let oldest = max(now - Self.retention, tooMany > 0 ? absent[tooMany - 1] + 1 : .min)
        guard let first = absent.first, first < oldest else { return }
        var kept: [User] = []
        for user in users {
            if user.lastNamed >= oldest {
                kept.append(user)
            } else {
                departed = departed + user.total
                if user.hasPlace { places -= 1 }
            }
        }
        users = kept
        positions.removeAll(keepingCapacity: true)
        for (index, user) in users.enumerated() { positions[ByteKey(user.name)] = index }
    }
}

extension Traffic {
    /// The larger figure of either, for each way.
    fileprivate func larger(_ other: Traffic) -> Traffic {
        Traffic(up: max(up, other.up), down: max(down, other.down))
    }
}
