import NIOOpenSSL

/// Decides when to warn about the expiry of a certificate: once when a third of its lifetime is left, then daily in the
/// last tenth and beyond the end.
///
/// For a certificate of 398 days that is from 132 days before its end, and daily from 40 days on; for one of 6 days, from
/// 2 days before its end, and again from 14 hours on.
struct ExpiryWatch {
    /// A certificate to warn of.
    typealias Warning = (certificate: TLSCertificate, stage: CertificateExpiry)

    private static let day: Int64 = 86_400

    /// The last warning about each certificate, and when.
    private var told: [TLSCertificate: (stage: CertificateExpiry, time: Int64)] = [:]

    /// The certificates to warn of now.
    ///
    /// - Parameter now: Seconds since 1970.
    mutating func warnings(of certificates: [TLSCertificate], now: Int64) -> [Warning] {
        told = told.filter { certificates.contains($0.key) }
        var warnings: [Warning] = []
        for certificate in certificates {
            let stage = CertificateExpiry(from: certificate.notBefore, to: certificate.notAfter, now: now)
            guard let stage else {
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
}
