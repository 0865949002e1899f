import ACME
import Testing

@Suite("An attempt: crashes, delays and what goes on after them")
struct IssuanceResumptionTests {
    @Test("after a crash at any step, one order is enough")
    func crashes() {
        // The number of steps until the end, without a crash.
        for crash in 1...40 {
            var first = Attempt(ModelAuthority(), IssuanceTests.plan())
            if first.run(steps: crash) != nil { continue }
            var plan = IssuanceTests.plan(order: first.order, account: first.account)
            plan.certificateIssuedAt = first.installed?.issuedAt ?? 0
            var second = Attempt(first.model, plan, now: first.now + 5)
            guard case .obtained = second.run() else {
                Issue.record("no certificate after a crash at step \(crash)")
                continue
            }
            // An order whose answer was lost is made again; an authority gives the same one.
            let isLost = first.order == nil && !first.model.newOrders.isEmpty
            let isInstalled = first.installed != nil
            #expect(second.model.newOrders.count == (isLost || isInstalled ? 2 : 1), "a crash at step \(crash)")
        }
    }

    @Test("the proof that was shown is shown again, of the same kind")
    func sameProof() throws {
        var plan = IssuanceTests.plan()
        plan.proofTurn = 1
        var model = ModelAuthority()
        model.validationPolls = 10_000
        var first = Attempt(model, plan)
        #expect(first.run() == .left(since: 1_800_000_000))
        #expect(first.now - 1_800_000_000 <= 300)
        #expect(first.shown.count == 1)
        first.model.validationPolls = first.model.authorizations[0].polls + 2
        var second = Attempt(
            first.model,
            IssuanceTests.plan(order: first.order, account: first.account),
            now: first.now + 300
        )
        #expect(second.run()?.isObtained == true)
        #expect(second.notes.contains { if case .shown(let proof) = $0 { proof.kind == .http } else { false } })
        // It was told already.
        #expect(second.model.count("/challenge") == 1)
    }

    @Test("an order that takes hours is left, and looked at, and there is no second one")
    func hours() {
        var model = ModelAuthority()
        model.issuingPolls = 10_000
        var attempt = Attempt(model, IssuanceTests.plan())
        #expect(attempt.run() == .left(since: 1_800_000_000))
        let waited = attempt.now - 1_800_000_000
        #expect((590...620).contains(waited))
        // A look is short.
        let before = attempt.now
        var look = Attempt(
            attempt.model,
            IssuanceTests.plan(order: attempt.order, account: attempt.account),
            now: before + 7200
        )
        #expect(look.run() == .left(since: 1_800_000_000))
        #expect(look.now - (before + 7200) <= 60)
        look.model.issuingPolls = 0
        var last = Attempt(look.model, IssuanceTests.plan(order: look.order, account: look.account), now: before + 9000)
        #expect(last.run()?.isObtained == true)
        #expect(last.model.newOrders.count == 1)
    }

    @Test("an order that the authority has forgotten is followed by a new one, in the same attempt")
    func forgotten() {
        var model = ModelAuthority()
        model.issuingPolls = 10_000
        var first = Attempt(model, IssuanceTests.plan())
        _ = first.run()
        first.model.forgetOrders()
        first.model.issuingPolls = 0
        var second = Attempt(
            first.model,
            IssuanceTests.plan(order: first.order, account: first.account),
            now: first.now + 300
        )
        #expect(second.run()?.isObtained == true)
        #expect(second.model.newOrders.count == 2)
    }

