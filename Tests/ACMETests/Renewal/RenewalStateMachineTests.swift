import ACME
import SeededRandom
import Testing

@Suite("The life of a certificate")
struct RenewalStateMachineTests {
    static let name = Identifier.name("my.site.com")
    static let first = ModelAuthority.settings
    static let second = AuthoritySettings(directory: "https://other.example/directory", name: "other")
    static let start: Int64 = 1_800_000_000

    /// A machine with its numbers and its time.
    struct Life {
        var machine: RenewalStateMachine
        var numbers = SeededGenerator(seed: 7)
        var now = RenewalStateMachineTests.start

        init(_ authorities: [AuthoritySettings] = [RenewalStateMachineTests.first]) {
            machine = RenewalStateMachine(identifiers: [RenewalStateMachineTests.name], authorities: authorities)
        }

        mutating func handle(_ event: RenewalStateMachine.Event) -> [RenewalStateMachine.Action] {
            machine.handle(event, now: now, using: &numbers)
        }

        /// A restart with other settings.
        mutating func reconfigure(_ fingerprint: String) {
            let histories = machine.histories
            machine = RenewalStateMachine(
                identifiers: machine.identifiers,
                authorities: machine.authorities,
                fingerprint: fingerprint
            )
            _ = handle(.loaded(nil, histories: histories))
        }

        /// What is ordered at a tick.
        mutating func tick(after seconds: Int64 = 0) -> RenewalStateMachine.OrderIntent? {
            now += seconds
            return handle(.tick).lazy.compactMap { if case .order(let intent) = $0 { intent } else { nil } }.first
        }

        mutating func fail(_ consequence: AttemptProblem.Consequence) -> [RenewalStateMachine.Action] {
            handle(.ended(.failed(AttemptProblem(consequence, "words"))))
        }

        /// Ticks until something is ordered; how long that took.
        mutating func untilOrder(limit: Int64 = 40 * 86_400) -> (
            seconds: Int64, intent: RenewalStateMachine.OrderIntent?
        ) {
            var seconds: Int64 = 0
            while seconds < limit {
                if let intent = tick() { return (seconds, intent) }
                seconds += 30
                now += 30
            }
            return (seconds, nil)
        }
    }

    static func record(at now: Int64, days: Int64 = 90, serial: String = "s1", authority: AuthoritySettings = first)
        -> CertificateRecord
    {
        CertificateRecord(
            identifiers: [name],
            authority: authority.directory,
            account: "https://ca.example/acct/1",
            certificate: IssuedCertificate(
                serial: serial,
                certID: "aki.\(serial)",
                notBefore: now - 3600,
                notAfter: now - 3600 + days * 86_400
            ),
            issuedAt: now
        )
    }

    @Test("without a certificate it orders at once, and only once at a time")
    func absent() {
        var life = Life()
        #expect(life.tick()?.authority == 0)
        #expect(life.tick(after: 3600) == nil)
    }

    @Test("1, 10 and 100 minutes, then a day: counted, kept, and the same after a restart")
    func backoff() {
        var life = Life()
        var kept: AttemptHistory?
        for minutes: Int64 in [0, 1, 10, 100, 1440, 1440] {
            // A restart in between.
            var restarted = Life()
            restarted.now = life.now
            _ = restarted.handle(.loaded(nil, histories: [kept]))
            life = restarted
            let (seconds, intent) = life.untilOrder()
            #expect(intent != nil)
            #expect((minutes * 54 - 1...minutes * 66 + 60).contains(seconds), "\(seconds) s instead of \(minutes) min")
            for case .keepHistory(let history, _) in life.fail(.failed) { kept = history }
        }
        #expect(kept?.failures == 6)
    }

    @Test("a process that dies in each attempt does not order in a loop")
    func crashLoop() {
        var kept: AttemptHistory?
        var orders = 0
        for second in 0..<600 {
            var life = Life()
            life.now = Self.start + Int64(second)
            _ = life.handle(.loaded(nil, histories: [kept]))
            for action in life.handle(.tick) {
                if case .keepHistory(let history, _) = action { kept = history }
                if case .order = action { orders += 1 }
            }
        }
        #expect(orders == 10)
    }

