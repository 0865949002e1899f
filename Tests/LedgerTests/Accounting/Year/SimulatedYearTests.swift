import Glibc
import Testing

@testable import Ledger

@Suite("A year of 50 users, a restart a day, a foreign clear a week")
struct SimulatedYearTests {
    private func result(_ counter: some YearCounter, name: String? = nil) -> YearResult {
        var (counter, year) = (counter, SimulatedYear(seed: 2026))
        var result = YearResult(name ?? type(of: counter).name)
        year.forEach { result.add($0, counter.count($0)) }
        return result
    }

    @Test("this ledger misses what passed between the last look and an emptying, and doubles nothing")
    func ledger() throws {
        var (counter, year) = (try ThisLedger(), SimulatedYear(seed: 2026))
        var ledger = YearResult(ThisLedger.name)
        year.forEach { ledger.add($0, counter.count($0)) }
        #expect(ledger.truth - ledger.counted == counter.unseen)
        #expect(ledger.doubled == 0)
        #expect(ledger.share > 0.9998)

        let clean = result(ClearAndAdd(lossOneOf: 0), name: "clear and add every 30 s, nothing ever fails")
        let lossy = result(ClearAndAdd(lossOneOf: 1000), name: "the same, one answer of 1,000 is lost or not written")
        let perUser = result(PerUser(every: 10), name: "\(PerUser.name), every 10 s")
        let rarely = result(PerUser(every: 300), name: "\(PerUser.name), every 5 min")
        let prometheus = result(PrometheusIncrease())
        #expect(clean.share < ledger.share)
        #expect(lossy.share < clean.share)
        #expect(perUser.share < ledger.share)
        #expect(rarely.share < perUser.share)
        #expect(prometheus.share < ledger.share)
        #expect(prometheus.doubled > 0)
        if getenv("LEDGER_TABLE") != nil { printTable([ledger, clean, lossy, perUser, rarely, prometheus]) }
    }

    private func printTable(_ results: [YearResult]) {
        print("| way of counting | counted | counted too much | worst user off by | worst hour off by |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for result in results {
            let figures = [result.share, result.doubledShare, result.worstUser, result.worstHour].map(percent)
            print("| \(result.name) | \(figures.joined(separator: " | ")) |")
        }
    }

    /// Four digits behind the point.
    private func percent(_ share: Double) -> String {
        let digits = String(Int((share * 1_000_000).rounded()))
        let padded = String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
        return "\(padded.dropLast(4)).\(padded.suffix(4)) %"
    }
}
