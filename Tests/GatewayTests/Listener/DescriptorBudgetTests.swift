import Testing

@testable import Gateway
@testable import GatewayConfiguration

@Suite("Descriptors are put aside for what calls need")
struct DescriptorBudgetTests {
    @Test("more of them for more event loops and listeners")
    func room() {
        #expect(DescriptorBudget(threads: 1, listeners: 1).connections(within: 1024) == 1024 - 64 - 21)
        #expect(DescriptorBudget(threads: 2, listeners: 3).connections(within: 65_536) == 65_536 - 64 - 50)
    }

    @Test("but never more than half of them")
    func few() {
        #expect(DescriptorBudget(threads: 64, listeners: 2).connections(within: 1024) == 512)
        #expect(DescriptorBudget(threads: 1, listeners: 1).connections(within: 20) == 10)
    }

    @Test("and a shortage is told with what to do")
    func shortage() {
        let budget = DescriptorBudget(threads: 1, listeners: 1)
        var limits = Limits()
        #expect(
            budget.shortage(of: 1024, for: limits)
                == "limits.connections is 10000, but the process may open 1024 descriptors, which is 939 connections: "
                + "raise LimitNOFILE in the systemd unit (ulimit -Hn in a shell)"
        )
        limits.connections = 939
        #expect(budget.shortage(of: 1024, for: limits) == nil)
    }

    @Test("the limit of this process is a limit")
    func current() {
        let limit = DescriptorLimit.current()
        #expect(limit.soft > 3)
        #expect(limit.soft <= limit.hard)
    }
}
