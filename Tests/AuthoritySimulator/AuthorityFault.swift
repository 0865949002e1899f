/// Something that goes wrong with requests, on request.
package struct AuthorityFault: Sendable {
    /// What a request is for.
    package enum Endpoint: String, Sendable, Hashable, CaseIterable {
        case directory, newNonce, newAccount, newOrder, account, order, finalize, authorization, challenge, certificate
        case renewalInfo, revocation, keyChange, other
    }

    /// What becomes of the request.
    package enum Effect: Sendable {
        /// It is refused, after its nonce and its signature were found good.
        case problem(SimulatedProblem)
        /// It is answered with something that need not be ACME's, and nothing is done.
        case answer(status: Int, contentType: String, body: String)
        /// It is done, and answered with something else: half a document, HTML, too much.
        case body(String)
        /// It is not done, and the connection is closed without an answer.
        case closed
        /// It is done, and the connection is closed without an answer: the client cannot know.
        case lost
        /// It is done, and the connection is closed in the middle of the answer.
        case cut
        /// It is not done, and never answered.
        case silent
    }

    package var effect: Effect
    /// Which requests; nil for all.
    package var endpoint: Endpoint?
    /// Whether only orders that replace a certificate are meant (RFC 9773, 5).
    package var onlyReplacing: Bool
    /// How many requests of that kind pass before.
    package var skipping: Int
    /// How many it meets; nil for all from then on.
    package var times: Int?

    package init(
        _ effect: Effect,
        at endpoint: Endpoint? = nil,
        onlyReplacing: Bool = false,
        skipping: Int = 0,
        times: Int? = 1
    ) {
        self.effect = effect
        self.endpoint = endpoint
        self.onlyReplacing = onlyReplacing
        self.skipping = skipping
        self.times = times
    }

    /// Counts a request of this kind. Returns whether the fault meets it.
    mutating func meets() -> Bool {
        guard skipping == 0 else {
            skipping -= 1
            return false
        }
        guard let left = times else { return true }
        guard left > 0 else { return false }
        times = left - 1
        return true
    }

    /// Whether it is decided before anything of the request is looked at.
    var isOfConnection: Bool {
        switch effect {
        case .closed, .silent, .answer: true
        case .problem, .body, .lost, .cut: false
        }
    }
}
