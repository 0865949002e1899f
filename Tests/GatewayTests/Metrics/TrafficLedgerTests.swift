import HysteriaStats
import Testing

@testable import Gateway

@Suite("Calls that overlap count nothing twice and lose nothing that can be known")
struct TrafficLedgerTests {
    private var ledger = TrafficLedger(userLimit: 10)

    private func wang(_ bytes: UInt64) -> TrafficAnswer {
        TrafficAnswer(entries: [.init(user: "wang", tx: bytes, rx: 0)])
    }

    private var total: UInt64 { ledger.totals.total.up }

    @Test("one read after the other")
    mutating func reads() {
        for bytes in [10, 20, 5] as [UInt64] {
            let moment = ledger.readBegins()
            ledger.readEnded(moment, wang(bytes), now: 0)
        }
        #expect(total == 25)
    }

    @Test("of two reads at once the older one is no restart, whichever answer comes first")
    mutating func overlappingReads() {
        let (first, second) = (ledger.readBegins(), ledger.readBegins())
        ledger.readEnded(second, wang(20), now: 0)
        ledger.readEnded(first, wang(10), now: 0)
        #expect(total == 20)
        let (third, fourth) = (ledger.readBegins(), ledger.readBegins())
        ledger.readEnded(third, wang(21), now: 0)
        ledger.readEnded(fourth, wang(22), now: 0)
        #expect(total == 22)
    }

    @Test("a read at the time of a clear is not taken in")
    mutating func readDuringClear() {
        let before = ledger.readBegins()
        ledger.clearBegins()
        let during = ledger.readBegins()
        ledger.readEnded(before, wang(10), now: 0)
        #expect(total == 0)
        ledger.clearEnded(wang(12), now: 0)
        ledger.readEnded(during, wang(12), now: 0)
        #expect(total == 12)
        let after = ledger.readBegins()
        ledger.readEnded(after, wang(3), now: 0)
        #expect(total == 15)
    }

    @Test("several clears at once each bring their share, in any order")
    mutating func overlappingClears() {
        let moment = ledger.readBegins()
        ledger.readEnded(moment, wang(100), now: 0)
        ledger.clearBegins()
        ledger.clearBegins()
        ledger.clearEnded(wang(5), now: 0)
        ledger.clearEnded(wang(110), now: 0)
        #expect(total == 115)
    }

    @Test("a clear that came to nothing changes nothing")
    mutating func failedClear() {
        let moment = ledger.readBegins()
        ledger.readEnded(moment, wang(100), now: 0)
        ledger.clearBegins()
        ledger.clearEnded(nil, now: 0)
        let later = ledger.readBegins()
        ledger.readEnded(later, wang(101), now: 0)
        #expect(total == 101)
    }

    @Test("what counts is when answers arrive, not when they have been read")
    mutating func lateReading() {
        ledger.readEnded(ledger.readBegins(), wang(10), now: 0)
        let first = ledger.readBegins()
        let arrived = ledger.readArrived()
        // Hysteria has restarted. This read began after the answer before, which is still being read.
        let second = ledger.readBegins()
        ledger.take(wang(12), began: first, arrived: arrived, now: 0)
        ledger.readEnded(second, wang(3), now: 0)
        #expect(total == 15)
        // The same with a clear: what is read after its answer counts from zero, and only once the clear is taken in.
        ledger.clearBegins()
        ledger.clearArrived()
        let third = ledger.readBegins()
        ledger.takeClear(wang(4), now: 0)
        ledger.readEnded(third, wang(2), now: 0)
        #expect(total == 18)
    }

    @Test("a new limit of users counts from the next look on")
    mutating func userLimit() {
        let answer = TrafficAnswer(entries: ["a", "b", "c"].map { .init(user: $0, tx: 1, rx: 1) })
        ledger.readEnded(ledger.readBegins(), answer, now: 0)
        #expect(ledger.totals.placesTaken == 3 && ledger.userCount == 3)
        ledger.setUserLimit(2, now: 0)
        #expect(ledger.totals.placesTaken == 2)
    }

    @Test("while nobody asks for totals, nothing is taken in")
    mutating func unused() {
        ledger.clearBegins()
        ledger.clearEnded(wang(5), now: 0)
        #expect(!ledger.isUsed && total == 0)
    }
}
