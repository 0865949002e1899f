import ACME
import JSON
import Testing

@Suite("An attempt: what authorities refuse")
struct IssuanceProblemTests {
    private static func refusing(
        _ path: String,
        _ status: Int,
        _ type: String,
        times: Int = .max,
        retryAfter: Int64? = nil
    ) -> ModelAuthority {
        var model = ModelAuthority()
        model.intercept = { request, model in
            guard request.url.contains(path), model.count(path) <= times else { return nil }
            return ModelAuthority.problem(status, type, "the detail https://ca.example/unpause", retryAfter: retryAfter)
        }
        return model
    }

    @Test(
        "each problem of an order has its consequence",
        arguments: [
            ("rateLimited", 429, AttemptProblem.Consequence.limited(7000)), ("serverInternal", 503, .limited(7000)),
            ("userActionRequired", 403, .dormant), ("rejectedIdentifier", 400, .dormant),
            ("unsupportedIdentifier", 400, .dormant), ("invalidProfile", 400, .dormant), ("malformed", 400, .dormant),
            ("caa", 403, .caa), ("serverInternal", 500, .failed), ("unheardOf", 400, .failed),
            ("externalAccountRequired", 403, .dormant), ("invalidContact", 400, .dormant),
        ]
    )
    func order(type: String, status: Int, consequence: AttemptProblem.Consequence) {
        let wait: Int64? = if case .limited = consequence { 7000 } else { nil }
        var attempt = Attempt(Self.refusing("/new-order", status, type, retryAfter: wait), IssuanceTests.plan())
        let problem = IssuanceTests.problem(attempt.run())
        #expect(problem?.consequence == consequence)
        // Whole: it has dates, and pages to go to.
        #expect(problem?.words.contains("the detail https://ca.example/unpause") == true)
    }

    @Test(
        "the operator is told which key to change",
        arguments: [("invalidContact", "acme.email"), ("unsupportedContact", "acme.email")]
    )
    func keys(type: String, key: String) {
        var attempt = Attempt(Self.refusing("/account", 400, type), IssuanceTests.plan())
        let problem = IssuanceTests.problem(attempt.run())
        #expect(problem?.consequence == .dormant && problem?.words.contains(key) == true)
    }

    @Test("an address that is refused is told about profiles")
    func address() {
        let plan = IssuanceTests.plan([.address("192.0.2.1")])
        var attempt = Attempt(Self.refusing("/new-order", 400, "rejectedIdentifier"), plan)
        #expect(IssuanceTests.problem(attempt.run())?.words.contains("needs a profile for addresses") == true)
    }

    @Test(
        "each problem of a proof has its consequence",
        arguments: [
            ("connection", AttemptProblem.Consequence.validation), ("tls", .validation), ("dns", .validation),
            ("unauthorized", .validation), ("incorrectResponse", .validation), ("caa", .caa),
            ("rateLimited", .limited(3600)),
        ]
    )
    func proof(type: String, consequence: AttemptProblem.Consequence) {
        var model = ModelAuthority()
        model.proves = { _, _ in false }
        model.failure = type
        var attempt = Attempt(model, IssuanceTests.plan())
        #expect(IssuanceTests.problem(attempt.run())?.consequence == consequence)
    }

    @Test("a proof that cannot be shown is not told of; the next attempt shows another")
    func unproved() {
        var attempt = Attempt(ModelAuthority(), IssuanceTests.plan())
        attempt.failures = ["show"]
        #expect(IssuanceTests.problem(attempt.run())?.consequence == .unproved)
        #expect(attempt.model.count("/challenge") == 0)
        #expect(attempt.model.deactivated == 1)
    }

    @Test("an order that replaces is tried once more without, whatever the refusal", arguments: [409, 400, 404])
    func replaces(status: Int) {
        var model = ModelAuthority()
        model.hasRenewalInfo = true
        model.intercept = { request, _ in
            guard case .json(let bytes) = request.payload, (try? ModelAuthority.json(bytes))?["replaces"] != nil else {
                return nil
            }
            return ModelAuthority.problem(status, "alreadyReplaced", "no")
        }
        var plan = IssuanceTests.plan()
        plan.replaces = "aki.old"
        var attempt = Attempt(model, plan)
        #expect(attempt.run()?.isObtained == true)
        #expect(attempt.model.count("/new-order") == 2)
        #expect(attempt.notes.contains { if case .replacesRefused(certID: "aki.old", _) = $0 { true } else { false } })
    }

