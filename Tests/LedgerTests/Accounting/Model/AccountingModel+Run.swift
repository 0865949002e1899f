@testable import Ledger

extension AccountingModel {
    /// Everything from the first event to the end, where all is well again and all is compared.
    mutating func run() {
        startGateway()
        for _ in 0..<random.pick(60...220) where failures.isEmpty { step() }
        guard failures.isEmpty else { return }
        heal()
        settleConsumers()
        checkConsumers()
        stop()
    }

    /// The disk works, the gateway runs, and a reading has been taken.
    private mutating func heal() {
        events.append("heal")
        isOver = true
        isDiskBroken = false
        if isReleased || machine?.phase != .running { killGateway() }
        if machine == nil { startGateway() }
        // A disk is tried again after a minute at most, and everything is written with the reading after.
        let readings = machine?.statistics.readings ?? 0
        for _ in 0..<60 where machine?.isDurable != true || machine?.statistics.readings == readings { calm() }
        if machine?.isDurable != true { fail("the ledger does not recover") }
    }

    /// Time passes, and nothing fails.
    private mutating func calm() {
        now.boot += 2500
        now.wall += 2500
        if let wake = machine?.nextWake, wake <= now.boot { perform { $0.timePassed(now: $1) } }
        if isReading, sight == nil { look(at: hysteria) }
        while sight != nil { arrive() }
        while operation != nil { finishOperation() }
    }

    /// Whoever has lost an answer asks until one has arrived.
    private mutating func settleConsumers() {
        for index in consumers.indices {
            let arrivals = consumers[index].arrivals
            for _ in 0..<100 {
                if consumers[index].waiter == nil { ask(index) }
                calm()
                if consumers[index].kind == .plain || consumers[index].kind == .scrape { break }
                if consumers[index].arrivals > arrivals { break }
            }
        }
        for _ in 0..<3 { calm() }
    }

    private mutating func stop() {
        perform { $0.stop(now: $1) }
        for _ in 0..<40 where !isReleased {
            if operation == nil, !isReading { break }
            calm()
        }
        guard isReleased else {
            fail(
                "the ledger does not end: \(String(describing: machine?.storage)), \(String(describing: machine?.phase))"
            )
            return
        }
        if !file.image.journal.isEmpty { fail("rows were left in the journal") }
        if consumers.contains(where: { $0.waiter != nil }) { fail("somebody was not answered") }
    }
}
