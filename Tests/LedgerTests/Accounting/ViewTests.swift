import Testing

@testable import Ledger

@Suite("A view per consumer")
struct ViewTests {
    private let panel = ViewRequest("panel")

    private func clear(
        _ ledger: inout DrivenLedger,
        _ waiter: UInt64,
        key: String? = nil,
        _ request: ViewRequest? = nil
    ) {
        let request = request ?? panel
        ledger.perform { $0.clearWanted(request, key: key, by: WaiterID(waiter), now: $1) }
    }

    private func amounts(_ ledger: DrivenLedger, _ waiter: UInt64) -> [Traffic]? {
        switch ledger.answers[WaiterID(waiter)] {
        case .cleared(_, let amounts), .given(let amounts), .offered(let amounts, _): amounts.map(\.traffic)
        default: nil
        }
    }

    private func clearID(_ ledger: DrivenLedger, _ waiter: UInt64) throws -> ClearID {
        guard case .cleared(let id, _) = ledger.answers[WaiterID(waiter)] else { throw NoClearError() }
        return id
    }

    private struct NoClearError: Error {}

    private func begun() throws -> DrivenLedger {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (10, 20), "li": (1, 2)])
        return ledger
    }

    @Test("a view begins as Hysteria's own counters are")
    func begins() throws {
        var ledger = try begun()
        // An epoch before: neither history nor a hole.
        ledger.readNext(["wang": (3, 4)])
        ledger.pass(1)
        ledger.perform { $0.viewWanted("panel", by: WaiterID(1), now: $1) }
        ledger.read(["wang": (5, 4)])
        #expect(ledger.answers[WaiterID(1)] == .fresh)
        let traffic = ledger.machine.snapshot.traffic(of: panel)
        #expect(traffic == [NamedTraffic(Array("wang".utf8), Traffic(5, 4))])
        #expect(ledger.machine.snapshot.traffic(of: ViewRequest("other")) == nil)
    }

    @Test("a clear gives all once, and another view keeps its own")
    func once() throws {
        var ledger = try begun()
        ledger.perform { $0.viewWanted("other", by: WaiterID(9), now: $1) }
        ledger.read(["wang": (10, 20), "li": (1, 2)])
        clear(&ledger, 1)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        #expect(amounts(ledger, 1) == [Traffic(11, 20), Traffic(1, 2)])
        let first = try clearID(ledger, 1)
        ledger.perform { $0.clearEnded(first, .delivered, now: $1) }
        clear(&ledger, 2)
        ledger.read(["wang": (13, 20), "li": (1, 2)])
        #expect(amounts(ledger, 2) == [Traffic(2, 0)])
        #expect(
            ledger.machine.snapshot.traffic(of: ViewRequest("other"))?.map(\.traffic) == [
                Traffic(1, 2), Traffic(13, 20),
            ]
        )
        #expect(ledger.machine.snapshot.view(named: "panel")?.clears.map(\.verdict) == [.delivered, .undecided])
    }

    @Test("after a backup was restored nothing is given that may have been given since it was made")
    func restoredBackup() throws {
        var ledger = try begun()
        ledger.perform { $0.viewWanted("panel", by: WaiterID(1), now: $1) }
        ledger.read(["wang": (10, 20), "li": (1, 2)])
        // What is periodic is written.
        ledger.readNext(["wang": (10, 20), "li": (1, 2)])
        var backup = ledger
        clear(&ledger, 2)
        ledger.read(["wang": (15, 20), "li": (1, 2)])
        #expect(amounts(ledger, 2) == [Traffic(15, 20), Traffic(1, 2)])
        backup.file.image.isRestored = true
        var restored = try backup.restarted()
        restored.read(["wang": (18, 20), "li": (1, 2)])
        #expect(restored.notices().contains(.closedViews(1)))
        clear(&restored, 3)
        restored.read(["wang": (18, 20), "li": (1, 2)])
        #expect(amounts(restored, 3) == [])
        clear(&restored, 4)
        restored.read(["wang": (19, 21), "li": (1, 2)])
        #expect(amounts(restored, 4) == [Traffic(1, 1)])
        // What was taken is listed, and the totals have all of it.
        #expect(restored.machine.snapshot.view(named: "panel")?.clears.first?.verdict == .delivered)
        #expect(restored.total("wang") == Traffic(19, 21))
    }

    @Test("a clear is answered when it is durable, and not before")
    func durable() throws {
        var ledger = try begun()
        ledger.isFileHeld = true
        clear(&ledger, 1)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        #expect(ledger.answers.isEmpty)
        ledger.doNext()
        #expect(amounts(ledger, 1) == [Traffic(11, 20), Traffic(1, 2)])
        #expect(ledger.file.holds(clear: try clearID(ledger, 1)))
    }

    @Test("what was lost for certain goes back into the view")
    func returned() throws {
        var ledger = try begun()
        clear(&ledger, 1)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        let first = try clearID(ledger, 1)
        ledger.perform { $0.clearEnded(first, .returned, now: $1) }
        #expect(ledger.notices() == [.returnedClear(first, view: "panel")])
        // Late evidence changes nothing.
        ledger.perform { $0.clearEnded(first, .returned, now: $1) }
        clear(&ledger, 2)
        ledger.read(["wang": (11, 21), "li": (1, 2)])
        #expect(amounts(ledger, 2) == [Traffic(11, 21), Traffic(1, 2)])
    }

    @Test("the next clear of a view waits for the verdict, and gets all")
    func oneAtATime() throws {
        var ledger = try begun()
        clear(&ledger, 1)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        clear(&ledger, 2)
        ledger.read(["wang": (12, 20), "li": (1, 2)])
        clear(&ledger, 3, ViewRequest("other"))
        ledger.read(["wang": (12, 20), "li": (1, 2)])
        #expect(amounts(ledger, 2) == nil)
        #expect(amounts(ledger, 3) != nil)
        let first = try clearID(ledger, 1)
        ledger.perform { $0.clearEnded(first, .returned, now: $1) }
        #expect(amounts(ledger, 2) == [Traffic(12, 20), Traffic(1, 2)])
    }

    @Test("it waits five seconds at most, and then the one before counts as delivered")
    func patience() throws {
        var ledger = try begun()
        clear(&ledger, 1)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        clear(&ledger, 2)
        ledger.read(["wang": (12, 20), "li": (1, 2)])
        #expect(ledger.machine.nextWake == ledger.now.boot + 5000)
        ledger.pass(4999)
        ledger.perform { $0.timePassed(now: $1) }
        #expect(amounts(ledger, 2) == nil)
        ledger.pass(1)
        ledger.perform { $0.timePassed(now: $1) }
        #expect(amounts(ledger, 2) == [Traffic(1, 0)])
        let first = try clearID(ledger, 1)
        ledger.perform { $0.clearEnded(first, .returned, now: $1) }
        #expect(ledger.machine.snapshot.view(named: "panel")?.clears.first?.verdict == .delivered)
    }

    @Test("the same key gets the same answer for thirty days, through a restart of the gateway")
    func key() throws {
        var ledger = try begun()
        clear(&ledger, 1, key: "2026-11")
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        let first = try clearID(ledger, 1)
        ledger.perform { $0.clearEnded(first, .returned, now: $1) }
        ledger = try ledger.restarted()
        ledger.read(["wang": (12, 20), "li": (1, 2)])
        clear(&ledger, 2, key: "2026-11")
        ledger.read(["wang": (13, 20), "li": (1, 2)])
        #expect(amounts(ledger, 2) == [Traffic(11, 20), Traffic(1, 2)])
        #expect(ledger.answers[WaiterID(2)].map { if case .given = $0 { true } else { false } } == true)
        clear(&ledger, 3)
        ledger.read(["wang": (13, 20), "li": (1, 2)])
        #expect(amounts(ledger, 3) == [Traffic(2, 0)])
        ledger.pass(30 * 86_400_000)
        ledger.perform { $0.timePassed(now: $1) }
        ledger.read(["wang": (13, 20), "li": (1, 2)])
        let third = try clearID(ledger, 3)
        ledger.perform { $0.clearEnded(third, .delivered, now: $1) }
        clear(&ledger, 4, key: "2026-11")
        ledger.read(["wang": (14, 20), "li": (1, 2)])
        #expect(amounts(ledger, 4) == [Traffic(1, 0)])
    }

    @Test("an answer of nothing under a key stays nothing")
    func emptyKey() throws {
        var ledger = try DrivenLedger()
        ledger.read([:])
        clear(&ledger, 1, key: "a")
        ledger.read([:])
        #expect(amounts(ledger, 1) == [])
        clear(&ledger, 2, key: "a")
        ledger.read(["wang": (1, 1)])
        #expect(amounts(ledger, 2) == [])
    }

    @Test("a request that is limited to users clears only those")
    func limited() throws {
        var ledger = try begun()
        let mine = ViewRequest("panel", users: .only([Array("wang".utf8), Array("nobody".utf8)]))
        clear(&ledger, 1, mine)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        #expect(amounts(ledger, 1) == [Traffic(11, 20)])
        #expect(ledger.machine.snapshot.traffic(of: mine) == [])
        #expect(ledger.machine.snapshot.traffic(of: panel)?.map(\.traffic) == [Traffic(1, 2)])
    }

    @Test("who hangs up before the answer gets nothing, and nothing is taken")
    func abandoned() throws {
        var ledger = try begun()
        clear(&ledger, 1)
        ledger.perform { $0.abandoned(WaiterID(1), now: $1) }
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        ledger.isFileHeld = true
        clear(&ledger, 2)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        ledger.perform { $0.abandoned(WaiterID(2), now: $1) }
        ledger.isFileHeld = false
        ledger.doNext()
        #expect(ledger.answers.isEmpty)
        #expect(ledger.machine.snapshot.traffic(of: panel)?.map(\.traffic) == [Traffic(1, 2), Traffic(11, 20)])
    }

    @Test("a view that nobody used for ninety days is dropped, with its clears")
    func dropped() throws {
        var ledger = try begun()
        clear(&ledger, 1)
        ledger.read(["wang": (11, 20), "li": (1, 2)])
        let first = try clearID(ledger, 1)
        ledger.perform { $0.clearEnded(first, .delivered, now: $1) }
        ledger.readNext(after: 89 * 86_400_000, ["wang": (11, 20), "li": (1, 2)])
        #expect(ledger.file.image.views.map(\.name) == ["panel"])
        #expect(ledger.file.image.clears.count == 1)
        ledger.readNext(after: 2 * 86_400_000, ["wang": (11, 20), "li": (1, 2)])
        #expect(ledger.file.image.views == [])
        #expect(ledger.file.image.clears == [])
        #expect(ledger.machine.snapshot.view(named: "panel") == nil)
    }

    @Test("reading a view keeps it")
    func kept() throws {
        var ledger = try begun()
        for day in 1...4 {
            ledger.pass(50 * 86_400_000)
            ledger.perform { $0.viewWanted("panel", by: WaiterID(UInt64(day)), now: $1) }
            ledger.read(["wang": (11, 20), "li": (1, 2)])
        }
        #expect(ledger.machine.snapshot.view(named: "panel")?.began == ledger.now.wall - 150 * 86_400_000)
    }
}
