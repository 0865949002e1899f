import ACME
import Testing

@Suite("An attempt to get a certificate")
struct IssuanceTests {
    static let name = Identifier.name("my.site.com")

    static func plan(
        _ identifiers: [Identifier] = [name],
        kinds: [ProofKind] = [.tls, .http],
        order: OrderRecord? = nil,
        account: AccountRecord? = nil
    ) -> IssuancePlan {
        IssuancePlan(
            authority: ModelAuthority.settings,
            identifiers: identifiers,
            proofKinds: kinds,
            account: account,
            thumbprint: "thumbprint",
            order: order
        )
    }

    static func problem(_ outcome: AttemptOutcome?) -> AttemptProblem? {
        if case .failed(let problem) = outcome { problem } else { nil }
    }

    @Test("a certificate comes, and nothing is left of the order")
    func whole() {
        var attempt = Attempt(ModelAuthority(), Self.plan())
        #expect(attempt.run()?.isObtained == true)
        #expect(attempt.installed?.identifiers == [Self.name])
        #expect(attempt.order == nil)
        #expect(attempt.shown.isEmpty)
        #expect(attempt.account?.url == "https://ca.example/acct/1")
        #expect(attempt.model.newOrders.count == 1)
        #expect(attempt.notes.contains(.terms("https://ca.example/terms")))
    }

    @Test("the store is written to before anything is ordered", arguments: ["makeKey", "keepAccount"])
    func storeFirst(step: String) {
        var attempt = Attempt(ModelAuthority(), Self.plan())
        attempt.failures = [step]
        #expect(Self.problem(attempt.run())?.consequence == .failed)
        #expect(attempt.model.newOrders.isEmpty)
    }

    @Test(
        "what cannot be known as kept is kept in order: the order before its proofs, the proofs before the authority is told"
    )
    func sequence() throws {
        var attempt = Attempt(ModelAuthority(), Self.plan())
        _ = attempt.run()
        func place(_ matches: (IssuanceAction) -> Bool) throws -> Int {
            let index = attempt.actions.firstIndex(where: matches)
            return try #require(index)
        }
        let kept = try place { if case .keepOrder = $0 { true } else { false } }
        let shown = try place { if case .show = $0 { true } else { false } }
        let told = try place {
            if case .send(let request) = $0 { request.url.contains("/challenge/") } else { false }
        }
        let hidden = try place { if case .hide = $0 { true } else { false } }
        let validated = try place { if case .note(.validated) = $0 { true } else { false } }
        #expect(kept < shown && shown < told && told < validated && validated < hidden)
    }

    @Test("authorizations that are valid already are skipped, and an order that is ready is finalized at once")
    func reused() {
        var model = ModelAuthority()
        model.reusesAuthorizations = true
        var first = Attempt(model, Self.plan())
        _ = first.run()
        var second = Attempt(first.model, Self.plan(account: first.account))
        #expect(second.run()?.isObtained == true)
        #expect(!second.actions.contains { if case .show = $0 { true } else { false } })
        #expect(second.model.count("/challenge") == 1)
    }

    @Test("of two names, one is valid already: only the other is proved")
    func partlyReused() {
        let other = Identifier.name("other.site.com")
        var model = ModelAuthority()
        model.reusesAuthorizations = true
        var first = Attempt(model, Self.plan())
        _ = first.run()
        var second = Attempt(first.model, Self.plan([Self.name, other], account: first.account))
        #expect(second.run()?.isObtained == true)
        let shown = second.notes.compactMap { if case .shown(let proof) = $0 { proof.identifier } else { nil } }
        #expect(shown == [other])
    }

    @Test("an order may come as valid, with its certificate")
    func alreadyValid() {
        var model = ModelAuthority()
        model.reusesAuthorizations = true
        model.issuingPolls = 0
        var first = Attempt(model, Self.plan())
        _ = first.run()
        first.model.intercept = { request, model in
            guard request.url.hasSuffix("/new-order") else { return nil }
            return ModelAuthority.answer(
                201,
                [
                    "status": "valid", "identifiers": .identifiersForTests([Self.name]), "authorizations": [],
                    "finalize": "https://ca.example/finalize/0", "certificate": "https://ca.example/certificate/0",
                ],
                location: "https://ca.example/order/0"
            )
        }
        var second = Attempt(first.model, Self.plan(account: first.account))
        #expect(second.run()?.isObtained == true)
        #expect(second.model.count("/finalize") == 1)
    }

