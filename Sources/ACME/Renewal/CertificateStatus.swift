/// What is known of a certificate at a moment, for metrics and for people.
package struct CertificateStatus: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// There is none yet.
        case absent
        case ordering
        case valid
        /// An attempt failed; the next one has its time.
        case waiting
        /// Only the operator or the authority can mend it.
        case dormant
    }

    package var identifiers: [Identifier]
    package var state: State
    /// The authority of the certificate in use; of the next attempt if there is none.
    package var authority: AuthoritySettings
    package var certificate: CertificateRecord?
    /// Where the certificate in use is kept.
    package var place: StorePlace?
    package var renews: Int64?
    /// Failed attempts since the last certificate.
    package var failures: Int
    package var nextAttempt: Int64?
    /// The last problem, in words.
    package var problem: String?

    package init(
        identifiers: [Identifier],
        state: State,
        authority: AuthoritySettings,
        certificate: CertificateRecord?,
        place: StorePlace?,
        renews: Int64?,
        failures: Int,
        nextAttempt: Int64?,
        problem: String?
    ) {
        self.identifiers = identifiers
        self.state = state
        self.authority = authority
        self.certificate = certificate
        self.place = place
        self.renews = renews
        self.failures = failures
        self.nextAttempt = nextAttempt
        self.problem = problem
    }
}
