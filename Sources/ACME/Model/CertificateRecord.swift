/// What is known of a certificate in use (`certificate.json`).
package struct CertificateRecord: Hashable, Sendable {
    package var identifiers: [Identifier]
    /// The URL of the directory of the authority that it is from.
    package var authority: String
    /// The account that ordered it.
    package var account: String
    package var certificate: IssuedCertificate
    /// When it came, by this machine's clock.
    package var issuedAt: Int64
    /// What the authority said about its renewal.
    package var renewal: KeptRenewalInfo?
    /// When the authority is to be asked about renewal again: kept, so that restarts do not ask each time.
    package var askAt: Int64
    /// Whether the authority refused an order that was to replace it: it is not asked again.
    package var replacesRefused: Bool

    package init(
        identifiers: [Identifier],
        authority: String,
        account: String,
        certificate: IssuedCertificate,
        issuedAt: Int64,
        renewal: KeptRenewalInfo? = nil,
        askAt: Int64 = 0,
        replacesRefused: Bool = false
    ) {
        self.identifiers = identifiers
        self.authority = authority
        self.account = account
        self.certificate = certificate
        self.issuedAt = issuedAt
        self.renewal = renewal
        self.askAt = askAt
        self.replacesRefused = replacesRefused
    }
}

/// A window for renewal and the moment in it, chosen once (RFC 9773, 4.2). It belongs to the certificate that it stands with.
package struct KeptRenewalInfo: Hashable, Sendable {
    package var start: Int64
    package var end: Int64
    package var chosen: Int64
    package var explanation: String?

    package init(start: Int64, end: Int64, chosen: Int64, explanation: String? = nil) {
        self.start = start
        self.end = end
        self.chosen = chosen
        self.explanation = explanation
    }
}