    @Test("an order without authorizations that waits for some is a failure, not a crash")
    func emptyAuthorizations() {
        var model = ModelAuthority()
        model.intercept = { request, _ in
            guard request.url.hasSuffix("/new-order") else { return nil }
            return ModelAuthority.answer(
                201,
                [
                    "status": "pending", "identifiers": .identifiersForTests([Self.name]), "authorizations": [],
                    "finalize": "https://ca.example/finalize/0",
                ],
                location: "https://ca.example/order/0"
            )
        }
        var attempt = Attempt(model, Self.plan())
        #expect(Self.problem(attempt.run())?.words.contains("does not say which") == true)
    }

    @Test("one kind of proof in an attempt, the next one in the next")
    func alternates() {
        for (turn, kind) in [(0, ProofKind.tls), (1, .http), (2, .tls), (7, .http)] {
            var plan = Self.plan([Self.name, .name("other.site.com")])
            plan.proofTurn = turn
            var attempt = Attempt(ModelAuthority(), plan)
            _ = attempt.run()
            let kinds = attempt.notes.compactMap { if case .shown(let proof) = $0 { proof.kind } else { nil } }
            #expect(kinds == [kind, kind])
        }
    }

    @Test("a wildcard is proved by DNS, an address never; what cannot be proved is said")
    func kindsOfIdentifiers() {
        let all: [ProofKind] = [.dns, .tls, .http]
        #expect(Self.plan(kinds: all).kinds(for: .name("*.site.com")) == [.dns])
        #expect(Self.plan(kinds: all).kinds(for: .address("192.0.2.1")) == [.tls, .http])
        var attempt = Attempt(ModelAuthority(), Self.plan([.name("*.site.com")], kinds: all))
        #expect(attempt.run()?.isObtained == true)
        let proofs = attempt.notes.compactMap { if case .shown(let proof) = $0 { proof } else { nil } }
        #expect(proofs.map(\.identifier) == [.name("site.com")] && proofs.map(\.kind) == [.dns])

        var model = ModelAuthority()
        model.offers = ["dns-persist-01", "dns-01"]
        var hopeless = Attempt(model, Self.plan())
        let problem = Self.problem(hopeless.run())
        #expect(problem?.consequence == .dormant)
        #expect(problem?.words.contains("offers dns-01, and here there is tls-alpn-01, http-01") == true)
        #expect(hopeless.model.deactivated == 0 && hopeless.order == nil)
    }

    @Test("a failed order leaves no pending authorization and no proof")
    func cleansUp() {
        var model = ModelAuthority()
        model.proves = { identifier, _ in identifier != Self.name }
        model.validationPolls = 0
        let others: [Identifier] = [.name("b.site.com"), .name("c.site.com")]
        var attempt = Attempt(model, Self.plan([Self.name] + others))
        let problem = Self.problem(attempt.run())
        #expect(problem?.consequence == .validation)
        #expect(problem?.words.contains("my.site.com was not validated by tls-alpn-01: connection: 192.0.2.1") == true)
        #expect(attempt.shown.isEmpty && attempt.order == nil)
        #expect(attempt.model.deactivated == 2)
    }

    @Test("addresses get the profile that is for them where there is one; a profile of the settings has to be there")
    func profiles() {
        let address = Identifier.address("192.0.2.1")
        for (profiles, rule, identifier, expected) in [
            (["classic", "shortlived"], ProfileRule.automatic, address, "shortlived" as String?),
            (["classic", "shortlived"], .automatic, Self.name, nil), ([], .automatic, address, nil),
            (["classic"], .named("classic"), Self.name, "classic"),
        ] {
            var model = ModelAuthority()
            model.profiles = profiles
            var plan = Self.plan([identifier])
            plan.profile = rule
            var attempt = Attempt(model, plan)
            _ = attempt.run()
            #expect(attempt.model.newOrders.first?.payload["profile"]?.string == expected)
        }
        var plan = Self.plan()
        plan.profile = .named("tlsserver")
        var attempt = Attempt(ModelAuthority(), plan)
        #expect(Self.problem(attempt.run())?.consequence == .dormant)
        #expect(attempt.model.newOrders.isEmpty)
    }

    @Test("an account that the authority binds to another one needs the settings for it")
    func externalAccount() {
        var model = ModelAuthority()
        model.needsExternalAccount = true
        var attempt = Attempt(model, Self.plan())
        let problem = Self.problem(attempt.run())
        #expect(problem?.consequence == .dormant && problem?.words.contains("acme.externalAccount") == true)
        #expect(attempt.model.count("/account") == 0)
        var plan = Self.plan()
        plan.authority.externalAccount = ExternalAccountSettings(id: "id", key: [1])
        attempt = Attempt(model, plan)
        #expect(attempt.run()?.isObtained == true)
    }
}