    @Test("an authority without renewal information is not told what is replaced")
    func replacesUnknown() {
        var plan = IssuanceTests.plan()
        plan.replaces = "aki.old"
        var attempt = Attempt(ModelAuthority(), plan)
        _ = attempt.run()
        #expect(attempt.model.newOrders.count == 1)
        #expect(attempt.model.newOrders.first?.payload["replaces"] == nil)
    }

    @Test("an account that is gone is registered again with the same key, once a day, and replaces nothing")
    func accountGone() {
        var model = ModelAuthority()
        model.hasRenewalInfo = true
        let account = AccountRecord(url: "https://ca.example/acct/gone", registeredAt: 1_799_999_999)
        var plan = IssuanceTests.plan(account: account)
        plan.replaces = "aki.old"
        var attempt = Attempt(model, plan)
        #expect(attempt.run()?.isObtained == true)
        #expect(attempt.account?.repairedAt == 1_800_000_000)
        #expect(attempt.model.newOrders.last?.payload["replaces"] == nil)

        plan.account?.repairedAt = 1_800_000_000 - 3600
        attempt = Attempt(model, plan)
        #expect(IssuanceTests.problem(attempt.run())?.type == "accountDoesNotExist")
        #expect(attempt.model.count("/account") == 0)
    }

    @Test("an order that is not ready is read again")
    func notReady() {
        var attempt = Attempt(Self.refusing("/finalize", 403, "orderNotReady", times: 2), IssuanceTests.plan())
        #expect(attempt.run()?.isObtained == true)
        #expect(attempt.model.count("/finalize") == 3)
        #expect(attempt.keys == 1)
    }

    @Test("a request or key that is not taken: a new key once, then it is over", arguments: ["badCSR", "badPublicKey"])
    func badKey(type: String) {
        var attempt = Attempt(Self.refusing("/finalize", 400, type, times: 1), IssuanceTests.plan())
        #expect(attempt.run()?.isObtained == true)
        #expect(attempt.keys == 2 && attempt.model.newOrders.count == 1)
        attempt = Attempt(Self.refusing("/finalize", 400, type), IssuanceTests.plan())
        #expect(IssuanceTests.problem(attempt.run())?.consequence == .dormant)
        #expect(attempt.keys == 2 && attempt.order == nil)
    }

    @Test("a certificate that is not to be used is not used, and its order is over")
    func refusedCertificate() {
        var attempt = Attempt(ModelAuthority(), IssuanceTests.plan())
        attempt.failures = ["refuse"]
        let problem = IssuanceTests.problem(attempt.run())
        #expect(problem?.consequence == .refused && problem?.words.contains("other names") == true)
        #expect(attempt.installed == nil && attempt.order == nil)
    }

    @Test("an order for other names, from an authority in disorder, is not gone on with")
    func otherNames() {
        var model = ModelAuthority()
        model.intercept = { request, _ in
            guard request.url.hasSuffix("/new-order") else { return nil }
            return ModelAuthority.answer(
                201,
                [
                    "status": "ready", "identifiers": .identifiersForTests([.name("evil.example")]),
                    "authorizations": [],
                    "finalize": "https://ca.example/finalize/0",
                ],
                location: "https://ca.example/order/0"
            )
        }
        var attempt = Attempt(model, IssuanceTests.plan())
        #expect(IssuanceTests.problem(attempt.run())?.words.contains("other names") == true)
    }

    @Test("a proof of a name that was not ordered is not given")
    func foreignAuthorization() {
        var model = ModelAuthority()
        model.intercept = { request, _ in
            guard request.url.contains("/authz/") else { return nil }
            return ModelAuthority.answer(
                200,
                ["status": "pending", "identifier": ["type": "dns", "value": "evil.example"], "challenges": []]
            )
        }
        var attempt = Attempt(model, IssuanceTests.plan())
        #expect(IssuanceTests.problem(attempt.run())?.words.contains("was not ordered") == true)
        #expect(attempt.shown.isEmpty)
    }

    @Test(
        "answers that are not what they have to be end the attempt, not the program",
        arguments: ["/directory", "/account", "/new-order", "/authz", "/finalize", "/order", "/certificate"],
        [
            "", "{", "null", "[]", "{\"status\":1}",
            "{\"status\":\"valid\",\"identifiers\":{},\"finalize\":\"http://x\"}", "\u{0}",
        ]
    )
    func garbage(path: String, body: String) {
        var model = ModelAuthority()
        model.intercept = { request, _ in
            request.url.contains(path) ? AuthorityResponse(status: 200, body: Array(body.utf8)) : nil
        }
        var attempt = Attempt(model, IssuanceTests.plan())
        #expect(attempt.run(steps: 500) != nil)
        #expect(attempt.installed == nil)
    }
}