    @Test("the next attempt shows another proof after a validation, and only then")
    func alternates() {
        var life = Life()
        #expect(life.tick()?.proofTurn == 0)
        _ = life.fail(.validation)
        #expect(life.untilOrder().intent?.proofTurn == 1)
        _ = life.fail(.failed)
        #expect(life.untilOrder().intent?.proofTurn == 1)
        _ = life.fail(.unproved)
        #expect(life.untilOrder().intent?.proofTurn == 2)
    }

    @Test("a limit is waited for as the authority says, seven days at most, and is no failure")
    func limited() {
        for (seconds, expected) in [(7200, 7200), (5, 60), (100 * 86_400, 7 * 86_400)] as [(Int64, Int64)] {
            var life = Life()
            _ = life.tick()
            _ = life.fail(.limited(seconds))
            #expect(life.machine.status(now: life.now).failures == 0)
            let waited = life.untilOrder().seconds
            #expect((expected...expected + 90).contains(waited))
        }
    }

    @Test("CAA: a day. Dormant: a day, or until the operator says so")
    func days() {
        for consequence in [AttemptProblem.Consequence.caa, .dormant] {
            var life = Life()
            _ = life.tick()
            _ = life.fail(consequence)
            #expect(life.machine.status(now: life.now).state == (consequence == .dormant ? .dormant : .waiting))
            #expect((86_400...86_460).contains(life.untilOrder().seconds))
            _ = life.fail(consequence)
            _ = life.handle(.demanded(force: false))
            #expect(life.tick(after: 1) != nil)
        }
    }

    @Test("what the operator demands is done, but not within 12 minutes of a failed validation")
    func demanded() {
        var life = Life()
        _ = life.tick()
        _ = life.fail(.validation)
        _ = life.untilOrder()
        _ = life.fail(.validation)
        _ = life.handle(.demanded(force: false))
        #expect((720...750).contains(life.untilOrder().seconds))
        // A limit of the authority's is kept.
        _ = life.fail(.limited(3600))
        _ = life.handle(.demanded(force: false))
        #expect(life.untilOrder().seconds >= 3600)
    }

    @Test("other settings forget failures, not limits")
    func configured() {
        var life = Life()
        _ = life.tick()
        _ = life.fail(.dormant)
        life.reconfigure("b")
        #expect(life.tick(after: 1) != nil)
        for _ in 0..<6 {
            _ = life.fail(.validation)
            _ = life.untilOrder()
        }
        _ = life.fail(.validation)
        life.reconfigure("c")
        #expect((720...750).contains(life.untilOrder().seconds))
        _ = life.fail(.limited(3600))
        life.reconfigure("d")
        #expect(life.untilOrder().seconds >= 3600)
        // A restart with the same settings changes nothing.
        _ = life.fail(.dormant)
        life.reconfigure("d")
        #expect(life.untilOrder().seconds >= 86_400)
    }

    @Test("a certificate of other names counts as none")
    func otherNames() {
        var life = Life()
        var record = Self.record(at: life.now)
        record.identifiers.append(.name("other.site.com"))
        _ = life.handle(.loaded(record, histories: []))
        #expect(life.tick()?.replaces == "aki.s1")
        record.identifiers = [.name("other.site.com")]
        life = Life()
        _ = life.handle(.loaded(record, histories: []))
        #expect(life.tick()?.replaces == .some(nil))
    }

    @Test("renewal: at two thirds, with what is replaced, if it is the same authority's and was not refused")
    func renewal() {
        var life = Life([Self.first, Self.second])
        var record = Self.record(at: life.now)
        record.askAt = Int64.max / 4
        record.certificate.certID = nil
        _ = life.handle(.loaded(record, histories: []))
        let (seconds, intent) = life.untilOrder(limit: 80 * 86_400)
        #expect((57...63).contains(seconds / 86_400))
        #expect(intent?.replaces == .some(nil))

        record.certificate.certID = "aki.s1"
        for (refused, authority, expected) in [
            (false, Self.first, "aki.s1" as String?), (true, Self.first, nil), (false, Self.second, nil),
        ] {
            var life = Life([Self.first, Self.second])
            record.replacesRefused = refused
            record.authority = authority.directory
            _ = life.handle(.loaded(record, histories: []))
            #expect(life.tick(after: 80 * 86_400)?.replaces == expected)
        }
    }

