/// All that is configured about certificates from authorities.
package struct ACMESettings: Hashable, Sendable {
    /// The certificates to have, each with all that it is for. What two of them begin with differs: their folders are called by it.
    package var certificates: [[Identifier]]
    /// The authorities to ask, in this order when one fails.
    package var authorities: [AuthoritySettings]
    /// Where the authority may write to.
    package var email: String?
    package var profile: ProfileRule
    /// The kinds of proof that can be given, in the order in which they are tried.
    package var proofKinds: [ProofKind]
    /// How records of DNS are set.
    package var dns: DNSSettings?
    /// The folder of all authorities' folders.
    package var folder: String
    /// A group that may read certificates and keys.
    package var group: String?

    package init(
        certificates: [[Identifier]],
        authorities: [AuthoritySettings],
        email: String? = nil,
        profile: ProfileRule = .automatic,
        proofKinds: [ProofKind] = [.tls, .http],
        dns: DNSSettings? = nil,
        folder: String,
        group: String? = nil
    ) {
        self.certificates = certificates
        self.authorities = authorities
        self.email = email
        self.profile = profile
        self.proofKinds = proofKinds
        self.dns = dns
        self.folder = folder
        self.group = group
    }
}

/// Which profile is asked for, of those that an authority offers.
package enum ProfileRule: Hashable, Sendable {
    /// None for names; for addresses `shortlived`, where the authority has it.
    case automatic
    /// This one, and nothing is ordered where the authority does not have it.
    case named(String)
}

/// A command that sets records of DNS, with lego's `exec` contract.
package struct DNSSettings: Hashable, Sendable {
    package var command: String
    /// Seconds between its end and the order to look.
    package var wait: Int64

    package init(command: String, wait: Int64) {
        self.command = command
        self.wait = wait
    }
}
