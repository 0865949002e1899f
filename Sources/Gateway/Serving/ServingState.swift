import Access
import GatewayConfiguration
import HTTPServer
import HysteriaStats
import NIOOpenSSL

/// All that connections are served from: read and verified as a whole, immutable, and swapped whole.
package final class ServingState: Sendable {
    /// What the operator decided.
    let configuration: Configuration
    /// What callers are granted, at hand for each connection.
    let limits: Limits
    /// What the gateway proves itself with.
    let identities: TLSIdentitySet
    /// The absolute paths of all that it was read from or depends on, whether something lies there or not.
    let files: Set<String>
    /// The responder for validations of a name of this machine, the same in every state of a process; nil for none.
    let challenges: (any ChallengeResponder)?
    /// The authorities for client certificates where an address has no rules of its own, as read from the files; nil if
    /// none are asked for.
    let clientVerification: TLSClientVerification?
    /// The listeners of the process, in the order in which it was started with them: the same in each of its states.
    let listeners: [ListenerState]
    /// What session tickets are encrypted with, the same in every state of a process; nil where no tickets are given.
    let ticketKeys: TLSTicketKeys?
    /// Who may ask.
    let tokens: TokenTable

    /// Makes a state.
    ///
    /// - Parameters:
    ///   - challenges: Who answers those that validate a name of this machine, now and in the states that follow.
    ///   - previous: The state that this one replaces: its sessions can be resumed in this one.
    /// - Throws: If OpenSSL does not take an identity, the ticket keys or an authority of the callers.
    package init(
        configuration: Configuration,
        identities: TLSIdentitySet,
        challenges: (any ChallengeResponder)? = nil,
        after previous: ServingState? = nil
    ) throws(TLSError) {
        self.configuration = configuration
        limits = configuration.limits
        self.identities = identities
        self.challenges = previous?.challenges ?? challenges
        let sources = configuration.identitySources
        files = sources.reduce(configuration.files) { $0.union($1.files) }
        awaited = zip(sources, identities.identities).filter { $0.isAwaited(with: $1) }.map(\.0.name)
        var negotiation = configuration.tls.negotiation
        if let previous {
            ticketKeys = previous.ticketKeys
            negotiation.sessionTickets = ticketKeys != nil
        } else {
            ticketKeys = try configuration.tls.ticketKeys()
        }
        let rules = try ListenerRules(configuration, for: previous?.listeners)
        clientVerification = rules.common
        var contexts: [TLSClientVerification?: TLSContext] = [:]
        var listeners: [ListenerState] = []
        for (settings, verification) in rules.rules {
            let context: TLSContext
            if let known = contexts[verification] {
                context = known
            } else {
                context = try TLSContext.server(
                    identities: identities,
                    configuration: negotiation,
                    ticketKeys: ticketKeys,
                    clientVerification: verification,
                    challenges: self.challenges
                )
                contexts[verification] = context
            }
            listeners.append(ListenerState(settings: settings, clientVerification: verification, context: context))
        }
        self.listeners = listeners
        tokens = TokenTable(configuration.tokens, labels: previous?.tokens.labels ?? TokenLabels())
    }

    /// The certificates that are not there yet, as the operator calls them: placeholders or former ones are served instead.
    let awaited: [String]

    /// How long a connection waits for its caller.
    var timeouts: HTTPTimeouts {
        HTTPTimeouts(head: limits.headTimeout, body: limits.bodyTimeout, idle: limits.idleTimeout)
    }

    /// Whom calls ask.
    var upstreams: [NamedUpstream] { configuration.upstreams }
}

/// A part of the running gateway that keeps something of a state, and takes it from the next state at a reload.
///
/// ``GatewayService`` has the list of all of them. What is read from the state whenever it is wanted needs none.
protocol StateReceiver: Sendable {
    /// Serves by another state from now on. Returns when it does.
    func adopt(_ state: ServingState) async
}

/// What the connections of one listener are served by, besides what those of all listeners have in common.
struct ListenerState: Sendable {
    /// The address, with what the configuration says of it.
    let settings: ListenSettings
    /// The authorities for client certificates here, as read from their files; nil if none are requested.
    let clientVerification: TLSClientVerification?
    /// What new connections are encrypted by; the same object wherever callers are verified alike.
    let context: TLSContext
}
