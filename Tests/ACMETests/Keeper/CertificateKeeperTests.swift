import Testing

@testable import ACME

@Suite("The keeper of certificates")
struct CertificateKeeperTests {
    static let day: Int64 = 86_400

    @Test("from nothing to a certificate, with nothing left over")
    func first() async {
        let world = ModelWorld()
        let keeper = await world.run(for: 300)
        #expect(world.obtained == 1)
        let files = world.with { $0.files }
        #expect(files.orders.isEmpty && files.keys.isEmpty && files.locked.isEmpty)
        #expect(world.with { $0.shown.isEmpty })
        let status = await keeper.status
        #expect(status.map(\.state) == [.valid])
        #expect(status.first?.place?.folder == "ca.example-directory/my.site.com")
    }

    @Test("a process that is killed at any exchange, again and again: one order, one certificate")
    func kills() async {
        for kill in 1...30 {
            let world = ModelWorld()
            world.with { $0.killAt = kill }
            await world.run(for: 120)
            world.with { $0.killAt = nil }
            await world.run(for: 300)
            #expect(world.with { $0.files.certificates.count } == 1, "killed at exchange \(kill)")
            #expect(world.model.newOrders.count == 1, "killed at exchange \(kill)")
            #expect(world.model.issued.count == 1, "killed at exchange \(kill)")
        }
    }

    @Test(
        "a process that is started anew every few seconds, while nothing can be proved, asks for no more than one that runs"
    )
    func restarts() async {
        let world = ModelWorld()
        world.with { $0.authorities[0].proves = { _, _ in false } }
        for _ in 0..<360 { await world.run(for: 10, tick: 1...2) }
        #expect((2...3).contains(world.model.failedValidations.count))
        #expect(world.model.limits.hits.isEmpty)
    }

