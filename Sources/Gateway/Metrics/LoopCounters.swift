import Glibc
import HysteriaStats
import NIOOpenSSL

/// What one event loop, or all of them, asked an upstream, and what went wrong.
struct UpstreamCounters: Sendable, Equatable {
    /// What it is called.
    var name = ""
    /// Requests to it.
    var requests: UInt64 = 0
    /// Calls that shared the request of another call.
    var coalesced: UInt64 = 0
    /// Callers who got no answer, by the kind of the error.
    var errors: [String: UInt64] = [:]

    /// Adds what another event loop asked it.
    mutating func add(_ other: UpstreamCounters) {
        requests += other.requests
        coalesced += other.coalesced
        errors.merge(other.errors, uniquingKeysWith: +)
    }
}

/// What one event loop has done: plain numbers, added up by a scrape.
struct LoopCounters: Sendable {
    /// The requests that were answered.
    var requests: RequestCounters
    /// How long their answers took.
    var durations = DurationHistogram()
    /// Handshakes that came to their end in TLS 1.2.
    var handshakesOfTLS12: UInt64 = 0
    /// Handshakes that came to their end in TLS 1.3.
    var handshakesOfTLS13: UInt64 = 0
    /// Handshakes that did not come to their end.
    var handshakesFailed: UInt64 = 0
    /// Connections that ended before a byte came: port probes, and callers that gave up.
    var handshakesSilent: UInt64 = 0
    /// Handshakes that resumed an earlier session.
    var sessionsResumed: UInt64 = 0
    /// Invalid credentials.
    var authenticationFailures: UInt64 = 0
    /// Those of them that were answered with 429.
    var throttled: UInt64 = 0
    /// Requests over plain HTTP with a credential, by the number of its token in ``TokenLabels``.
    var cleartextCredentials: [Int: UInt64] = [:]
    /// What each upstream was asked.
    var upstreams: [UpstreamCounters] = []
    /// Connections that ended for what their callers did with HTTP/2, by kind.
    var abuses: [String: UInt64] = [:]
    /// Connections that were one too many, by ``ConnectionRefusal``.
    var refusals: [String: UInt64] = [:]
    /// How often the system gave no connection where one was waiting, by ``AcceptFailure``.
    var acceptFailures: [String: UInt64] = [:]
    /// Connections that are open.
    var connections: UInt64 = 0
    /// How long turns of the event loop took.
    var turns = LoopTurnMeter.Figures()

    /// - Parameter routes: the labels of what can be asked for, by number.
    init(routes: [String] = []) {
        requests = RequestCounters(routes: routes)
    }

    /// Counts a handshake that came to its end.
    mutating func handshakeCompleted(_ handshake: TLSHandshakeCompleted) {
        if handshake.version == .v1_3 { handshakesOfTLS13 += 1 } else { handshakesOfTLS12 += 1 }
        if handshake.isResumed { sessionsResumed += 1 }
    }

    /// Adds what another event loop has done.
    mutating func add(_ other: LoopCounters) {
        requests.add(other.requests)
        durations.add(other.durations)
        handshakesOfTLS12 += other.handshakesOfTLS12
        handshakesOfTLS13 += other.handshakesOfTLS13
        handshakesFailed += other.handshakesFailed
        handshakesSilent += other.handshakesSilent
        sessionsResumed += other.sessionsResumed
        authenticationFailures += other.authenticationFailures
        throttled += other.throttled
        cleartextCredentials.merge(other.cleartextCredentials, uniquingKeysWith: +)
        for upstream in other.upstreams {
            if let index = upstreams.firstIndex(where: { $0.name == upstream.name }) {
                upstreams[index].add(upstream)
            } else {
                upstreams.append(upstream)
            }
        }
        abuses.merge(other.abuses, uniquingKeysWith: +)
        refusals.merge(other.refusals, uniquingKeysWith: +)
        acceptFailures.merge(other.acceptFailures, uniquingKeysWith: +)
        connections += other.connections
        turns.add(other.turns)
    }
}

extension StatsError.Kind {
    /// The kind as a label has it.
    var label: String {
        switch self {
        case .unreachable: "unreachable"
        case .timedOut: "timeout"
        case .secretRefused: "secret-refused"
        case .unexpectedStatus: "unexpected-status"
        case .malformedAnswer: "malformed-answer"
        case .answerTooLarge: "answer-too-large"
        case .connectionLost: "connection-lost"
        case .tooManyCalls: "too-many-calls"
        case .shutDown: "shut-down"
        }
    }
}

/// The limit that a connection was one too many for.
enum ConnectionRefusal: String, CaseIterable {
    /// `limits.connections`, or what the descriptors of the process suffice for.
    case connections
    /// `limits.connectionsPerAddress`.
    case connectionsPerAddress
    /// The handshakes in progress, of which the oldest gave way.
    case handshakes
}

/// An error of accept(2), by its consequence.
enum AcceptFailure: String, CaseIterable {
    /// The process or the machine has all the descriptors that it may have.
    case descriptors
    /// There is no memory for a connection.
    case memory
    /// The caller has gone away before it was accepted.
    case aborted
    /// A network error of the connection, which Linux reports here.
    case network
    /// A firewall or a security module does not allow it.
    case forbidden
    /// Nothing that is expected.
    case other

    init(code: CInt) {
        self =
            switch code {
            case EMFILE, ENFILE: .descriptors
            case ENOMEM, ENOBUFS: .memory
            case ECONNABORTED: .aborted
            case ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH: .network
            case EPERM, EACCES: .forbidden
            default: .other
            }
    }

    /// Whether it is of one connection alone, so that the next one can be accepted at once.
    var isOfOneConnection: Bool { self == .aborted || self == .network }
}
