import HysteriaStats
import Ledger
import Text

/// What a demo's users have moved in the last sixty days, made up: the same users each time, and each with habits.
struct DemoHistory {
    static let days: Int64 = 60
    /// So many rows are written at most: a demo starts in a moment, however many users it has.
    private static let rowLimit: Int64 = 20_000
    private static let userLimit = 1000

    private let users: [TrafficAnswer.Entry]
    private let now: Int64
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// - Parameters:
    ///   - users: with what Hysteria's counters say of them, which is in the history.
    ///   - now: seconds since 1970.
    init(_ users: [TrafficAnswer.Entry], now: Int64) {
        self.users = Array(users.prefix(Self.userLimit))
        self.now = now
    }

    /// Writes a ledger with this history.
    mutating func write(to options: LedgerStorageOptions, zone: CivilZone) async throws {
        let storage = LedgerStorage(options, zone: zone)
        var image = try await storage.open().image
        let server = image.server(named: nil)
        let fold = fold(server: server, image.servers)
        try await storage.fold(fold)
        try await storage.close()
    }

    private mutating func fold(server: ServerID, _ servers: [ServerImage]) -> LedgerFold {
        var fold = LedgerFold(through: 1)
        fold.servers = servers.map { image in
            var image = image
            if image.id == server { image.readAt = now * 1000 }
            return image
        }
        let perDay = max(1, min(40, Self.rowLimit / (Self.days * Int64(max(1, users.count)))))
        for (index, entry) in users.enumerated() {
            let user = UserID(Int64(index) + 1)
            let key = CounterKey(server: server, user: user)
            let habit = 1 + random(below: 40)
            var total = Traffic()
            for day in 0..<Self.days {
                // Some days are quiet, and the weekend is not.
                guard random(below: 8) > 0 else { continue }
                let evening = (now / 86_400 - day) * 96 + Int64(random(below: 30)) + 40
                for slot in evening..<(evening + perDay) where slot * 900 + 900 < now {
                    let down = habit * (1 + random(below: 20)) * 1_048_576 / UInt64(1 + day % 5)
                    let moved = Traffic(up: down / (6 + random(below: 12)), down: down)
                    total += moved
                    fold.quarters.append(SlotTraffic(slot: slot, counted: CountedTraffic(key, moved)))
                }
            }
            let seen = (now - Self.days * 86_400) * 1000
            fold.users.append(UserImage(id: user, name: Array(entry.user.utf8), firstSeen: seen, lastSeen: now * 1000))
            fold.counters.append(CounterImage(key: key, total: total, raw: Traffic(up: entry.tx, down: entry.rx)))
        }
        fold.quarters.sort { ($0.slot, $0.counted.key) < ($1.slot, $1.counted.key) }
        // Two days ago Hysteria was restarted, and a week ago the gateway was away for some hours.
        let minute: Int64 = 60_000
        for (hours, length, cause) in [(50, 1, LedgerGap.Cause.restart), (7 * 24, 200, .unread)]
            as [(Int64, Int64, LedgerGap.Cause)]
        {
            let began = (now - hours * 3600) * 1000
            fold.gaps.append(LedgerGap(server: server, began: began, ended: began + length * minute, cause: cause))
        }
        return fold
    }

    /// Xorshift: a demo needs no better.
    private mutating func random(below bound: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state % bound
    }
}