    @Test("the authority is asked about renewal as often as it says, and not after the end")
    func asking() throws {
        var life = Life()
        let record = Self.record(at: life.now)
        _ = life.handle(.loaded(record, histories: []))
        #expect(life.handle(.tick) == [.askRenewalInfo(authority: 0, certID: "aki.s1")])
        // One question at a time.
        #expect(life.handle(.tick).isEmpty)
        let window = try #require(RenewalWindow(start: life.now + 1000, end: life.now + 2000, explanation: nil))
        _ = life.handle(.renewalInfo(certID: "aki.s1", .window(window, retryAfter: 7200)))
        life.now += 900
        #expect(life.handle(.tick).isEmpty)
        // In the window, but no sooner than the brake allows: it has just come.
        let waited = life.untilOrder().seconds + 900
        #expect((43_200...43_260).contains(waited))

        life = Life()
        life.now += 91 * 86_400
        _ = life.handle(.loaded(record, histories: []))
        #expect(!life.handle(.tick).contains { if case .askRenewalInfo = $0 { true } else { false } })
    }

    @Test("a window of another certificate is not taken")
    func staleWindow() throws {
        var life = Life()
        _ = life.handle(.loaded(Self.record(at: life.now, serial: "s2"), histories: []))
        let window = try #require(RenewalWindow(start: 0, end: 1, explanation: nil))
        #expect(life.handle(.renewalInfo(certID: "aki.s1", .window(window, retryAfter: nil))).isEmpty)
        #expect(life.machine.record?.renewal == nil)
    }

