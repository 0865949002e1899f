/// One request of an authority, with all that is tried until there is an answer: nonces that it does not like (RFC 8555, 6.5), and what
/// fails on the way.
package struct RequestStateMachine {
    package enum Event {
        case begin
        /// A nonce from an earlier answer, if there was one.
        case nonce(String?)
        case answered(AuthorityResponse)
        case unanswered(AuthorityTransportError)
        case waited
    }

    package enum Action: Hashable {
        /// Look for a nonce that came with an earlier answer.
        case takeNonce
        /// Ask the authority for one.
        case fetchNonce
        /// Sign the request for this nonce, and send it; nil for one that is not signed.
        case send(nonce: String?)
        case wait(Int64)
        case deliver(AuthorityResponse)
        case fail(AuthorityTransportError)
    }

    private enum State {
        /// Nothing is under way. → taking, sending
        case idle
        /// A nonce is looked for. → fetching, sending
        case taking
        /// The authority is asked for a nonce. → sending, waiting, ended
        case fetching
        /// → waiting, taking, fetching, sending, ended
        case sending
        /// A pause before it is tried again. → taking, sending
        case waiting
        /// There is an answer, or there will be none.
        case ended
    }

    /// How often a request is sent again because of its nonce. Pebble refuses one in twenty by intention, and an authority whose machines
    /// do not know each other's nonces refuses many.
    private static let nonceLimit = 16
    /// The pauses after failures on the way.
    private static let pauses: [Int64] = [1, 2, 4]

    private let isSigned: Bool
    private var state = State.idle
    private var badNonces = 0
    private var failures = 0

    package init(isSigned: Bool) {
        self.isSigned = isSigned
    }

    package mutating func handle(_ event: Event) -> Action {
        switch (state, event) {
        case (.idle, .begin), (.waiting, .waited): return begin()
        case (.taking, .nonce(let nonce)): return use(nonce)
        case (.fetching, .answered(let response)):
            guard Self.usable(response.nonce) == nil else { return use(response.nonce) }
            guard response.status < 400 else { return retry { .deliver(response) } }
            return retry { .fail(AuthorityTransportError("the authority gave no nonce (Replay-Nonce)")) }
        case (.sending, .answered(let response)): return take(response)
        case (.fetching, .unanswered(let error)), (.sending, .unanswered(let error)): return retry { .fail(error) }
        default:
            state = .ended
            return .fail(AuthorityTransportError("a request was driven out of step (\(state), \(event))"))
        }
    }

    private mutating func begin() -> Action {
        state = isSigned ? .taking : .sending
        return isSigned ? .takeNonce : .send(nonce: nil)
    }

    private mutating func use(_ nonce: String?) -> Action {
        guard let nonce = Self.usable(nonce) else {
            state = .fetching
            return .fetchNonce
        }
        state = .sending
        return .send(nonce: nonce)
    }

    private mutating func take(_ response: AuthorityResponse) -> Action {
        if response.status < 400 { return end(.deliver(response)) }
        let problem = AuthorityProblem(response)
        if isSigned, problem.type == "badNonce" {
            guard badNonces < Self.nonceLimit else { return end(.deliver(response)) }
            badNonces += 1
            return use(response.nonce)
        }
        // Whoever says when to come again is not asked again before.
        guard response.status >= 500 || problem.type == "serverInternal", response.retryAfter == nil else {
            return end(.deliver(response))
        }
        return retry { .deliver(response) }
    }

    private mutating func retry(otherwise last: () -> Action) -> Action {
        guard failures < Self.pauses.count else { return end(last()) }
        defer { failures += 1 }
        state = .waiting
        return .wait(Self.pauses[failures])
    }

    private mutating func end(_ action: Action) -> Action {
        state = .ended
        return action
    }

    private static func usable(_ nonce: String?) -> String? {
        nonce.flatMap { Base64URL.isValid($0, upTo: SignedRequest.nonceLimit) ? $0 : nil }
    }
}