    @Test(
        "what can never be proved: three attempts in an hour and five in a day at most, by two kinds of proof, and it says that nobody asked"
    )
    func neverProved() async {
        let world = ModelWorld()
        world.with { $0.authorities[0].proves = { _, _ in false } }
        await world.run(for: 10 * Self.day, tick: 50...70)
        let failed = world.model.failedValidations
        #expect(failed.count >= 12)
        for start in failed {
            #expect(failed.count { $0 >= start && $0 < start + 3600 } <= 3)
            #expect(failed.count { $0 >= start && $0 < start + Self.day } <= 5)
        }
        #expect(world.model.limits.hits.isEmpty)
        #expect(
            Set(
                world.model.requests.compactMap {
                    $0.url.hasSuffix("tls-alpn-01") ? 1 : $0.url.hasSuffix("http-01") ? 2 : nil
                }
            ) == [1, 2]
        )
        #expect(world.problems.first?.words.contains("nobody asked for the proof") == true)
        #expect(world.with { $0.shown.isEmpty })
        #expect(world.model.deactivated == 0)
    }

    @Test("a full disk orders nothing, and all is well when there is space again")
    func diskFull() async {
        let world = ModelWorld()
        world.with { $0.files.isFull = true }
        await world.run(for: Self.day, tick: 100...200)
        #expect(world.model.newOrders.isEmpty && world.model.count("/account") == 0)
        #expect(world.problems.count <= 6)
        world.with { $0.files.isFull = false }
        await world.run(for: Self.day)
        #expect(world.obtained == 1)
    }

    @Test("a full disk while it runs does not forget how long to wait")
    func diskFullLater() async {
        let world = ModelWorld()
        world.with { $0.authorities[0].proves = { _, _ in false } }
        await world.run(for: 2 * Self.day, tick: 100...200) { _ in
            [(30, { world.with { $0.files.isFull = true } })]
        }
        #expect(world.model.newOrders.count <= 2)
        #expect(world.with { $0.events.count } < 200)
    }

    @Test("an account key that cannot be read is not replaced, and nothing is ordered")
    func unreadableKey() async {
        let world = ModelWorld()
        await world.run(for: 300)
        world.with {
            $0.files.isUnreadable = true
            $0.files.certificates = [:]
        }
        let account = world.with { $0.files.accounts }
        await world.run(for: 2 * Self.day, tick: 100...200)
        #expect(world.model.newOrders.count == 1)
        #expect(world.with { $0.files.accounts } == account)
        #expect(world.problems.last?.words.contains("account.pem") == true)
    }

    @Test("another process that works for the authority is waited for, and what it obtained is taken")
    func busy() async {
        let world = ModelWorld()
        await world.run(for: 600) { _ in
            [
                (1, { _ = world.with { $0.files.locked.insert(ModelAuthority.settings.directory) } })
            ]
        }
        #expect(world.obtained == 1)
        // Held from the start.
        let second = ModelWorld()
        let keeper = await second.run(for: 3600) { _ in
            second.with { _ = $0.files.locked.insert(ModelAuthority.settings.directory) }
            return [
                (
                    1800,
                    {
                        second.with {
                            $0.files.certificates["ca.example-directory/my.site.com"] =
                                RenewalStateMachineTests.record(at: $0.now)
                            $0.files.locked = []
                        }
                    }
                )
            ]
        }
        #expect(second.model.newOrders.isEmpty)
        #expect(await keeper.status.first?.state == .valid)
        #expect(second.with { $0.events.count { if case .busy = $0 { true } else { false } } } == 1)
    }

    @Test("the operator's demand does not wait for the backoff")
    func demanded() async {
        let world = ModelWorld()
        world.with {
            $0.authorities[0].failure = "caa"; $0.authorities[0].proves = { _, _ in false }
        }
        await world.run(for: 3600) { keeper in
            [
                (
                    1800,
                    {
                        world.with { $0.authorities[0].proves = { _, _ in true } }
                        await keeper.demand()
                    }
                )
            ]
        }
        #expect(world.obtained == 1)
    }

    @Test(
        "other settings: names come and go, an attempt under way begins anew, failures with the old ones are forgotten"
    )
    func settings() async {
        let world = ModelWorld()
        world.with { $0.authorities[0].validationPolls = 1000 }
        let other = world.settings([[.name("a.site.com")], [.name("b.site.com")]])
        let keeper = await world.run(for: 3600) { keeper in
            [
                (
                    20,
                    {
                        world.with { $0.authorities[0].validationPolls = 0 }
                        await keeper.apply(other)
                    }
                )
            ]
        }
        #expect(await keeper.status.map(\.state) == [.valid, .valid])
        #expect(
            world.with { Set($0.files.certificates.keys) } == [
                "ca.example-directory/a.site.com", "ca.example-directory/b.site.com",
            ]
        )
        #expect(world.with { $0.shown.isEmpty })

        let third = ModelWorld()
        third.with { $0.authorities[0].profiles = ["classic"] }
        var wrong = third.settings()
        wrong.profile = .named("unheard-of")
        await third.run(for: 600, wrong)
        #expect(third.problems.first?.consequence == .dormant)
        await third.run(for: 60)
        #expect(third.obtained == 1)
    }

    @Test("the account that the authority has lost is made again, and the certificate comes")
    func lostAccount() async {
        let world = ModelWorld()
        await world.run(for: 300)
        world.with {
            $0.authorities[0].forgetAccounts()
            $0.files.certificates = [:]
            $0.files.attempts = [:]
        }
        await world.run(for: 300)
        #expect(world.obtained == 2)
    }

    @Test("an authority that is down is followed by the second, and comes first again at the renewal")
    func secondAuthority() async {
        let world = ModelWorld()
        world.with { state in
            var other = ModelAuthority()
            other.host = "https://other.example"
            state.authorities[0].intercept = { _, _ in AuthorityResponse(status: 500) }
            state.authorities.append(other)
        }
        await world.run(for: 3600)
        #expect(world.with { $0.authorities[1].issued.count } == 1)
        world.with { $0.authorities[0].intercept = nil }
        await world.run(for: 80 * Self.day, tick: 1800...3600)
        #expect(world.model.issued.count == 1)
        #expect(world.model.newOrders.allSatisfy { $0.payload["replaces"] == nil })
        #expect(world.with { $0.authorities[1].issued.count } == 1)
        #expect(world.with { $0.files.accounts.count } == 2)
    }

    @Test("clocks that differ are told of")
    func clocks() async {
        let world = ModelWorld()
        world.with { $0.date = $0.now - 7200 }
        await world.run(for: 300)
        #expect(world.with { $0.events.contains { if case .clocksDiffer = $0 { true } else { false } } })
        let right = ModelWorld()
        right.with { $0.date = $0.now + 100 }
        await right.run(for: 300)
        #expect(!right.with { $0.events.contains { if case .clocksDiffer = $0 { true } else { false } } })
    }

    @Test("no event has a key authorization or a key")
    func secrets() async {
        let world = ModelWorld()
        world.with { $0.authorities[0].proves = { _, kind in kind == .http } }
        await world.run(for: 600)
        let text = world.with { $0.events.map { "\($0)" }.joined() }
        #expect(!text.contains("token-0.") && !text.contains("PRIVATE KEY"))
    }
}
