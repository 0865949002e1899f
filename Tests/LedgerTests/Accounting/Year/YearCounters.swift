@testable import Ledger

/// This ledger, reading every ten seconds on Hysteria's own machine.
struct ThisLedger: YearCounter {
    static let name = "this ledger, a reading every 10 s"

    private var machine: LedgerStateMachine
    private var file = MemoryFile(id: "year")
    private var map = [Traffic?](repeating: nil, count: SimulatedYear.users)
    private var source = ReadingSource(connection: 1, mark: "process-1", isOwnMachine: true)
    private var process = 1
    private var before = [UInt64](repeating: 0, count: SimulatedYear.users)
    private let start = LedgerTime(wall: 1_767_225_600_000, boot: 1_000_000, bootID: 1)
    /// What was moved between the last look and an emptying.
    private(set) var unseen: UInt64 = 0

    init() throws {
        machine = try LedgerStateMachine(
            replaying: file.image,
            server: ServerID(1),
            settings: LedgerSettings(),
            now: start
        )
        perform { $0.start(now: $1) }
        read(at: 0)
    }

    mutating func count(_ hour: SimulatedYear.Hour) -> [UInt64] {
        var done = 0.0
        for emptying in hour.emptyings {
            let look = (emptying.second / 10).rounded(.down) * 10
            move(hour, &done, until: look)
            read(at: hour.start + Int(look))
            let seen = map
            move(hour, &done, until: emptying.second)
            unseen += zip(map, seen).reduce(0) { $0 + ($1.0?.down ?? 0) - ($1.1?.down ?? 0) }
            map = map.map { _ in nil }
            if emptying.isRestart {
                process += 1
                source = ReadingSource(connection: UInt64(process), mark: "process-\(process)", isOwnMachine: true)
            }
            move(hour, &done, until: look + 10)
            read(at: hour.start + Int(look) + 10)
        }
        move(hour, &done, until: 3600)
        read(at: hour.start + 3600)
        let totals = machine.accounts.servers[ServerID(1)]?.totals ?? []
        let names = machine.accounts.names
        let now = (0..<SimulatedYear.users).map { user in
            names.number(of: Array("user-\(user)".utf8)).map { totals.of($0).down } ?? 0
        }
        defer { before = now }
        return zip(now, before).map { $0 - $1 }
    }

    private mutating func move(_ hour: SimulatedYear.Hour, _ done: inout Double, until second: Double) {
        for user in map.indices {
            let more = hour.moved(user, until: second) - hour.moved(user, until: done)
            if more > 0 { map[user] = (map[user] ?? Traffic()) + Traffic(up: 0, down: more) }
        }
        done = second
    }

    private var now = 0

    private mutating func read(at second: Int) {
        now = second
        var reading = LedgerReading(expecting: SimulatedYear.users)
        for (user, counter) in map.enumerated() {
            guard let counter else { continue }
            reading.append("user-\(user)", up: counter.up, down: counter.down)
        }
        let source = source
        perform { $0.timePassed(now: $1) }
        perform { $0.readingArrived(reading, from: source, now: $1) }
    }

    private mutating func perform(_ event: (inout LedgerStateMachine, LedgerTime) -> [LedgerAction]) {
        let time = LedgerTime(wall: start.wall + Int64(now) * 1000, boot: start.boot + Int64(now) * 1000, bootID: 1)
        for action in event(&machine, time) {
            switch action {
            case .append(let rows):
                _ = file.append(rows)
                perform { $0.appended(now: $1) }
            case .fold(let fold):
                // Its history is compared elsewhere.
                _ = file.fold(LedgerFold(through: fold.through))
                perform { $0.folded(now: $1) }
            default: break
            }
        }
    }
}

/// `/traffic?clear=1` every thirty seconds, and adding what it says, as h-ui does.
struct ClearAndAdd: YearCounter {
    static let name = "clear and add, every 30 s"
    /// Of how many answers one is lost, or cannot be written; 0: none.
    let lossOneOf: Int
    private var random = SeededGenerator(seed: 99)
    private static let polls = 120

    init(lossOneOf: Int) { self.lossOneOf = lossOneOf }

    mutating func count(_ hour: SimulatedYear.Hour) -> [UInt64] {
        var lost: [Range<Double>] = hour.emptyings.filter(\.isRestart).map { emptying in
            (emptying.second / 30).rounded(.down) * 30..<emptying.second
        }
        // Somebody else's clear takes what came since the last one of its own.
        lost += hour.emptyings.filter { !$0.isRestart }.map { ($0.second / 30).rounded(.down) * 30..<$0.second }
        if lossOneOf > 0 {
            for poll in 0..<Self.polls where random.pick(1...lossOneOf) == 1 {
                lost.append(Double(poll) * 30..<Double(poll + 1) * 30)
            }
        }
        return hour.bytes.indices.map { user in
            lost.reduce(hour.bytes[user]) { left, range in
                let part = hour.moved(user, until: range.upperBound) - hour.moved(user, until: range.lowerBound)
                return left - min(left, part)
            }
        }
    }
}

/// Plain readings and a comparison for each user alone: lower than before is a restart.
struct PerUser: YearCounter {
    static let name = "per user `cur < last`"
    let period: Double
    private var map = [UInt64](repeating: 0, count: SimulatedYear.users)
    private var last = [UInt64](repeating: 0, count: SimulatedYear.users)

    init(every period: Double) { self.period = period }

    mutating func count(_ hour: SimulatedYear.Hour) -> [UInt64] {
        hour.bytes.indices.map { user in
            var (counted, done): (UInt64, Double) = (0, 0)
            for (second, isEmptying) in moments(hour, user) {
                map[user] += hour.moved(user, until: second) - hour.moved(user, until: done)
                done = second
                if isEmptying {
                    map[user] = 0
                } else if map[user] > 0 {
                    counted += map[user] < last[user] ? map[user] : map[user] - last[user]
                    last[user] = map[user]
                }
            }
            return counted
        }
    }

    /// The looks that matter to a user, and the emptyings: the looks beside an emptying, the first one that shows the user,
    /// and the last one.
    private func moments(_ hour: SimulatedYear.Hour, _ user: Int) -> [(second: Double, isEmptying: Bool)] {
        func look(before second: Double) -> Double { (second / period).rounded(.down) * period }
        var looks = [look(before: hour.sessions[user].lowerBound) + period, 3600]
        for emptying in hour.emptyings {
            looks += [look(before: emptying.second), look(before: emptying.second) + period]
        }
        return (looks.map { ($0, false) } + hour.emptyings.map { ($0.second, true) })
            .filter { $0.0 <= 3600 }.sorted { $0.0 < $1.0 }
    }
}
