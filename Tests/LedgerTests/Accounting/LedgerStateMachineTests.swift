import Testing

@testable import Ledger

@Suite("When the ledger reads, writes and folds")
struct LedgerStateMachineTests {
    private let start = DrivenLedger.morning

    @Test("it reads at once, and then at full periods of the clock")
    func periods() throws {
        var ledger = try DrivenLedger(now: LedgerTime(wall: start.wall + 1234, boot: start.boot, bootID: 7))
        #expect(ledger.actions.contains(.read))
        ledger.pass(100)
        ledger.read([:])
        #expect(ledger.machine.nextWake == start.boot + 10_000 - 1234)
        ledger.pass(10_000 - 1335)
        ledger.perform { $0.timePassed(now: $1) }
        #expect(!ledger.actions.contains(.read))
        ledger.pass(1)
        ledger.perform { $0.timePassed(now: $1) }
        #expect(ledger.actions.contains(.read))
        #expect(ledger.machine.nextWake == nil)
    }

    @Test("a reading that is under way serves nobody who came after it was sent")
    func coalescing() throws {
        var ledger = try DrivenLedger()
        ledger.perform { $0.readingWanted(by: WaiterID(1), now: $1) }
        ledger.perform { $0.readingWanted(by: WaiterID(2), now: $1) }
        #expect(!ledger.actions.contains(.read))
        ledger.read([:])
        #expect(ledger.answers.isEmpty)
        #expect(ledger.actions.contains(.read))
        ledger.read([:])
        #expect(ledger.answers == [WaiterID(1): .fresh, WaiterID(2): .fresh])
    }

