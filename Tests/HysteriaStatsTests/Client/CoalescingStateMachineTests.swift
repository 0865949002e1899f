import Testing

@testable import HysteriaStats

@Suite struct CoalescingStateMachineTests {
    @Test("the first waiter schedules a fetch and others share it")
    func theFirstWaiterSchedulesAFetchAndOthersShareIt() {
        var machine = CoalescingStateMachine<Int>()
        #expect(machine.join(1) == .scheduleFetch)
        #expect(machine.join(2) == .wait)
        #expect(machine.isScheduled)
        machine.startFetch()
        #expect(!machine.isScheduled)
        let (waiters, scheduleNext) = machine.endFetch()
        #expect(waiters == [1, 2])
        #expect(!scheduleNext)
    }

    @Test("whoever comes during a fetch waits for the next")
    func whoeverComesDuringAFetchWaitsForTheNext() {
        var machine = CoalescingStateMachine<Int>()
        _ = machine.join(1)
        machine.startFetch()
        #expect(machine.join(2) == .wait)
        #expect(machine.join(3) == .wait)
        let first = machine.endFetch()
        #expect(first.waiters == [1])
        #expect(first.scheduleNext)
        #expect(machine.join(4) == .wait)
        machine.startFetch()
        #expect(machine.join(5) == .wait)
        let second = machine.endFetch()
        #expect(second.waiters == [2, 3, 4])
        #expect(second.scheduleNext)
    }

    @Test("a waiter may join while the others are told")
    func aWaiterMayJoinWhileTheOthersAreTold() {
        var machine = CoalescingStateMachine<Int>()
        _ = machine.join(1)
        machine.startFetch()
        var (waiters, _) = machine.endFetch()
        #expect(machine.join(9) == .scheduleFetch)
        machine.recycle(&waiters)
        machine.startFetch()
        #expect(machine.endFetch().waiters == [9])
    }

    @Test("recycling never brings a waiter back")
    func recyclingNeverBringsAWaiterBack() {
        var machine = CoalescingStateMachine<Int>()
        for round in 0..<100 {
            _ = machine.join(round)
            machine.startFetch()
            _ = machine.join(1000 + round)
            var first = machine.endFetch()
            #expect(first.waiters == [round])
            machine.recycle(&first.waiters)
            machine.startFetch()
            var second = machine.endFetch()
            #expect(second.waiters == [1000 + round])
            machine.recycle(&second.waiters)
        }
    }

    @Test("giving up returns everybody once")
    func givingUpReturnsEverybodyOnce() {
        var machine = CoalescingStateMachine<Int>()
        _ = machine.join(1)
        machine.startFetch()
        _ = machine.join(2)
        #expect(machine.abandon() == [1, 2])
        #expect(machine.abandon().isEmpty)
        #expect(!machine.isScheduled)
    }
}
