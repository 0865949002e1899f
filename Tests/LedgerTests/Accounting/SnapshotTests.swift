import Testing

@testable import Ledger

@Suite("What workers see of the ledger")
struct SnapshotTests {
    @Test("users come in the order of their names' bytes, the others among them")
    func order() throws {
        var ledger = try DrivenLedger(settings: LedgerSettings(userLimit: 4))
        ledger.read(["b": (1, 0), "!": (1, 0), "é": (1, 0)])
        ledger.readNext(["b": (1, 0), "!": (1, 0), "é": (1, 0), "a": (1, 0), "z": (5, 0)])
        let names = ledger.machine.snapshot.users().map { String(decoding: $0.name, as: UTF8.self) }
        #expect(names == ["!", "(others)", "a", "b", "é"])
    }

    @Test("the rate is that of the last two readings")
    func rate() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (0, 1000)])
        #expect(ledger.machine.snapshot.users().map(\.rate) == [Traffic()])
        ledger.readNext(["wang": (500, 1000), "li": (1, 1)])
        #expect(ledger.machine.snapshot.user(named: Array("wang".utf8))?.rate == Traffic(50, 0))
        ledger.readNext(["wang": (500, 1000), "li": (1, 1)])
        #expect(ledger.machine.snapshot.user(named: Array("wang".utf8))?.rate == Traffic())
        #expect(ledger.machine.snapshot.user(named: Array("wang".utf8))?.lastSeen == ledger.now.wall - 10_000)
    }

    @Test("a snapshot stays as it was")
    func unchanged() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (1, 1)])
        let before = ledger.machine.snapshot
        ledger.readNext(["wang": (2, 2), "li": (1, 1)])
        #expect(before.users().map(\.total) == [Traffic(1, 1)])
        #expect(ledger.machine.snapshot.users().map(\.total) == [Traffic(1, 1), Traffic(2, 2)])
    }

    @Test("what is being folded counts until the file has it, and not after")
    func folding() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 0)])
        ledger.readNext(["wang": (6, 0)])
        ledger.readNext(after: 900_000, ["wang": (7, 0)])
        #expect(ledger.file.image.folded == 4)
        ledger.readNext(["wang": (8, 0)])
        ledger.isFileHeld = true
        ledger.readNext(after: 900_000, ["wang": (9, 0)])
        ledger.doNext()
        #expect(ledger.machine.accounts.folding != nil)
        let snapshot = ledger.machine.snapshot
        func sum(_ folded: Int64) -> UInt64 {
            snapshot.unfolded(after: folded, now: ledger.now).slots.reduce(0) { $0 + $1.counted.traffic.up }
        }
        #expect(sum(4) == 2)
        // The query comes behind the fold, the snapshot was taken before it.
        ledger.doNext()
        #expect(sum(ledger.file.image.folded) == 0)
    }

    @Test("readings of one minute are kept as one, and no slot changes by that")
    func minutes() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (0, 0)])
        for reading in 1...180 { ledger.readNext(["wang": (UInt64(reading), 0)]) }
        #expect(ledger.machine.accounts.open.history.stretches.count <= 91)
        var slots = ledger.file.quarters.values.reduce(0) { $0 + $1.up }
        slots += ledger.machine.snapshot.unfolded(after: ledger.file.image.folded, now: ledger.now).slots
            .reduce(0) { $0 + $1.counted.traffic.up }
        #expect(slots == 180)
    }
}
