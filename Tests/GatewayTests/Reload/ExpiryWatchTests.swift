import NIOOpenSSL
import Testing

@testable import Gateway

@Suite("Warnings of a certificate's end")
struct ExpiryWatchTests {
    private static let day: Int64 = 86_400

    @Test("begin with a quarter of the lifetime and become daily with a tenth", arguments: [6, 90, 398])
    func stages(days: Int64) {
        let end = days * Self.day
        func stage(left: Int64) -> CertificateExpiry? { CertificateExpiry(from: 0, to: end, now: end - left) }
        #expect(stage(left: end) == nil)
        #expect(stage(left: end / 4 + 1) == nil)
        #expect(stage(left: end / 4) == .due)
        #expect(stage(left: end / 10 + 1) == .due)
        #expect(stage(left: end / 10) == .near)
        #expect(stage(left: 0) == .near)
        #expect(stage(left: -1) == .expired)
    }

    @Test("come once for the quarter, and daily from the tenth on and beyond the end", arguments: [(6, 1), (398, 40)])
    func days(days: Int, near: Int) throws {
        let leaf = try TLSIdentity.throwaway(names: ["a.example"], days: days).leaf
        var watch = ExpiryWatch()
        var counts: [CertificateExpiry: Int] = [:]
        // Every ten minutes, until three days beyond the end.
        for now in stride(from: leaf.notBefore, through: leaf.notAfter + 3 * Self.day, by: 600) {
            for warning in watch.warnings(of: [leaf], now: now) { counts[warning.stage, default: 0] += 1 }
        }
        #expect(counts[.due] == 1)
        #expect(counts[.near] == near)
        #expect(counts[.expired] == 3)
    }

    @Test("end with the certificate's renewal, and concern each certificate by itself")
    func renewal() throws {
        let old = try TLSIdentity.throwaway(names: ["a.example"], days: 6).leaf
        let new = try TLSIdentity.throwaway(names: ["a.example"], days: 60).leaf
        var watch = ExpiryWatch()
        let now = old.notAfter - 3600
        #expect(watch.warnings(of: [old, new], now: now).map(\.certificate) == [old])
        #expect(watch.warnings(of: [old, new], now: now + 60).isEmpty)
        #expect(watch.warnings(of: [new], now: now + 120).isEmpty)
        // Whoever goes back to the old one hears of it again.
        #expect(watch.warnings(of: [old], now: now + 180).map(\.stage) == [.near])
    }
}
