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

    @Test("while nobody asks for totals, nothing is taken in")
    mutating func unused() {
        ledger.clearBegins()
        ledger.clearEnded(wang(5), now: 0)
        #expect(!ledger.isUsed && total == 0)
    }
}
