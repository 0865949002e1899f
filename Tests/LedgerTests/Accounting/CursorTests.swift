import Testing

@testable import Ledger

@Suite("A view as a feed")
struct CursorTests {
    private let feed = ViewRequest("feed")

    private func since(_ ledger: inout DrivenLedger, _ cursor: Int64, wang: UInt64) -> LedgerAnswer? {
        let feed = feed
        ledger.answers = [:]
        ledger.pass(1)
        ledger.perform { $0.sinceWanted(feed, cursor: cursor, by: WaiterID(1), now: $1) }
        ledger.read(["wang": (wang, 0)])
        return ledger.answers[WaiterID(1)]
    }

    private func offer(_ answer: LedgerAnswer?) -> (bytes: UInt64, next: Int64)? {
        guard case .offered(let amounts, let next) = answer else { return nil }
        return (amounts.sum, next)
    }

    private func begun() throws -> DrivenLedger {
        var ledger = try DrivenLedger()
        ledger.read(["wang": (10, 0)])
        return ledger
    }

    @Test("each step gives what came since the one before")
    func steps() throws {
        var ledger = try begun()
        let one = try #require(offer(since(&ledger, 0, wang: 11)))
        #expect(one.bytes == 11)
        let two = try #require(offer(since(&ledger, one.next, wang: 15)))
        #expect(two.bytes == 4)
        #expect(two.next > one.next)
        // With nothing new, the cursor stays.
        let three = try #require(offer(since(&ledger, two.next, wang: 15)))
        #expect(three == (0, two.next))
        #expect(offer(since(&ledger, two.next, wang: 16))?.bytes == 1)
    }

    @Test("the same cursor gets the same answer, through a restart of the gateway")
    func repeated() throws {
        var ledger = try begun()
        let one = try #require(offer(since(&ledger, 0, wang: 11)))
        #expect(try #require(offer(since(&ledger, 0, wang: 15))) == one)
        ledger = try ledger.restarted()
        ledger.read(["wang": (15, 0)])
        #expect(try #require(offer(since(&ledger, 0, wang: 16))) == one)
        #expect(offer(since(&ledger, one.next, wang: 16))?.bytes == 5)
    }

    @Test("a cursor that is not known any more is gone, and the answer names the one that is")
    func gone() throws {
        var ledger = try begun()
        let one = try #require(offer(since(&ledger, 0, wang: 11)))
        _ = since(&ledger, one.next, wang: 12)
        #expect(since(&ledger, 0, wang: 12) == .cursorGone(acknowledged: one.next))
        #expect(since(&ledger, 99, wang: 12) == .cursorGone(acknowledged: one.next))
    }

    @Test("a clear gives what was offered, and drops the offer")
    func clear() throws {
        var ledger = try begun()
        let feed = feed
        let one = try #require(offer(since(&ledger, 0, wang: 11)))
        ledger.perform { $0.clearWanted(feed, by: WaiterID(2), now: $1) }
        ledger.read(["wang": (12, 0)])
        guard case .cleared(_, let amounts) = ledger.answers[WaiterID(2)] else {
            Issue.record("no clear was granted")
            return
        }
        #expect(amounts.sum == 12)
        #expect(since(&ledger, one.next, wang: 12) == .cursorGone(acknowledged: 0))
        let next = try #require(offer(since(&ledger, 0, wang: 13)))
        #expect(next.bytes == 1)
        #expect(next.next > one.next)
    }

    @Test("an offer is answered when it is durable, and not before")
    func durable() throws {
        var ledger = try begun()
        ledger.isFileHeld = true
        #expect(since(&ledger, 0, wang: 11) == nil)
        ledger.doNext()
        #expect(offer(ledger.answers[WaiterID(1)])?.bytes == 11)
    }
}