    @Test("an authority whose window is always past gets four orders a week, twelve hours apart")
    func alwaysPast() throws {
        var life = Life()
        var orders: [Int64] = []
        let end = life.now + 7 * 86_400
        while life.now < end {
            for action in life.handle(.tick) {
                switch action {
                case .order:
                    orders.append(life.now)
                    _ = life.handle(.ended(.obtained(Self.record(at: life.now, serial: "s\(orders.count)"))))
                case .askRenewalInfo(_, let certID):
                    let window = try #require(RenewalWindow(start: 0, end: 1, explanation: nil))
                    _ = life.handle(.renewalInfo(certID: certID, .window(window, retryAfter: nil)))
                default: break
                }
            }
            life.now += 30
        }
        #expect(orders.count == 4)
        for (earlier, later) in zip(orders, orders.dropFirst()) { #expect(later - earlier >= 43_200) }
    }

    @Test("force passes the brake, once")
    func force() {
        var life = Life()
        _ = life.handle(.loaded(Self.record(at: life.now), histories: []))
        _ = life.handle(.demanded(force: true))
        #expect(life.tick() != nil)
        _ = life.handle(.ended(.obtained(Self.record(at: life.now, serial: "s2"))))
        #expect(life.tick() == nil)
    }

    @Test("a demand does not renew what needs no renewal")
    func demandOfValid() {
        var life = Life()
        _ = life.handle(.loaded(Self.record(at: life.now), histories: []))
        _ = life.handle(.demanded(force: false))
        #expect(life.tick() == nil)
    }

    @Test("after three failures that no proof was to blame for, the second authority; back with the next renewal")
    func secondAuthority() {
        var life = Life([Self.first, Self.second])
        for _ in 0..<3 {
            #expect(life.untilOrder().intent?.authority == 0)
            _ = life.fail(.failed)
        }
        #expect(life.untilOrder().seconds == 0)
        _ = life.handle(.ended(.obtained(Self.record(at: life.now, authority: Self.second))))
        let renewal = life.untilAfter(70 * 86_400)
        #expect(renewal?.authority == 0)
        #expect(renewal?.replaces == .some(nil))
    }

    @Test("proofs and CAA fail everywhere: no other authority is asked")
    func sameAuthority() {
        for consequence in [AttemptProblem.Consequence.validation, .caa, .unproved] {
            var life = Life([Self.first, Self.second])
            for _ in 0..<6 {
                #expect(life.untilOrder().intent?.authority == 0)
                _ = life.fail(consequence)
            }
        }
    }

    @Test("a limit that ends too late, and what only a person can mend, lead to the second authority")
    func lateLimit() {
        var life = Life([Self.first, Self.second])
        _ = life.tick()
        _ = life.fail(.limited(2 * 86_400))
        #expect(life.tick(after: 1)?.authority == 1)
        // With most of the lifetime left, it is waited for.
        life = Life([Self.first, Self.second])
        var record = Self.record(at: life.now)
        record.renewal = KeptRenewalInfo(start: life.now, end: life.now + 1, chosen: life.now)
        _ = life.handle(.loaded(record, histories: []))
        _ = life.tick(after: 86_400)
        _ = life.fail(.limited(2 * 86_400))
        #expect(life.tick(after: 1) == nil)
        #expect(life.untilOrder().intent?.authority == 0)

        life = Life([Self.first, Self.second])
        _ = life.tick()
        _ = life.fail(.dormant)
        #expect(life.tick(after: 1)?.authority == 1)
    }

    @Test("an order that is left is looked at every five minutes; after an hour, the second authority")
    func left() {
        var life = Life([Self.first, Self.second])
        _ = life.tick()
        let since = life.now
        life.now += 600
        _ = life.handle(.ended(.left(since: since)))
        let (seconds, intent) = life.untilOrder()
        #expect(seconds == 300 && intent?.authority == 0)
        life.now += 3600
        _ = life.handle(.ended(.left(since: since)))
        #expect(life.tick(after: 1)?.authority == 1)
    }

    @Test("stopping counts as nothing")
    func nothing() {
        var life = Life()
        _ = life.tick()
        _ = life.handle(.ended(.stopped))
        #expect(life.tick() != nil)
    }

    @Test("a clock that was wrong for a while does not hold anything back for long")
    func clock() {
        var history = AttemptHistory(identifiers: [Self.name])
        history.next = Self.start + 100 * 86_400
        history.limitedUntil = Self.start + 100 * 86_400
        history.issued = [Self.start + 99 * 86_400]
        history.failedAt = [Int64](repeating: Self.start + 99 * 86_400, count: 5)
        history.validationFailedAt = Self.start + 99 * 86_400
        var life = Life()
        _ = life.handle(.loaded(nil, histories: [history]))
        #expect(life.tick(after: 1) != nil)
    }

    @Test("an order that replaces is not made again for a certificate whose replacement was refused")
    func replacesRefused() {
        var life = Life()
        _ = life.handle(.loaded(Self.record(at: life.now), histories: []))
        let actions = life.handle(.replacesRefused(certID: "aki.s1"))
        guard case .keepCertificate(let record, authority: 0) = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(record.replacesRefused)
        #expect(life.handle(.replacesRefused(certID: "aki.other")).isEmpty)
    }

    @Test("with a certificate that ends soon, a day is too long to wait; five failures a day are enough all the same")
    func urgent() {
        var life = Life()
        var record = Self.record(at: life.now - 84 * 86_400)
        record.certificate.certID = nil
        _ = life.handle(.loaded(record, histories: []))
        var orders: [Int64] = []
        let end = life.now + 6 * 86_400
        while life.now < end {
            if life.tick() != nil {
                orders.append(life.now)
                _ = life.fail(.validation)
            }
            life.now += 30
        }
        #expect(orders.count > 15)
        for start in orders { #expect(orders.count { $0 >= start && $0 < start + 86_400 } <= 5) }
    }
}

extension RenewalStateMachineTests.Life {
    mutating func untilAfter(_ seconds: Int64) -> RenewalStateMachine.OrderIntent? {
        now += seconds
        return untilOrder().intent
    }
}
