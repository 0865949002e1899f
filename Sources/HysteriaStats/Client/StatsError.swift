import Glibc
import NIOCore
import NIOPosix

/// Why a call has no answer.
package struct StatsError: Error, Sendable, Hashable {
    /// What went wrong.
    package enum Kind: Sendable, Hashable {
        /// No connection could be made.
        case unreachable(reason: String)
        /// The whole answer was not there in time.
        case timedOut(limit: TimeAmount)
        /// Hysteria answered 401: the configured secret is not its own.
        case secretRefused
        /// The answer has a status that Hysteria does not give to this call.
        case unexpectedStatus(Int)
        /// The answer is not HTTP, not JSON or not whole.
        case malformedAnswer(reason: String)
        /// The answer is larger than the configured limit in bytes.
        case answerTooLarge(limit: Int)
        /// The connection ended before the answer did.
        case connectionLost
        /// Too many calls wait for a connection.
        case tooManyCalls(limit: Int)
        /// The client was shut down.
        case shutDown
    }

    /// What went wrong.
    package let kind: Kind

    /// The upstream that was asked.
    package let address: StatsAddress

    /// Whether Hysteria may have done what was asked, with its answer lost.
    ///
    /// Only calls that change something can have this set. Lost counters cannot be asked for again.
    package let answerMayBeLost: Bool

    /// Whether the client still waits for the answer, which goes to the call's `LateAnswer`.
    package let answerIsAwaited: Bool

    /// What came of the answer's body, where the answer to a call that changes something cannot be used.
    package let remains: ByteBuffer?

    /// Makes an error about one upstream.
    package init(
        _ kind: Kind,
        address: StatsAddress,
        answerMayBeLost: Bool = false,
        answerIsAwaited: Bool = false,
        remains: ByteBuffer? = nil
    ) {
        self.kind = kind
        self.address = address
        self.answerMayBeLost = answerMayBeLost
        self.answerIsAwaited = answerIsAwaited
        self.remains = remains
    }
}

extension StatsError: CustomStringConvertible {
    /// What failed, at which address, and what to look at.
    package var description: String {
        if answerIsAwaited {
            return summary + "; it may do what was asked all the same, so its answer is still waited for"
        }
        return answerMayBeLost
            ? summary + "; Hysteria may have done what was asked, and its answer is lost" : summary
    }

    private var summary: String {
        let upstream = "Hysteria's stats API at \(address)"
        switch kind {
        case .unreachable(let reason):
            return "\(upstream) cannot be reached: \(reason); is Hysteria running, with trafficStats.listen set? "
                + "A change of it counts from Hysteria's next restart on"
        case .timedOut(let limit):
            return "\(upstream) did not answer within \(limit.nanoseconds / 1_000_000) ms"
        case .secretRefused:
            return
                "\(upstream) refused the secret; compare it with trafficStats.secret in Hysteria's configuration, and "
                + "restart Hysteria if that was changed: it is read at its start alone"
        case .unexpectedStatus(let status):
            return "\(upstream) answered with status \(status); does Hysteria listen there, or something else?"
        case .malformedAnswer(let reason):
            return "\(upstream) gave an answer that cannot be used: \(reason)"
        case .answerTooLarge(let limit):
            return "\(upstream) gave an answer larger than the limit of \(limit) bytes"
        case .connectionLost:
            return "\(upstream) closed the connection before its answer was complete"
        case .tooManyCalls(let limit):
            return "\(limit) calls already wait for \(upstream)"
        case .shutDown:
            return "the client of \(upstream) was shut down"
        }
    }
}

extension StatsError.Kind {
    /// Whether a request that was sent may have been carried out all the same.
    var leavesEffectUnknown: Bool {
        switch self {
        case .timedOut, .malformedAnswer, .answerTooLarge, .connectionLost, .shutDown: true
        case .unexpectedStatus(let status): status >= 500
        case .unreachable, .secretRefused, .tooManyCalls: false
        }
    }
}

extension StatsError.Kind {
    /// Says in plain words why a connection could not be made.
    init(connectFailure error: any Error, limit: TimeAmount) {
        switch error {
        case ChannelError.connectTimeout:
            self = .timedOut(limit: limit)
        case let error as IOError:
            self = .unreachable(reason: String(cString: strerror(error.errnoCode)).lowercased())
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                self.init(connectFailure: first.error, limit: limit)
            } else {
                self = .unreachable(reason: "the host name \(error.host) cannot be resolved")
            }
        default:
            self = .unreachable(reason: String(describing: error))
        }
    }
}
