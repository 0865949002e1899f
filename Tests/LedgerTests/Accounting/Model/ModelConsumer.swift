@testable import Ledger

/// A program that takes from a view, with requests and answers that are lost.
struct ModelConsumer: Sendable {
    enum Kind: Sendable { case plain, keyed, since, scrape }

    let kind: Kind
    let request: ViewRequest
    /// Whom it waits for; nil: it does nothing.
    var waiter: WaiterID?
    /// What it has taken and stored.
    var kept: UInt64 = 0
    /// The clears whose amounts it has stored.
    var keptClears: Set<ClearID> = []
    var cursor: Int64 = 0
    var lastOffer: Int64 = 0
    /// How many answers have arrived.
    var arrivals = 0
    /// Goes up when an answer to the key before has arrived.
    var keys = 0
    /// A clear that was answered and whose end was not reported, with what will be.
    var open: (clear: ClearID, verdict: ClearVerdict)?

    init(_ kind: Kind, view: String, only users: [String]? = nil) {
        self.kind = kind
        request = ViewRequest(view, users: users.map { .only($0.map { Array($0.utf8) }) } ?? .all)
    }

    /// The gateway is gone. What was written to the connection stays as it is.
    mutating func connectionLost() {
        waiter = nil
        open = nil
    }
}

extension AccountingModel {
    mutating func startConsumer() {
        let index = random.pick(0...consumers.count - 1)
        if let waiter = consumers[index].waiter {
            guard random.chance(20) else { return }
            consumers[index].waiter = nil
            perform { $0.abandoned(waiter, now: $1) }
            return
        }
        ask(index)
    }

    mutating func ask(_ index: Int) {
        guard machine != nil else { return }
        let waiter = WaiterID(nextWaiter)
        nextWaiter += 1
        consumers[index].waiter = waiter
        let consumer = consumers[index]
        perform { machine, now in
            switch consumer.kind {
            case .plain: machine.clearWanted(consumer.request, key: nil, by: waiter, now: now)
            case .keyed: machine.clearWanted(consumer.request, key: "key-\(consumer.keys)", by: waiter, now: now)
            case .since: machine.sinceWanted(consumer.request, cursor: consumer.cursor, by: waiter, now: now)
            case .scrape: machine.readingWanted(by: waiter, committed: true, now: now)
            }
        }
    }

    mutating func reportVerdict() {
        let index = random.pick(0...consumers.count - 1)
        guard let open = consumers[index].open else { return }
        consumers[index].open = nil
        perform { $0.clearEnded(open.clear, open.verdict, now: $1) }
    }

    mutating func answer(_ waiter: WaiterID, _ answer: LedgerAnswer) {
        guard let index = consumers.firstIndex(where: { $0.waiter == waiter }) else {
            fail("somebody was answered who does not wait")
            return
        }
        consumers[index].waiter = nil
        let arrives = random.chance(70)
        if arrives { consumers[index].arrivals += answer.isAnAmount ? 1 : 0 }
        switch answer {
        case .cleared(let clear, let amounts):
            if !file.holds(clear: clear) { fail("clear \(clear.value) was answered before it was durable (I7)") }
            if arrives { keep(index, clear, amounts) }
            // What did not arrive is known to be lost, or nothing shows it.
            let verdict: ClearVerdict = arrives || random.chance(50) ? .delivered : .returned
            if random.chance(85) { consumers[index].open = (clear, verdict) }
        case .given(let amounts):
            if consumers[index].kind == .keyed { met.note("known key") }
            guard arrives else { return }
            consumers[index].kept += amounts.sum
            consumers[index].keys += 1
        case .offered(let amounts, let next):
            if consumers[index].lastOffer == next, !amounts.isEmpty { met.note("offer repeated") }
            consumers[index].lastOffer = next
            guard arrives else { return }
            consumers[index].kept += amounts.sum
            consumers[index].cursor = next
        case .cursorGone where isRolledBack: consumers[index].cursor = 0
        case .cursorGone: fail("the cursor \(consumers[index].cursor) is gone")
        case .unavailable: met.note("clear refused")
        case .fresh, .readingFailed: break
        }
    }

    private mutating func keep(_ index: Int, _ clear: ClearID, _ amounts: [CountedTraffic]) {
        consumers[index].kept += amounts.sum
        consumers[index].keptClears.insert(clear)
        consumers[index].keys += 1
    }

    /// I6: what was given and what is left is all that came since the view began.
    mutating func checkConsumers() {
        guard let machine, !isRolledBack else { return }
        for consumer in consumers where consumer.kind != .scrape {
            guard let view = machine.accounts.viewIDs[consumer.request.name].flatMap({ machine.accounts.views[$0] })
            else { continue }
            let began = viewsBegan[view.name] ?? 0
            let taken = view.image.taken.sum - began
            switch consumer.kind {
            case .plain:
                let listed = view.clears.clears
                    .filter { $0.verdict != .returned && !consumer.keptClears.contains($0.id) }
                    .reduce(0) { $0 + $1.amounts.sum }
                if taken != consumer.kept + listed {
                    fail("\(view.name) was given \(taken), keeps \(consumer.kept) and \(listed) are listed (I6)")
                }
            case .keyed:
                if taken != consumer.kept { fail("by keys \(consumer.kept) of \(taken) were kept (I6)") }
            case .since:
                let offered = consumer.cursor == view.offered ? view.offer.sum : 0
                if consumer.kept != taken + offered {
                    fail("by cursors \(consumer.kept) of \(taken) + \(offered) were kept (I6)")
                }
            case .scrape: break
            }
        }
    }
}

extension LedgerAnswer {
    fileprivate var isAnAmount: Bool {
        switch self {
        case .cleared, .given, .offered: true
        case .fresh, .cursorGone, .readingFailed, .unavailable: false
        }
    }
}
