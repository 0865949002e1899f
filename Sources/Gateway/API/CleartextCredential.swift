import Access
import HTTPServer
import Text

/// A credential in a request that came unencrypted: anyone on the network path could read it.
struct CleartextCredential {
    /// The most parts of a request that are looked up.
    private static let partLimit = 32

    /// Whose token it is, whatever it is worth now and from there; nil where it is none of the gateway's.
    let caller: Caller?

    /// Finds the credential in a request: `Authorization` with anything in it, or a part of the target that looks like a token of
    /// the gateway's, or is one.
    init?(in request: Request, among tokens: TokenTable) {
        let field = request.fields.authorization.map { request.withBytes(of: $0, Array.init) }
        let target = Self.parts(of: TokenRedaction.decoded(request.string(of: request.target)))
        // Most requests carry nothing, and are not to wait for a hash.
        guard field != nil || !target.isEmpty else { return nil }
        let hasher = TokenHasher()
        let candidates = (field.map(Self.tokens(inField:)) ?? []) + target
        let caller = candidates.lazy
            .compactMap { $0.withUnsafeBytes { tokens.caller(for: hasher.digest(of: $0)) } }
            .first
        guard field != nil || caller != nil || target.contains(where: Self.looksLikeToken) else { return nil }
        self.caller = caller
    }

    /// What may be the token in the value of an `Authorization` field, in whichever scheme, or in none.
    private static func tokens(inField value: [UInt8]) -> [[UInt8]] {
        let space = value.firstIndex(of: UInt8(ascii: " ")) ?? value.startIndex
        let credential = Array(value[space...].drop { $0 == UInt8(ascii: " ") })
        var pair = [UInt8](repeating: 0, count: Authenticator.longestBasic)
        let length = credential.withUnsafeBytes { input in
            pair.withUnsafeMutableBytes { Base64.decode(input, into: $0) }
        }
        var candidates = [value, credential]
        if let length, let colon = pair[..<length].firstIndex(of: UInt8(ascii: ":")) {
            candidates += [Array(pair[..<colon]), Array(pair[(colon + 1)..<length])]
        }
        return candidates.filter(isLongEnough)
    }

    /// The parts of a path and query that are as long as a token.
    private static func parts(of target: String) -> [[UInt8]] {
        let ends = Array("/?&=;:,@#".utf8)
        return Array(
            target.utf8.lazy.split { ends.contains($0) }.map { Array($0) }.filter(isLongEnough).prefix(partLimit)
        )
    }

    private static func isLongEnough(_ part: [UInt8]) -> Bool {
        (Authenticator.shortestToken...Authenticator.longestToken).contains(part.count)
    }

    private static func looksLikeToken(_ part: [UInt8]) -> Bool {
        part.starts(with: NewToken.prefix.utf8)
    }
}
