/// What happened to certificates, for the log and for metrics. Who logs has the words.
package enum ACMEEvent: Hashable, Sendable {
    /// An attempt begins.
    case ordering(CertificateName, replaces: String?)
    case note(CertificateName, IssuanceNote)
    /// A certificate is in use: the files have changed.
    case obtained(CertificateName, CertificateRecord, renews: Int64)
    /// The authority is not done: the order is looked at again.
    case left(CertificateName, next: Int64)
    /// An attempt failed. `isRepeated`: the one before it said the same.
    case refused(
        CertificateName,
        AttemptProblem,
        failures: Int,
        next: Int64,
        expires: Int64?,
        isUrgent: Bool,
        isRepeated: Bool
    )
    /// The authority wants this certificate renewed at another time than it said before.
    case window(CertificateName, KeptRenewalInfo)
    /// Renewal information cannot be had; the certificate is renewed by its lifetime.
    case noRenewalInfo(CertificateName, words: String)
    /// Another process works for this authority: what is due waits for it.
    case busy(authority: String)
    /// The clocks of the authority and of this machine differ by more than minutes: one of them is wrong.
    case clocksDiffer(authority: String, theirs: Int64, ours: Int64)
    /// Something could not be kept.
    case storeFailed(CertificateName, words: String)
    /// A request was answered with this status; 0 for none.
    case request(authority: String, status: Int)
}

/// Which certificate, of which authority, in events.
package struct CertificateName: Hashable, Sendable, CustomStringConvertible {
    package let identifiers: [Identifier]
    /// As it is called in the settings.
    package let authority: String

    package init(_ identifiers: [Identifier], authority: String) {
        self.identifiers = identifiers
        self.authority = authority
    }

    package var description: String { identifiers.map(\.value).joined(separator: ", ") }
}
