/// One attempt to get a certificate (RFC 8555, 7.1): from the directory to a chain that is in use. No I/O, no clock.
///
/// Everything is done one after another: there is one thing that it waits for at any time.
package struct IssuanceStateMachine: Sendable {
    indirect enum State: Sendable {
        /// → directory
        case idle
        /// The directory is read. → registering, droppingStale, makingKey, reading, ended
        case directory
        /// An account is made. → keepingAccount, ended
        case registering(again: Bool)
        /// → droppingStale, makingKey, reading, ended
        case keepingAccount
        /// An order that is of no use is forgotten. → makingKey, ended
        case droppingStale
        /// The key of the certificate is made: for a new order, or once more for one. → ordering, finalizing, ended
        case makingKey(again: Bool)
        /// → keepingOrder, registering, ended
        case ordering(replaces: String?)
        /// → authorizing, finalizing, pausing, downloading, deactivating, ended
        case keepingOrder(Order)
        /// The order is read. → as keepingOrder, droppingStale, registering
        case reading
        /// The authorizations are read, one after another. → showing, reading, deactivating, ended
        case authorizing(Order, index: Int)
        /// → telling, deactivating, ended
        case showing
        /// The authority is told to look, once for each proof. → pausing, deactivating, ended
        case telling(index: Int)
        /// → watching, reading
        case pausing
        /// The authorizations that are not decided are read. → pausing, reading, deactivating, ended
        case watching(index: Int, retryAfter: Int64?)
        /// → pausing, downloading, makingKey, deactivating, ended
        case finalizing
        /// → installing, ended
        case downloading
        /// → dropping, deactivating, ended
        case installing
        /// Authorizations that stay pending count against the account. → dropping
        case deactivating(index: Int)
        /// The order is forgotten. → ended
        case dropping
        case ended
    }

    let plan: IssuancePlan
    var state = State.idle
    var directory: Directory?
    var account: AccountRecord?
    var profile: String?
    var replaces: String?
    /// The order under way.
    var order: OrderRecord?
    var isResumed = false
    var hasRepairedAccount = false
    var hasRenewedKey = false
    var hasFinalized = false
    var finalizeURL: String?
    var pending: [PendingAuthorization] = []
    var shown: [Proof] = []
    /// Nobody waits any longer than until then.
    var deadline: Int64?
    var pauses = 0
    /// What comes of it, while the traces of the order are removed.
    var outcome: AttemptOutcome?

    /// An authorization that was not decided when it was read last.
    struct PendingAuthorization: Sendable {
        let url: String
        let proof: Proof
        let challenge: String
        /// Whether the authority knows already that it can look.
        var isTold: Bool
        var isDecided = false
    }

    package init(_ plan: IssuancePlan) {
        self.plan = plan
        account = plan.account
        replaces = plan.replaces
    }

    /// Says what to do after an event.
    package mutating func handle(_ event: IssuanceEvent, now: Int64) -> [IssuanceAction] {
        if case .stopping = event {
            // A certificate in use is in use.
            if case .obtained = outcome { return finish(outcome ?? .stopped) }
            return finish(.stopped)
        }
        switch state {
        case .idle:
            state = .directory
            return [.send(AuthorityRequest(.get, plan.authority.directory))]
        case .directory, .registering, .keepingAccount, .droppingStale: return handleAccount(event, now)
        case .makingKey, .ordering, .keepingOrder, .reading: return handleOrder(event, now)
        case .authorizing, .showing, .telling, .watching: return handleProofs(event, now)
        case .pausing: return resumeAfterPause(now)
        case .finalizing, .downloading, .installing: return handleCertificate(event, now)
        case .deactivating, .dropping: return handleEnd(event, now)
        case .ended: return []
        }
    }

    /// A request of the account.
    func signed(_ url: String, _ payload: AuthorityRequest.Payload = .postAsGet) -> IssuanceAction {
        .send(AuthorityRequest(.post, url, payload: payload, signer: .account(account?.url ?? "")))
    }
}
