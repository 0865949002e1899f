import NIOOpenSSL

/// Decides when to warn about the expiry of a certificate: once when a third of its lifetime is left, then daily in the
/// last tenth and beyond the end.
///
/// For a certificate of 398 days that is from 132 days before its end, and daily from 40 days on; for one of 6 days, from
/// 2 days before its end, and again from 14 hours on.
struct ExpiryWatch {
    /// How near the end is.
    enum Stage: Int, Comparable {
        /// Between a third and a tenth of the lifetime is left: whatever renews it should have done so by now.
        case due
        /// Less than a tenth of the lifetime is left.
        case near
        /// The end has passed.
        case expired

        static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    /// A certificate to warn of.
    typealias Warning = (certificate: TLSCertificate, stage: Stage)

    private static let day: Int64 = 86_400

    /// The last warning about each certificate, and when.
    private var told: [TLSCertificate: (stage: Stage, time: Int64)] = [:]

    /// The certificates to warn of now.
    ///
    /// - Parameter now: Seconds since 1970.
    mutating func warnings(of certificates: [TLSCertificate], now: Int64) -> [Warning] {
        told = told.filter { certificates.contains($0.key) }
        var warnings: [Warning] = []
        for certificate in certificates {
            guard let stage = Self.stage(from: certificate.notBefore, to: certificate.notAfter, now: now) else {
                told[certificate] = nil
                continue
            }
            if let last = told[certificate], last.stage >= stage, stage == .due || now - last.time < Self.day {
                continue
            }
            told[certificate] = (stage, now)
            warnings.append((certificate, stage))
        }
        return warnings
    }

    /// How near the end of a lifetime is; nil where it is far.
    static func stage(from notBefore: Int64, to notAfter: Int64, now: Int64) -> Stage? {
        let life = max(notAfter - notBefore, 0)
        let left = notAfter - now
        if left < 0 { return .expired }
        if left <= life / 10 { return .near }
        return left <= life / 3 ? .due : nil
    }
}
