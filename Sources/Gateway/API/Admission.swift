import Access
import HTTPServer
import Logging
import NIOCore
import Time

/// Decides who may make a call: it authenticates callers, checks the scopes of their tokens, refuses cross-site requests with
/// Basic authentication (CSRF), and limits the rate of failed attempts.
///
/// Not `Sendable`: one per event loop.
final class Admission {
    /// The result of authentication.
    enum Identity {
        case caller(Caller)
        case refused(Problem)
    }

    /// The tokens of the configuration.
    var tokens: TokenTable
    private let authenticator = Authenticator()
    private var throttle = FailureThrottle()
    private var throttlings = LogLimiter()
    private let clock: WallClock
    /// What the rate limit measures time with.
    private let uptime: () -> NIODeadline
    private let logger: Logger

    init(tokens: TokenTable, clock: WallClock, uptime: @escaping () -> NIODeadline, logger: Logger) {
        self.tokens = tokens
        self.clock = clock
        self.uptime = uptime
        self.logger = logger
    }

    /// Failed attempts.
    var failures: UInt64 { throttle.failures }

    /// Those of them that were answered with 429.
    var throttled: UInt64 { throttle.throttled }

    /// Authenticates a request. A bad credential counts as a failed attempt.
    ///
    /// - Parameter pathToken: the credential in the path of a request that has it there; empty for all others.
    func identify(_ request: Request, _ pathToken: [UInt8] = [], from peer: SocketAddress?) -> Identity {
        switch authenticate(request, pathToken, from: peer) {
        case .caller(let caller): .caller(caller)
        // Not a failed attempt: a browser sends none until it has asked for a password.
        case .noCredential: .refused(.unauthorized)
        case .unknown: .refused(countFailure(from: peer))
        }
    }

    private func authenticate(
        _ request: Request,
        _ pathToken: [UInt8],
        from peer: SocketAddress?
    ) -> Authenticator.Outcome {
        if !pathToken.isEmpty {
            return pathToken.withUnsafeBytes {
                authenticator.authenticate(token: $0, from: peer, among: tokens, now: clock.now())
            }
        }
        guard let range = request.fields.authorization else { return .noCredential }
        let now = clock.now()
        return request.withBytes(of: range) { authenticator.authenticate($0, from: peer, among: tokens, now: now) }
    }

    /// Counts a failed attempt.
    ///
    /// - Returns: the answer to it.
    private func countFailure(from peer: SocketAddress?) -> Problem {
        guard let seconds = throttle.fail(peer.flatMap(AddressBlock.init), now: uptime()) else {
            return .unauthorized
        }
        if let suppressed = throttlings.admit(now: clock.now()) {
            logger.warning(
                "failed attempts are throttled",
                metadata: ["address": "\(peer?.ipAddress ?? "-")", "suppressed": "\(suppressed)"]
            )
        }
        return .throttled(seconds: seconds)
    }

    /// Why a caller may not make a call; nil if they may.
    ///
    /// - Parameters:
    ///   - scopes: what the call needs.
    ///   - changes: whether it changes something.
    ///   - origin: where the request comes from, as far as a browser says it.
    func objection(
        to caller: Caller,
        needing scopes: ScopeSet,
        changes: Bool,
        _ request: Request,
        _ origin: CrossOrigin
    ) -> Problem? {
        guard caller.may(scopes) else {
            return .forbidden("This needs a token with the scope: \(scopes.subtracting(caller.scopes)).")
        }
        guard changes, isCrossSiteBasicAuth(request, origin) else { return nil }
        return .forbidden("Cross-site requests with Basic credentials may not do this (CSRF protection).")
    }

    /// Whether a page of another site caused the request, and the browser added a password that it remembers (CSRF). Browsers
    /// do not add bearer tokens by themselves. Pages of the sites that the configuration names are trusted.
    func isCrossSiteBasicAuth(_ request: Request, _ origin: CrossOrigin) -> Bool {
        guard request.fields.isFromAnotherSite, !origin.isNamed, let range = request.fields.authorization else {
            return false
        }
        return request.withBytes(of: range, Authenticator.isBasic)
    }
}
