/// When a certificate is renewed. Only with fractions of its lifetime: the same for six days, 45 and 90.
package enum RenewalSchedule {
    /// Below this, a certificate is renewed at half of its lifetime instead of at two thirds.
    private static let short = 10 * Backoff.day

    package static func lifetime(of certificate: IssuedCertificate) -> Int64 {
        max(1, certificate.notAfter - certificate.notBefore)
    }

    package static func isShort(_ certificate: IssuedCertificate) -> Bool { lifetime(of: certificate) < short }

    /// When to renew: in the window that the authority suggests, else at a fraction of the lifetime. Never later than a twentieth
    /// before the end, whatever the authority says.
    package static func renewal(of record: CertificateRecord) -> Int64 {
        min(record.renewal?.chosen ?? byLifetime(record.certificate), emergency(record.certificate))
    }

    /// The last twentieth.
    package static func emergency(_ certificate: IssuedCertificate) -> Int64 {
        certificate.notAfter - lifetime(of: certificate) / 20
    }

    /// Whether less than a tenth is left.
    package static func isUrgent(_ certificate: IssuedCertificate, now: Int64) -> Bool {
        certificate.notAfter - now < lifetime(of: certificate) / 10
    }

    /// Two thirds, or half, and up to a fiftieth more or less. How much follows from the serial number, so that a restart comes to
    /// the same moment, and two certificates come to different ones.
    private static func byLifetime(_ certificate: IssuedCertificate) -> Int64 {
        let lifetime = lifetime(of: certificate)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in certificate.serial.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let spread = max(1, lifetime / 25)
        let shift = Int64(hash >> 32) % spread - spread / 2
        return certificate.notBefore + (isShort(certificate) ? lifetime / 2 : lifetime / 3 * 2) + shift
    }

    /// Takes what the authority says about renewal: the moment is chosen once in each window (RFC 9773, 4.2).
    package static func renewal(
        in window: RenewalWindow,
        kept: KeptRenewalInfo?,
        using generator: inout some RandomNumberGenerator
    ) -> KeptRenewalInfo {
        if var kept, kept.start == window.start, kept.end == window.end {
            kept.explanation = window.explanation
            return kept
        }
        return KeptRenewalInfo(
            start: window.start,
            end: window.end,
            chosen: Int64.random(in: window.start..<window.end, using: &generator),
            explanation: window.explanation
        )
    }

    /// When the authority wants to be asked again. Both a minimum and a maximum (RFC 9773, 4.3).
    package static func ask(retryAfter: Int64?, now: Int64, using generator: inout some RandomNumberGenerator) -> Int64
    {
        if let retryAfter { return now + min(max(retryAfter, Backoff.minute), Backoff.day) }
        return now + Int64.random(in: (5 * Backoff.hour)...(7 * Backoff.hour), using: &generator)
    }
}

/// The time in which an authority wants a certificate renewed.
package struct RenewalWindow: Hashable, Sendable {
    package let start: Int64
    package let end: Int64
    /// A page that says why, if there is something to say.
    package let explanation: String?

    /// Nil for a window that is none.
    package init?(start: Int64, end: Int64, explanation: String?) {
        guard start < end else { return nil }
        self.start = start
        self.end = end
        self.explanation = explanation
    }
}
