import ACME
import SeededRandom
import Testing

@Suite("Backoff, brake and schedule")
struct RenewalRulesTests {
    private static func certificate(_ days: Double, serial: String = "a") -> IssuedCertificate {
        IssuedCertificate(serial: serial, certID: "x.y", notBefore: 0, notAfter: Int64(days * 86_400))
    }

    private static func record(_ days: Double, serial: String = "a", renewal: KeptRenewalInfo? = nil)
        -> CertificateRecord
    {
        CertificateRecord(
            identifiers: [.name("a.com")],
            authority: "https://ca.example/directory",
            account: "https://ca.example/acct/1",
            certificate: certificate(days, serial: serial),
            issuedAt: 0,
            renewal: renewal
        )
    }

    @Test("1, 10 and 100 minutes, then a day, a tenth more or less; less where time runs out")
    func backoff() {
        var numbers = SeededGenerator(seed: 1)
        for (failures, minutes) in [(1, 1), (2, 10), (3, 100), (4, 1440), (50, 1440)] as [(Int, Int64)] {
            for _ in 0..<50 {
                let delay = Backoff.delay(failures: failures, using: &numbers)
                #expect((minutes * 54...minutes * 66).contains(delay))
                #expect(Backoff.delay(failures: failures, cap: 6 * 3600, using: &numbers) <= 6 * 3600 * 11 / 10)
            }
        }
    }

    @Test("five failures are enough for a day")
    func fiveADay() {
        #expect(Backoff.earliest(after: [1, 2, 3, 4]) == 0)
        #expect(Backoff.earliest(after: [1, 2, 3, 4, 5]) == 86_401)
        #expect(Backoff.earliest(after: [1, 2, 3, 4, 5, 6]) == 86_402)
    }

    @Test("the brake holds a tenth of the lifetime, twelve hours at most, and four in a week")
    func brake() {
        #expect(IssuanceBrake.earliest(after: [], lifetime: nil) == 0)
        #expect(IssuanceBrake.earliest(after: [100], lifetime: 90 * 86_400) == 100 + 43_200)
        #expect(IssuanceBrake.earliest(after: [100], lifetime: 60) == 106)
        #expect(IssuanceBrake.earliest(after: [100], lifetime: nil) == 3700)
        #expect(IssuanceBrake.earliest(after: [0, 1, 2, 3], lifetime: 60) == 7 * 86_400)
        #expect(IssuanceBrake.kept([5, 4, 3, 2, 1]) == [2, 3, 4, 5])
    }

    @Test(
        "without a word of the authority, two thirds of the lifetime or half, the same after a restart, another for each certificate"
    )
    func byLifetime() {
        var moments: Set<Int64> = []
        for index in 0..<100 {
            for (days, part) in [(90.0, 2.0 / 3), (45, 2.0 / 3), (160.0 / 24, 0.5)] {
                let renewal = RenewalSchedule.renewal(of: Self.record(days, serial: "s\(index)"))
                let fraction = Double(renewal) / (days * 86_400)
                #expect(abs(fraction - part) <= 0.021)
                #expect(renewal == RenewalSchedule.renewal(of: Self.record(days, serial: "s\(index)")))
                if days == 90 { moments.insert(renewal) }
            }
        }
        #expect(moments.count > 90)
    }

    @Test("the authority's moment counts, but not beyond the last twentieth")
    func window() {
        let early = KeptRenewalInfo(start: 10, end: 20, chosen: 15)
        #expect(RenewalSchedule.renewal(of: Self.record(100, renewal: early)) == 15)
        let never = KeptRenewalInfo(start: 1 << 40, end: 1 << 41, chosen: 1 << 40)
        #expect(RenewalSchedule.renewal(of: Self.record(100, renewal: never)) == 95 * 86_400)
    }

    @Test("a moment is chosen once in each window")
    func choosing() throws {
        var numbers = SeededGenerator(seed: 2)
        let window = try #require(RenewalWindow(start: 1000, end: 2000, explanation: nil))
        let first = RenewalSchedule.renewal(in: window, kept: nil, using: &numbers)
        #expect((1000..<2000).contains(first.chosen))
        #expect(RenewalSchedule.renewal(in: window, kept: first, using: &numbers) == first)
        let moved = try #require(RenewalWindow(start: 0, end: 10, explanation: "https://ca.example/why"))
        let second = RenewalSchedule.renewal(in: moved, kept: first, using: &numbers)
        #expect((0..<10).contains(second.chosen) && second.explanation == "https://ca.example/why")
        #expect(RenewalWindow(start: 5, end: 5, explanation: nil) == nil)
    }

    @Test("Retry-After is a minimum and a maximum, from a minute to a day")
    func asking() {
        var numbers = SeededGenerator(seed: 3)
        for (retryAfter, expected) in [(0, 60), (7200, 7200), (1_000_000, 86_400)] as [(Int64, Int64)] {
            #expect(RenewalSchedule.ask(retryAfter: retryAfter, now: 0, using: &numbers) == expected)
        }
        #expect((18_000...25_200).contains(RenewalSchedule.ask(retryAfter: nil, now: 0, using: &numbers)))
    }
}
