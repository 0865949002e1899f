import NIOCore
import Testing

@testable import Gateway
@testable import HTTPServer

@Suite("A budget")
struct HTTP2BudgetTests {
    @Test("is spent at once, and comes back by and by")
    func rate() {
        let start = NIODeadline.uptimeNanoseconds(0)
        var budget = HTTP2Budget(.init(burst: 10, perSecond: 2), now: start)
        #expect(result((0..<11).filter { _ in budget.spend(now: start) }.count) == 10)
        #expect(!result(budget.spend(now: start + .milliseconds(499))))
        #expect(result(budget.spend(now: start + .milliseconds(500))))
        #expect(!result(budget.spend(now: start + .milliseconds(999))))
        #expect(result(budget.spend(now: start + .milliseconds(1000))))
        #expect(result((0..<100).filter { _ in budget.spend(now: start + .hours(1)) }.count) == 10)
    }

    @Test("can be earned, up to what it was")
    func earning() {
        let start = NIODeadline.uptimeNanoseconds(0)
        var budget = HTTP2Budget(.init(burst: 3, perSecond: 1), now: start)
        budget.earn(5)
        #expect(result((0..<5).filter { _ in budget.spend(now: start) }.count) == 3)
        budget.earn(1)
        #expect(result(budget.spend(now: start)))
        #expect(!result(budget.spend(now: start)))
    }
}
