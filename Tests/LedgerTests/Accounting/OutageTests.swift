import Testing

@testable import Ledger

@Suite("When the ledger's file cannot be written")
struct OutageTests {
    private func broken() throws -> DrivenLedger {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.isDiskFull = true
        ledger.readNext(["wang": (6, 5)])
        return ledger
    }

    @Test("figures go on in memory, the log says so once, and committed ones stand still")
    func goesOn() throws {
        var ledger = try broken()
        #expect(ledger.notices().contains(.behind(.full)))
        ledger.readNext(["wang": (7, 5)])
        #expect(!ledger.notices().contains(.behind(.full)))
        #expect(ledger.total("wang") == Traffic(7, 5))
        #expect(ledger.machine.snapshot.user(named: Array("wang".utf8))?.committed == Traffic(5, 5))
        #expect(!ledger.machine.snapshot.isDurable)
        ledger.perform { $0.readingWanted(by: WaiterID(1), committed: true, now: $1) }
        ledger.read(["wang": (8, 5)])
        #expect(ledger.answers[WaiterID(1)] == .fresh)
    }

    @Test("it is opened again after 1 s, 2 s, … 60 s")
    func backoff() throws {
        var ledger = try broken()
        for pause: Int64 in [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000] {
            guard case .behind(let retry) = ledger.machine.storage else {
                Issue.record("\(ledger.machine.storage)")
                return
            }
            #expect(retry == ledger.now.boot + pause)
            ledger.pass(pause - 1)
            ledger.perform { $0.timePassed(now: $1) }
            #expect(!ledger.actions.contains(.reopen(whole: false)))
            ledger.pass(1)
            ledger.perform { $0.timePassed(now: $1) }
            #expect(ledger.actions.contains(.reopen(whole: false)))
        }
    }

    @Test("when it can be written again, nothing is missing, and nothing is there twice")
    func recovers() throws {
        var ledger = try broken()
        for bytes in 7...40 { ledger.readNext(["wang": (UInt64(bytes), 5)]) }
        ledger.isDiskFull = false
        ledger.pass(60_000)
        ledger.perform { $0.timePassed(now: $1) }
        #expect(ledger.machine.snapshot.isDurable)
        #expect(ledger.notices().contains { if case .durable = $0 { true } else { false } })
        let replayed = try LedgerAccounts(replaying: ledger.file.image)
        #expect(replayed.image().counters.map(\.total) == [Traffic(40, 5)])
    }

    @Test("a clear is refused, and its amounts wait in the view")
    func refused() throws {
        var ledger = try broken()
        ledger.perform { $0.clearWanted(ViewRequest("panel"), by: WaiterID(1), now: $1) }
        ledger.perform { $0.sinceWanted(ViewRequest("panel"), cursor: 0, by: WaiterID(2), now: $1) }
        #expect(ledger.answers == [WaiterID(1): .unavailable, WaiterID(2): .unavailable])
    }

    @Test(
        "a clear whose row could not be written goes back, whether the row is in the file or not",
        arguments: [false, true]
    )
    func goesBack(isInFile: Bool) throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.isFileHeld = true
        ledger.perform { $0.clearWanted(ViewRequest("panel"), by: WaiterID(1), now: $1) }
        ledger.read(["wang": (6, 5)])
        guard case .append(let rows) = ledger.held.removeFirst() else { return }
        if isInFile { _ = ledger.file.append(rows) }
        ledger.perform { $0.storageFailed(.inputOutput, now: $1) }
        ledger.isFileHeld = false
        #expect(ledger.answers == [WaiterID(1): .unavailable])
        ledger.pass(1000)
        ledger.perform { $0.timePassed(now: $1) }
        #expect(ledger.machine.snapshot.isDurable)
        #expect(ledger.machine.snapshot.traffic(of: ViewRequest("panel"))?.map(\.traffic) == [Traffic(6, 5)])
        let replayed = try LedgerAccounts(replaying: ledger.file.image)
        #expect(replayed.image().views == ledger.machine.accounts.image().views)
    }

    @Test("a key that is in the file is answered all the same")
    func key() throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        ledger.perform { $0.clearWanted(ViewRequest("panel"), key: "a", by: WaiterID(1), now: $1) }
        ledger.read(["wang": (6, 5)])
        ledger.isDiskFull = true
        ledger.readNext(["wang": (7, 5)])
        ledger.perform { $0.clearWanted(ViewRequest("panel"), key: "a", by: WaiterID(2), now: $1) }
        guard case .given(let amounts) = ledger.answers[WaiterID(2)] else {
            Issue.record("\(String(describing: ledger.answers[WaiterID(2)]))")
            return
        }
        #expect(amounts.map(\.traffic) == [Traffic(6, 5)])
    }

    @Test("an empty file, or an older copy, is given what memory has", arguments: [false, true])
    func replaced(isCopy: Bool) throws {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (5, 5)])
        let copy = ledger.file
        ledger.readNext(["wang": (6, 5), "li": (1, 1)])
        ledger.isFileHeld = true
        ledger.readNext(["wang": (7, 5), "li": (1, 1)])
        ledger.held = []
        ledger.perform { $0.storageFailed(.corrupt, now: $1) }
        ledger.pass(1000)
        ledger.perform { $0.timePassed(now: $1) }
        #expect(ledger.held == [.reopen(whole: true)])
        ledger.file = isCopy ? copy : MemoryFile(id: "new")
        let image = ledger.file.image
        ledger.held = []
        ledger.isFileHeld = false
        ledger.perform { $0.reopened(image, now: $1) }
        #expect(ledger.machine.snapshot.isDurable)
        #expect(ledger.file.gaps.map(\.cause) == [.lost])
        #expect(try LedgerAccounts(replaying: ledger.file.image).image() == ledger.machine.accounts.image())
        for counter in ledger.file.image.counters { #expect(ledger.file.history(counter.key) == counter.total) }
        ledger.readNext(["wang": (8, 5), "li": (1, 1)])
        #expect(ledger.file.lastReading != nil)
    }

    @Test("at the end it is tried once more, and then given up")
    func end() throws {
        var ledger = try broken()
        ledger.perform { $0.stop(now: $1) }
        ledger.read(["wang": (9, 5)])
        #expect(ledger.machine.phase == .ended)
        ledger = try broken()
        ledger.isDiskFull = false
        ledger.perform { $0.stop(now: $1) }
        ledger.read(["wang": (9, 5)])
        #expect(ledger.machine.phase == .ended)
        #expect(ledger.file.image.counters.map(\.total) == [Traffic(9, 5)])
    }
}
