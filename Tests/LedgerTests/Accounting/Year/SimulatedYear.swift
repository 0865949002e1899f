import Glibc

@testable import Ledger

/// A year of 50 users with a restart of Hysteria a day and somebody's clear a week, for several ways of counting.
///
/// A user has one session an hour, and moves evenly within it. So looks every ten seconds need not all be simulated: between two emptyings their
/// differences add up to the same. What is simulated are the last look before each emptying, the first one after it, and one
/// at the end of each hour.
struct SimulatedYear {
    /// What a user moves in an hour, from one emptying to the next.
    struct Hour {
        let start: Int
        /// Seconds of the hour at which all counters are emptied.
        let emptyings: [Emptying]
        /// By user.
        let bytes: [UInt64]
        /// From when to when each user moves them, in seconds of the hour.
        let sessions: [ClosedRange<Double>]

        /// What a user has moved in the hour until then.
        func moved(_ user: Int, until second: Double) -> UInt64 {
            let session = sessions[user]
            guard second < session.upperBound else { return bytes[user] }
            let share = (second - session.lowerBound) / (session.upperBound - session.lowerBound)
            return UInt64(Double(bytes[user]) * max(0, share))
        }
    }

    struct Emptying {
        /// Not at a full second: a look never coincides with it.
        let second: Double
        let isRestart: Bool
    }

    static let users = 50
    /// The whole of it takes a while in a debug build.
    static let days = getenv("LEDGER_TABLE") == nil ? 60 : 365
    private var random: SeededGenerator
    private var restart = 0.0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Calls `body` with each hour of the year.
    mutating func forEach(_ body: (Hour) -> Void) {
        // Few users move most: each half as much as the one before, down to kilobytes.
        let scales = (0..<Self.users).map { 4e9 / Double(1 << min(20, $0)) }
        var restartHour = 0
        var clearHour = 0
        for hour in 0..<Self.days * 24 {
            if hour % 24 == 0 { restartHour = random.pick(0...23) }
            if hour % 168 == 0 { clearHour = random.pick(0...167) }
            var emptyings: [Emptying] = []
            if hour % 24 == restartHour { emptyings.append(Emptying(second: second(), isRestart: true)) }
            if hour % 168 == clearHour { emptyings.append(Emptying(second: second(), isRestart: false)) }
            emptyings.sort { $0.second < $1.second }
            // Two in one look would be one.
            if emptyings.count == 2, emptyings[1].second - emptyings[0].second < 60 { emptyings.removeLast() }
            let bytes = scales.map { scale in
                random.chance(40) ? UInt64(scale * Double.random(in: 0.01...2, using: &random)) : 0
            }
            let sessions = scales.map { _ in session() }
            body(Hour(start: hour * 3600, emptyings: emptyings, bytes: bytes, sessions: sessions))
        }
    }

    private mutating func session() -> ClosedRange<Double> {
        let start = Double.random(in: 0..<3000, using: &random)
        return start...Double.random(in: start + 60...3600, using: &random)
    }

    private mutating func second() -> Double { Double.random(in: 60..<3540, using: &random) }
}

/// A way of counting, and what it made of each hour.
protocol YearCounter {
    static var name: String { get }
    /// What it counts of each user in this hour.
    mutating func count(_ hour: SimulatedYear.Hour) -> [UInt64]
}

/// What a way of counting came to.
struct YearResult {
    let name: String
    private(set) var truth: UInt64 = 0
    private(set) var counted: UInt64 = 0
    /// Above the truth, by users and hours.
    private(set) var doubled: UInt64 = 0
    private(set) var byUser = [(truth: UInt64, counted: UInt64)](repeating: (0, 0), count: SimulatedYear.users)
    /// How far the worst hour is off, of its truth.
    private(set) var worstHour = 0.0

    init(_ name: String) { self.name = name }

    mutating func add(_ hour: SimulatedYear.Hour, _ counted: [UInt64]) {
        var sums: (truth: UInt64, counted: UInt64) = (0, 0)
        for user in counted.indices {
            sums.truth += hour.bytes[user]
            sums.counted += counted[user]
            byUser[user].truth += hour.bytes[user]
            byUser[user].counted += counted[user]
            if counted[user] > hour.bytes[user] { doubled += counted[user] - hour.bytes[user] }
        }
        truth += sums.truth
        self.counted += sums.counted
        guard sums.truth > 0 else { return }
        let off = abs(Double(sums.counted) - Double(sums.truth)) / Double(sums.truth)
        worstHour = max(worstHour, off)
    }

    /// Of what was moved, without what was counted above it.
    var share: Double { Double(counted - doubled) / Double(truth) }
    var doubledShare: Double { Double(doubled) / Double(truth) }
    var worstUser: Double { byUser.map { abs(1 - Double($0.counted) / Double(max(1, $0.truth))) }.max() ?? 0 }
}
