import Glibc
import Ledger
import Testing

/// Run by hand, in a release build: LEDGER_SPEED=1 swift test -c release -Xswiftc -enable-testing --filter AccountingSpeed
@Suite("How long the accounting takes for 50,000 users", .enabled(if: getenv("LEDGER_SPEED") != nil))
struct AccountingSpeedTests {
    private static let users = 50_000

    private func time(_ body: () -> Void) -> Double {
        ContinuousClock().measure(body) / .milliseconds(1)
    }

    private func reading(_ names: [String], _ bytes: [UInt64]) -> LedgerReading {
        var reading = LedgerReading(expecting: names.count)
        for (index, name) in names.enumerated() { reading.append(name, up: bytes[index], down: bytes[index]) }
        return reading
    }

    @Test("a reading is applied in less than 100 ms, and a fold made in less than 300 ms", arguments: [5000, 50_000])
    func speed(changed: Int) throws {
        let server = ServerImage(id: ServerID(1), name: "vps1")
        let start = LedgerTime(wall: 1_790_000_100_000, boot: 9_000_000, bootID: 1)
        var machine = try LedgerStateMachine(
            replaying: LedgerImage(ledgerID: "speed", servers: [server]),
            server: server.id,
            settings: LedgerSettings(),
            now: start
        )
        _ = machine.start(now: start)
        let names = (0..<Self.users).map { "user-\($0)@example.org" }
        var bytes = [UInt64](repeating: 1_000_000, count: Self.users)
        let source = ReadingSource(connection: 1)
        var (longest, sum, unfolded, kept, now) = (0.0, 0.0, 0.0, machine.snapshot, start)
        var fold = 0.0
        for index in 0..<95 {
            for user in 0..<changed { bytes[(user * 7 + index) % Self.users] += 1000 }
            let reading = reading(names, bytes)
            now.wall += 10_000
            now.boot += 10_000
            var actions: [LedgerAction] = []
            let first = time { actions = machine.timePassed(now: now) }
            fold = max(fold, actions.contains { if case .fold = $0 { true } else { false } } ? first : 0)
            let taken = time { actions += machine.readingArrived(reading, from: source, now: now) }
            // Workers hold the snapshot before, as they do.
            kept = machine.snapshot
            if index > 0 { (longest, sum) = (max(longest, taken), sum + taken) }
            while let action = actions.first {
                actions.removeFirst()
                switch action {
                case .append:
                    let taken = time { actions += machine.appended(now: now) }
                    fold = max(fold, taken)
                case .fold: actions += machine.folded(now: now)
                default: break
                }
            }
            if index == 80 { unfolded = time { _ = kept.unfolded(after: 0, now: now) } }
        }
        print(
            "\(changed) of \(Self.users) users changed: a reading \(sum / 94) ms, at most \(longest) ms;",
            "a fold made in \(fold) ms; what is not folded in \(unfolded) ms; all figures in",
            time { _ = kept.users() },
            "ms"
        )
        #expect(longest < 100)
        #expect(fold < 300)
    }
}
