/// How near the end of a certificate is that has to be renewed, by the lifetime that it has.
///
/// The log and `check` warn alike. Whatever renews certificates does so when a third of the lifetime is left (ACME clients), so
/// that at a quarter it has failed. For a certificate of 90 days that is 22 days before its end, and the end is near 9 days
/// before it; for one of six days, 36 hours and 14 hours.
enum CertificateExpiry: Int, Comparable {
    /// Between a quarter and a tenth of the lifetime is left: whatever renews it should have done so by now.
    case due
    /// Less than a tenth of the lifetime is left.
    case near
    /// The end has passed.
    case expired

    /// - Parameters: Seconds since 1970.
    /// - Returns: nil where the end is far.
    init?(from notBefore: Int64, to notAfter: Int64, now: Int64) {
        let life = max(notAfter - notBefore, 0)
        let left = notAfter - now
        if left < 0 {
            self = .expired
        } else if left <= life / 10 {
            self = .near
        } else if left <= life / 4 {
            self = .due
        } else {
            return nil
        }
    }

    static func < (left: CertificateExpiry, right: CertificateExpiry) -> Bool { left.rawValue < right.rawValue }
}
