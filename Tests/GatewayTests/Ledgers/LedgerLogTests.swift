import Ledger
import Testing

@testable import Gateway

@Suite("What the log says of the ledger")
struct LedgerLogTests {
    private static func cleared(at second: Int64) -> LedgerNotice {
        .emptied(LedgerGap(server: ServerID(1), began: second * 1000 - 10_000, ended: second * 1000, cause: .cleared))
    }

    @Test("a panel that clears every ten seconds is warned of once an hour, with how often it did")
    func foreignClears() {
        let captured = CapturedLog()
        let log = LedgerLog(captured.logger)
        for second in stride(from: Int64(1_000_000), through: 1_003_610, by: 10) { log.write(Self.cleared(at: second)) }
        #expect(captured.lines.count == 2)
        #expect(captured.lines.first?.hasSuffix("since=999990 times=1") == true)
        #expect(captured.lines.last?.hasSuffix("since=1003590 times=360") == true)
    }

    @Test("a clock that was set back does not silence it")
    func clockSetBack() {
        let captured = CapturedLog()
        let log = LedgerLog(captured.logger)
        log.write(Self.cleared(at: 1_000_000))
        log.write(Self.cleared(at: 900_000))
        #expect(captured.lines.count == 2)
    }

    @Test("each restart is said")
    func restarts() {
        let captured = CapturedLog()
        let log = LedgerLog(captured.logger)
        for _ in 1...3 {
            log.write(.emptied(LedgerGap(server: ServerID(1), began: 0, ended: 1, cause: .restart)))
        }
        #expect(captured.lines.count == 3)
    }
}