    @Test("an order of another account, of other names, expired, or from before the certificate is not gone on with")
    func useless() {
        let account = AccountRecord(url: "https://ca.example/acct/1", registeredAt: 0)
        let good = OrderRecord(
            url: "https://ca.example/order/0",
            identifiers: [IssuanceTests.name],
            account: account.url,
            proof: .tls,
            createdAt: 1_799_990_000
        )
        var foreign = good
        foreign.account = "https://ca.example/acct/2"
        var other = good
        other.identifiers = [.name("other.site.com")]
        var expired = good
        expired.expires = 1_799_999_999
        for order in [foreign, other, expired, good] {
            var model = ModelAuthority()
            var first = Attempt(model, IssuanceTests.plan())
            _ = first.run()
            model = first.model
            var plan = IssuanceTests.plan(order: order, account: account)
            if order == good { plan.certificateIssuedAt = good.createdAt }
            var attempt = Attempt(model, plan)
            guard case .obtained = attempt.run() else {
                Issue.record("no certificate")
                continue
            }
            #expect(attempt.model.count("/order/0") == first.model.count("/order/0"))
        }
    }

    @Test("what fails on the way keeps the order; with the network back, it is gone on with", arguments: 3...14)
    func network(requests: Int) {
        var first = Attempt(ModelAuthority(), IssuanceTests.plan())
        first.answersAfter = requests
        guard let problem = IssuanceTests.problem(first.run()) else { return }
        #expect(problem.consequence == .unreached)
        var second = Attempt(
            first.model,
            IssuanceTests.plan(order: first.order, account: first.account),
            now: first.now + 60
        )
        #expect(second.run()?.isObtained == true)
        #expect(second.model.newOrders.count == 1)
    }

    @Test(
        "an order outlives any answer that says nothing of it",
        arguments: [(400, "badNonce"), (429, "rateLimited"), (500, "serverInternal")]
    )
    func transient(status: Int, type: String) {
        for requests in 3...14 {
            var model = ModelAuthority()
            model.intercept = { _, model in
                model.requests.count < requests ? nil : ModelAuthority.problem(status, type, "not now")
            }
            var first = Attempt(model, IssuanceTests.plan())
            guard IssuanceTests.problem(first.run()) != nil else { continue }
            // And an attempt that cannot even read it.
            var second = Attempt(
                first.model,
                IssuanceTests.plan(order: first.order, account: first.account),
                now: first.now + 60
            )
            #expect(second.run()?.isObtained != true)
            second.model.intercept = nil
            var third = Attempt(
                second.model,
                IssuanceTests.plan(order: second.order, account: second.account),
                now: second.now + 60
            )
            let outcome = third.run()
            #expect(outcome?.isObtained == true, "from request \(requests) on: \(String(describing: outcome))")
            #expect(third.model.newOrders.count == 1, "from request \(requests) on")
        }
    }

    @Test("stopping keeps the order and hides nothing", arguments: 1...25)
    func stopping(step: Int) {
        var attempt = Attempt(ModelAuthority(), IssuanceTests.plan())
        guard attempt.run(steps: step) == nil else { return }
        var machine = IssuanceStateMachine(IssuanceTests.plan())
        _ = machine.handle(.start, now: 0)
        #expect(machine.handle(.stopping, now: 0) == [.finish(.stopped)])
    }

    @Test(
        "the authority says how long to wait, within limits",
        arguments: [("30", 30), ("0", 1), ("86400", 60), ("x", 2)]
    )
    func retryAfter(text: String, pause: Int64) {
        var model = ModelAuthority()
        model.retryAfter = text
        var attempt = Attempt(model, IssuanceTests.plan())
        _ = attempt.run()
        #expect(attempt.actions.last { if case .wait = $0 { true } else { false } } == .wait(pause))
    }

    @Test("a certificate that cannot be written is fetched again, not ordered again")
    func diskFull() {
        var first = Attempt(ModelAuthority(), IssuanceTests.plan())
        first.failures = ["install"]
        #expect(IssuanceTests.problem(first.run())?.consequence == .failed)
        var second = Attempt(
            first.model,
            IssuanceTests.plan(order: first.order, account: first.account),
            now: first.now + 60
        )
        #expect(second.run()?.isObtained == true)
        #expect(second.model.newOrders.count == 1)
    }
}