    @Test("a reading that fails is tried again after 1 s, 2 s, … the period, and only who waited for it is told")
    func failures() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.perform { $0.readingWanted(by: WaiterID(1), now: $1) }
        ledger.perform { $0.readingFailed(now: $1) }
        #expect(ledger.answers == [WaiterID(1): .readingFailed])
        #expect(ledger.total("wang") == Traffic(5, 5))
        for pause: Int64 in [1000, 2000, 4000, 8000, 10_000, 10_000] {
            #expect(ledger.machine.nextWake == ledger.now.boot + pause)
            ledger.pass(pause)
            ledger.perform { $0.timePassed(now: $1) }
            ledger.perform { $0.readingFailed(now: $1) }
        }
    }

    @Test("readings of the period are written; those in between only if somebody waits for it")
    func writing() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        #expect(ledger.file.last == 2)
        ledger.perform { $0.readingWanted(by: WaiterID(1), now: $1) }
        ledger.read(["wang": (6, 5)])
        #expect(ledger.file.last == 2)
        #expect(ledger.machine.snapshot.user(named: Array("wang".utf8))?.committed == Traffic(5, 5))
        ledger.perform { $0.readingWanted(by: WaiterID(2), committed: true, now: $1) }
        ledger.read(["wang": (7, 5)])
        #expect(ledger.file.last == 4)
        #expect(ledger.answers[WaiterID(2)] == .fresh)
        #expect(ledger.machine.snapshot.user(named: Array("wang".utf8))?.committed == Traffic(7, 5))
    }

    @Test("what is committed is what is in the file, not what came while it was written")
    func committed() throws {
        var ledger = try DrivenLedger()
        ledger.isFileHeld = true
        ledger.read(["wang": (5, 5)])
        ledger.perform { $0.readingWanted(by: WaiterID(1), now: $1) }
        ledger.read(["wang": (9, 9)])
        ledger.doNext()
        #expect(ledger.machine.snapshot.user(named: Array("wang".utf8))?.committed == Traffic(5, 5))
        #expect(ledger.total("wang") == Traffic(9, 9))
    }

    @Test("when a slot has ended and been read to its end, it is folded")
    func folding() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.readNext(after: 890_000, ["wang": (6, 5)])
        #expect(ledger.file.image.folded == 0)
        ledger.readNext(after: 10_000, ["wang": (7, 5)])
        #expect(ledger.file.image.folded == 4)
        #expect(ledger.file.image.journal == [])
        #expect(ledger.file.slots == [start.wall / 900_000])
        #expect(ledger.file.image.counters.map(\.total) == [Traffic(7, 5)])
        ledger.readNext(after: 10_000, ["wang": (8, 5)])
        #expect(ledger.file.image.folded == 4)
    }

    @Test("after boot folding waits for a clock that is right, which then dates what was seen before")
    func lateClock() throws {
        let booted = LedgerTime(wall: 1_000_000_000, boot: 30_000, bootID: 7)
        var ledger = try DrivenLedger(now: booted)
        ledger.machine.clockSynchronized(false)
        ledger.read(["wang": (5, 5)])
        ledger.readNext(["wang": (6, 5)])
        ledger.now.wall = start.wall + 300_000
        ledger.readNext(["wang": (7, 5)])
        #expect(ledger.file.image.folded == 0)
        ledger.machine.clockSynchronized(true)
        ledger.readNext(["wang": (8, 5)])
        #expect(ledger.file.image.folded > 0)
        #expect(ledger.file.slots == [start.wall / 900_000])
        #expect(ledger.file.image.servers.first?.readAt == ledger.now.wall - 10_000)
        #expect(ledger.file.gaps.map(\.cause) == [.clock])
    }

    @Test("a clock that goes back breaks nothing")
    func clockBack() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.now.wall -= 7_200_000
        ledger.readNext(["wang": (6, 5)])
        #expect(ledger.machine.snapshot.statistics.gaps == [.clock: 1])
        ledger.readNext(["wang": (7, 5)])
        #expect(ledger.total("wang") == Traffic(7, 5))
        #expect(ledger.machine.nextWake.map { $0 <= ledger.now.boot + 10_000 } == true)
    }

    @Test("at the end there is a last reading, everything is folded, and the file closed")
    func stop() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.perform { $0.clearWanted(ViewRequest("panel"), by: WaiterID(1), now: $1) }
        ledger.read(["wang": (6, 5)])
        ledger.perform { $0.stop(now: $1) }
        #expect(ledger.actions.contains(.read))
        ledger.perform { $0.clearWanted(ViewRequest("panel"), by: WaiterID(2), now: $1) }
        ledger.perform { $0.readingWanted(by: WaiterID(3), now: $1) }
        ledger.read(["wang": (7, 5)])
        #expect(ledger.actions.contains(.release))
        #expect(ledger.file.image.journal == [])
        #expect(ledger.file.image.counters.map(\.total) == [Traffic(7, 5)])
        #expect(ledger.file.image.clears.map(\.verdict) == [.delivered])
        #expect(ledger.answers[WaiterID(2)] == .unavailable)
        #expect(ledger.answers[WaiterID(3)] == .fresh)
        // Whoever asks while the last connections drain reads the last figures.
        ledger.perform { $0.viewWanted("panel", by: WaiterID(4), now: $1) }
        ledger.perform { $0.sinceWanted(ViewRequest("panel"), cursor: 0, by: WaiterID(5), now: $1) }
        #expect(ledger.answers[WaiterID(4)] == .fresh)
        #expect(ledger.answers[WaiterID(5)] == .unavailable)
        #expect(ledger.machine.nextWake == nil)
    }

    @Test("a Hysteria that does not answer does not hold up the end")
    func stopWithoutReading() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.perform { $0.stop(now: $1) }
        ledger.perform { $0.readingFailed(now: $1) }
        #expect(ledger.actions.contains(.release))
    }

    @Test("a journal with a hole, or with a row that fits nothing, is refused")
    func replay() throws {
        let reading = AppliedReading(
            server: ServerID(1),
            kind: .difference,
            amounts: [AmountOfUser(UserID(9), Traffic(1, 1))],
            mark: "",
            gap: nil
        )
        for (sequence, entry) in [
            (Int64(2), JournalEntry.users([])), (1, .reading(reading)), (1, .viewGone(ViewID(3))),
        ] {
            var image = MemoryFile(id: "a").image
            image.journal = [JournalRow(sequence: sequence, time: start, entry: entry)]
            #expect(throws: LedgerReplayError.self) { try LedgerAccounts(replaying: image) }
        }
    }
}
