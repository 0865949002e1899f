import Ledger

/// Hysteria's counters, with the truth beside them: what each user really moved, and what a gateway cannot have seen.
struct ModelHysteria: Sendable {
    let names: [String]
    /// What each user moved since the history began.
    var truth: [Traffic]
    /// Hysteria's map: nil for a user who is not in it.
    var map: [Traffic?]
    /// Which run of the counters this is.
    var epoch = 0
    /// Bytes of ended epochs: what the map showed at the end of each.
    var ended: [[Traffic]] = []
    var process = 1
    /// Who moves anything at all.
    var isActive: [Bool]

    init(users: Int, everybodyIsActive: Bool, _ random: inout SeededGenerator) {
        names = (0..<users).map { "user-\($0)" }
        truth = .init(repeating: Traffic(), count: users)
        map = .init(repeating: nil, count: users)
        isActive = (0..<users).map { _ in everybodyIsActive || random.chance(50) }
    }

    mutating func move(_ user: Int, _ traffic: Traffic) {
        truth[user] += traffic
        map[user] = (map[user] ?? Traffic()) + traffic
    }

    mutating func moveSome(_ random: inout SeededGenerator, scale: Int = 1) {
        for user in names.indices where isActive[user] && random.chance(80) {
            // Few users move most of the bytes.
            let size = random.chance(5) ? 1_000_000 : 3000
            let (up, down) = (random.pick(0...size) * scale, random.pick(1...size * 8) * scale)
            move(user, Traffic(up: UInt64(up), down: UInt64(down)))
        }
    }

    /// All counters are emptied, by a restart or by somebody's clear.
    mutating func empty() {
        ended.append(map.map { $0 ?? Traffic() })
        map = map.map { _ in nil }
        epoch += 1
    }

    func reading() -> LedgerReading {
        var reading = LedgerReading(expecting: names.count)
        for (user, counter) in map.enumerated() {
            guard let counter else { continue }
            reading.append(names[user], up: counter.up, down: counter.down)
        }
        return reading
    }
}

/// A look that the ledger has taken at Hysteria, as the model remembers it.
struct ModelLook: Sendable {
    var epoch = 0
    var map: [Traffic]
    var connection: UInt64 = 0
    var mark = ""
    /// What could not be counted of each user until then.
    var losses: [Traffic]
}
