import NIOCore
import OpenSSLCrypto
import Text

/// Identifies the caller of a request by its `Authorization` field.
///
/// `Bearer` carries the token as it is, `Basic` as the password after any user name, or as the user name: that is how
/// people fill in the two fields of a form. Programs made for Hysteria's own API send no scheme: then the token is all
/// there is. The token is hashed, and the hash compared with all others in constant time. Nothing is allocated on the
/// way (see ``SHA256`` for OpenSSL itself).
///
/// Not `Sendable`: one per event loop.
package final class Authenticator {
    /// What became of a credential.
    package enum Outcome: Sendable {
        /// The token is known and good.
        case caller(Caller)
        /// There was no credential at all.
        case noCredential
        /// The credential opens nothing; the reason is for the log and never for the caller.
        case unknown(Reason)
    }

    /// Why a credential opens nothing.
    package enum Reason: Sendable, Hashable {
        /// It is neither a bearer token nor a well-formed Basic credential.
        case malformed
        /// No token is this one.
        case wrong
        /// The token was good once.
        case expired
        /// The token is good, but not from this address.
        case elsewhere
    }

    /// The fewest bytes of a token that the configuration takes.
    package static let shortestToken = 16

    /// The most bytes a token may have; more are refused unhashed.
    package static let longestToken = 512

    /// Room for what a Basic credential decodes to: a user name, a colon and the longest token.
    package static let longestBasic = 1024

    private let hasher = TokenHasher()
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: longestBasic, alignment: 16)

    /// Makes an authenticator for one event loop.
    package init() {}

    deinit {
        SecretBytes.cleanse(scratch)
        scratch.deallocate()
    }

    /// Finds the caller with this credential.
    ///
    /// - Parameters:
    ///   - value: The value of the `Authorization` field without white space around it; nil where there is no such field.
    ///   - peer: Where the connection comes from; nil where that is unknown.
    ///   - tokens: The tokens to look among.
    ///   - now: The seconds since 1970.
    package func authenticate(
        _ value: UnsafeRawBufferPointer?,
        from peer: SocketAddress?,
        among tokens: TokenTable,
        now: Int64
    ) -> Outcome {
        guard let value else { return .noCredential }
        guard let space = value.firstIndex(of: UInt8(ascii: " ")) else {
            return outcome(of: value, from: peer, among: tokens, now: now)
        }
        let scheme = UnsafeRawBufferPointer(rebasing: value[..<space])
        var start = space
        while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
        let credential = UnsafeRawBufferPointer(rebasing: value[start...])

        // Case does not matter in the name of a scheme (RFC 9110, 11.1).
        if scheme.equalsIgnoringCase("bearer") {
            return outcome(of: credential, from: peer, among: tokens, now: now)
        }
        if scheme.equalsIgnoringCase("basic") {
            defer { SecretBytes.cleanse(scratch) }
            guard let length = Base64.decode(credential, into: scratch) else { return .unknown(.malformed) }
            let pair = UnsafeRawBufferPointer(rebasing: scratch[..<length])
            guard let colon = pair.firstIndex(of: UInt8(ascii: ":")) else { return .unknown(.malformed) }
            let password = UnsafeRawBufferPointer(rebasing: pair[(colon + 1)...])
            let asPassword = outcome(of: password, from: peer, among: tokens, now: now)
            if case .unknown(.wrong) = asPassword {} else if !password.isEmpty { return asPassword }
            let user = UnsafeRawBufferPointer(rebasing: pair[..<colon])
            if case .caller(let caller) = outcome(of: user, from: peer, among: tokens, now: now) {
                return .caller(caller)
            }
            return asPassword
        }
        return .unknown(.malformed)
    }

    /// Finds the caller with this token.
    package func authenticate(
        token: UnsafeRawBufferPointer,
        from peer: SocketAddress?,
        among tokens: TokenTable,
        now: Int64
    ) -> Outcome {
        outcome(of: token, from: peer, among: tokens, now: now)
    }

    /// Whether a value of `Authorization` is a Basic credential, which browsers show by themselves once they have it.
    package static func isBasic(_ value: UnsafeRawBufferPointer) -> Bool {
        UnsafeRawBufferPointer(rebasing: value.prefix { $0 != UInt8(ascii: " ") }).equalsIgnoringCase("basic")
    }

    private func outcome(
        of token: UnsafeRawBufferPointer,
        from peer: SocketAddress?,
        among tokens: TokenTable,
        now: Int64
    ) -> Outcome {
        guard !token.isEmpty, token.count <= Authenticator.longestToken else { return .unknown(.malformed) }
        // A token is visible ASCII: a second field value or a tab within is a mistake, not a wrong guess.
        for byte in token where byte <= 0x20 || byte >= 0x7f { return .unknown(.malformed) }
        guard let caller = tokens.caller(for: hasher.digest(of: token)) else { return .unknown(.wrong) }
        if caller.isExpired(at: now) { return .unknown(.expired) }
        return caller.mayCome(from: peer) ? .caller(caller) : .unknown(.elsewhere)
    }
}
