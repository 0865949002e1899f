import Testing

@testable import ACME

@Suite("Years of certificates, within the limits of Let's Encrypt")
struct VirtualYearsTests {
    private static let day: Int64 = 86_400

    struct Kind: CustomStringConvertible, Sendable {
        let description: String
        let lifetime: Int64
        let hasRenewalInfo: Bool
    }

    static let kinds = [
        Kind(description: "6 days, with renewal information", lifetime: 160 * 3600, hasRenewalInfo: true),
        Kind(description: "6 days", lifetime: 160 * 3600, hasRenewalInfo: false),
        Kind(description: "45 days, with renewal information", lifetime: 45 * day, hasRenewalInfo: true),
        Kind(description: "45 days", lifetime: 45 * day, hasRenewalInfo: false),
        Kind(description: "90 days, with renewal information", lifetime: 90 * day, hasRenewalInfo: true),
        Kind(description: "90 days", lifetime: 90 * day, hasRenewalInfo: false),
    ]

    private static func world(_ kind: Kind) -> ModelWorld {
        let world = ModelWorld()
        world.with {
            $0.authorities[0].lifetime = kind.lifetime
            $0.authorities[0].hasRenewalInfo = kind.hasRenewalInfo
            $0.authorities[0].window = kind.lifetime < 10 * day ? 0.49...0.51 : 0.66...0.68
        }
        return world
    }

    @Test("there is always a certificate, and never one more than is needed", arguments: kinds)
    func years(kind: Kind) async {
        let world = Self.world(kind)
        let years: Int64 = kind.lifetime < 10 * Self.day ? 1 : 2
        // A restart each month or so.
        for _ in 0..<years * 12 { await world.run(for: 30 * Self.day, tick: 1800...3600) }
        let issued = world.model.issued
        for (earlier, later) in zip(issued, issued.dropFirst()) {
            #expect(later.at < earlier.notAfter)
            let fraction = Double(later.at - earlier.notBefore) / Double(kind.lifetime)
            #expect((0.45...0.70).contains(fraction), "renewed at \(fraction)")
        }
        let last = issued.last?.notAfter ?? 0
        #expect(last > world.with { $0.now })
        #expect(world.model.limits.hits.isEmpty)
        #expect(world.problems.isEmpty)
        if kind.hasRenewalInfo {
            // As often as it says: every six hours, and at once for a new certificate.
            let asked = world.model.renewalQuestions.count
            #expect(asked <= Int(years * 360 * 4) + issued.count + Int(years * 12))
            #expect(world.model.newOrders.dropFirst().allSatisfy { $0.payload["replaces"] != nil })
        }
    }

    @Test("with an authority that often fails, there is a certificate all the same", arguments: kinds)
    func troubled(kind: Kind) async {
        let world = Self.world(kind)
        // One request in eight is answered by a proxy that is ill, and every other day nothing can be proved.
        world.with {
            $0.authorities[0].intercept = { _, model in
                model.requests.count.isMultiple(of: 8) ? AuthorityResponse(status: 502) : nil
            }
        }
        let days = kind.lifetime < 10 * Self.day ? 120 : 360
        for day in 0..<days {
            let isGood = !day.isMultiple(of: 2)
            world.with { $0.authorities[0].proves = { _, _ in isGood } }
            await world.run(for: Self.day, tick: 600...1200)
        }
        let issued = world.model.issued
        for (earlier, later) in zip(issued, issued.dropFirst()) { #expect(later.at < earlier.notAfter) }
        #expect(issued.count > 1)
        #expect(world.model.limits.hits.isEmpty)
        let failed = world.model.failedValidations
        for start in failed {
            #expect(failed.count { $0 >= start && $0 < start + 3600 } <= 3)
            #expect(failed.count { $0 >= start && $0 < start + Self.day } <= 5)
        }
    }

    @Test("a revocation of all certificates is followed within a day", arguments: kinds.filter(\.hasRenewalInfo))
    func revocation(kind: Kind) async {
        let world = Self.world(kind)
        await world.run(for: Self.day, tick: 300...600)
        world.with { $0.authorities[0].window = -0.2 ... -0.1 }
        await world.run(for: Self.day, tick: 300...600)
        #expect((2...3).contains(world.model.issued.count))
        // It stays in the past: the brake holds.
        await world.run(for: 30 * Self.day, tick: 900...1800)
        #expect(world.model.issued.count <= 2 + 4 * 5)
        #expect(world.model.limits.hits.isEmpty)
    }

    @Test("an outage of weeks, until the certificate has ended: it comes when the authority does")
    func outage() async {
        let world = Self.world(Self.kinds[5])
        await world.run(for: Self.day, tick: 300...600)
        world.with { $0.isReachable = false }
        await world.run(for: 100 * Self.day, tick: 1800...3600)
        world.with { $0.isReachable = true }
        await world.run(for: Self.day / 4, tick: 25...35)
        #expect(world.model.issued.count == 2)
    }

    @Test("many names at once, of which some can never be proved, hold up nobody")
    func many() async {
        let world = ModelWorld()
        let names = (0..<30).map { [Identifier.name("n\($0).site.com")] }
        world.with {
            $0.authorities[0].proves = { identifier, _ in !identifier.value.contains("7") }
            $0.authorities[0].validationPolls = 3
        }
        let keeper = await world.run(for: 3600, world.settings(names))
        let states = await keeper.status.map(\.state)
        #expect(states.count { $0 == .valid } == 27)
        #expect(states.count { $0 == .waiting } == 3)
        #expect(world.model.limits.hits.isEmpty)
    }
}
