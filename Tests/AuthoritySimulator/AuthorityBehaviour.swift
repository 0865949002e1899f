/// What the simulator offers and how it works. It may be changed at any time, for what comes from then on.
package struct AuthorityBehaviour: Sendable {
    /// A set of rules for certificates (draft-ietf-acme-profiles).
    package struct Profile: Sendable {
        package var lifetime: Int64
        package var allowsAddresses: Bool

        package init(lifetime: Int64, allowsAddresses: Bool = false) {
            self.lifetime = lifetime
            self.allowsAddresses = allowsAddresses
        }
    }

    /// How a challenge is decided.
    package enum Validation: Sendable {
        /// The proof is asked for, at the ports of the configuration.
        case performed
        /// Nobody is asked.
        case passed
        /// Nobody is asked either; a client sees this in the challenge.
        case failed(SimulatedProblem)
    }

    /// What is wrong with certificates that are issued.
    package enum CertificateFault: Sendable, Hashable {
        case none
        /// It is for a key of the authority's own making.
        case wrongKey
        /// It is for this name as well.
        case furtherName(String)
        /// It is for other names altogether.
        case otherNames([String])
        case expired
        case notYetValid
        /// What issued it is not sent along.
        case leafOnly
        /// What is sent along did not issue it.
        case foreignChain
        /// The issuer stands before the leaf.
        case disordered
        /// So many further certificates follow.
        case tooLong(Int)
    }

    /// A window for renewal (RFC 9773, 4.2), in seconds since 1970.
    package struct RenewalWindow: Sendable, Hashable {
        package var start: Int64
        package var end: Int64
        package var explanation: String?

        package init(start: Int64, end: Int64, explanation: String? = nil) {
            self.start = start
            self.end = end
            self.explanation = explanation
        }
    }

    // MARK: The directory

    /// The page of the terms; nil for an authority without terms.
    package var terms: String? = "https://authority.example/terms"
    /// HMAC keys by their ids. Where there are any, each new account needs one (RFC 8555, 7.3.4).
    package var externalAccounts: [String: [UInt8]] = [:]
    package var profiles: [String: Profile] = [
        "classic": Profile(lifetime: 90 * 86_400), "tlsserver": Profile(lifetime: 45 * 86_400),
        "shortlived": Profile(lifetime: 160 * 3600, allowsAddresses: true),
    ]
    /// What holds for orders without a profile.
    package var profile = Profile(lifetime: 90 * 86_400)
    package var offersRenewalInfo = true
    /// Whether the members of `meta` that there are not are `null` instead of absent.
    package var writesNull = false
    /// How many redirects stand before the directory.
    package var redirects = 0

    // MARK: Proofs

    package var challenges = ["http-01", "dns-01", "tls-alpn-01"]
    /// Whether challenges of kinds that nobody knows stand before those, one of them without a token.
    package var addsUnknownChallenges = true
    package var validation = Validation.performed
    /// The same for single names and addresses.
    package var validations: [String: Validation] = [:]
    /// From how many places a proof is asked for, one after another.
    package var vantagePoints = 1
    /// How many readings of an authorization or its order do not show yet that it is decided.
    package var validationReadings = 0
    /// Whether an account's valid authorizations serve for its further orders.
    package var reusesAuthorizations = false

    // MARK: Orders

    /// Whether an order that is not finished is given again for the same names.
    package var reusesOrders = false
    /// Whether that holds for finished ones as well: an answer to newOrder with a certificate.
    package var reusesFinishedOrders = false
    /// Whether orders have no authorizations at all, and are ready.
    package var skipsAuthorizations = false
    /// How many readings of an order find it `processing`.
    package var issuanceReadings = 0
    package var certificateFault = CertificateFault.none
    /// In all answers for what takes time, and for renewal windows.
    package var retryAfter = RetryAfterForm.none
    /// For all certificates; nil for the last third of their lives less one percent, and one percent long.
    package var renewalWindow: RenewalWindow?

    // MARK: HTTP

    /// Each nth POST has its nonce refused; 0 for none.
    package var refusesEveryNonce = 0
    /// How far the `Date` of answers is from the simulator's clock.
    package var clockSkew: Int64 = 0
    /// Whether bodies come in chunks instead of with their length.
    package var sendsChunks = false
    /// Whether each connection is closed after one answer.
    package var closesConnections = false

    package init() {}
}
