import Access
import HysteriaStats

/// Redacts secrets in the access log's text of a request: tokens, whatever they look like, and Hysteria's secret.
///
/// ``TokenRedaction`` finds what looks like a token. Here, text is compared with the tokens and the secret that there are.
///
/// Not `Sendable`: one per event loop.
final class LogRedaction {
    /// Shorter ones would occur in ordinary requests.
    private static let shortestSecret = 4
    private static let mark = "***"
    /// How many texts of callers are remembered. Most callers send the same `User-Agent` with each request.
    private static let memory = 256

    private let hasher = TokenHasher()
    private let known: KnownTargets
    private var tokens: TokenTable
    private var secrets: [[UInt8]] = []
    private var userAgents: [String: String] = [:]

    /// - Parameter known: what is kept of request targets.
    init(tokens: TokenTable, secrets: [Secret], known: KnownTargets) {
        self.known = known
        self.tokens = tokens
        adopt(secrets)
    }

    /// Looks for these tokens and secrets from now on, and for the secrets before them: panels go on sending those.
    func adopt(tokens: TokenTable, secrets: [Secret]) {
        self.tokens = tokens
        adopt(secrets)
        userAgents = [:]
    }

    private func adopt(_ new: [Secret]) {
        let new = new.map { $0.withUnsafeBytes(Array.init) }.filter { $0.count >= Self.shortestSecret }
        guard !new.isEmpty else { return }
        secrets = new + secrets.filter { !new.contains($0) }.prefix(new.count)
    }

    // MARK: Parts of a request

    /// A method. No method that means something is as long as a token.
    func method(_ text: String) -> String {
        let method = TokenRedaction.redact(text)
        return method.utf8.count >= Authenticator.shortestToken || containsSecret(method) ? Self.mark : method
    }

    /// A request target.
    func target(_ text: String) -> String {
        let target = TokenRedaction.redact(target: text, known: known)
        // What is kept of a query is short, and so is what is kept of a path that leads nowhere.
        return containsSecret(target) ? Self.mark : target
    }

    /// What a field says, such as `User-Agent`.
    func field(_ text: String) -> String {
        if let known = userAgents[text] { return known }
        let redacted = redact(field: text)
        if userAgents.count >= Self.memory { userAgents = [:] }
        userAgents[text] = redacted
        return redacted
    }

    private func redact(field text: String) -> String {
        let redacted = TokenRedaction.redact(text)
        let decoded = TokenRedaction.decoded(redacted)
        return containsSecret(redacted) || containsToken(redacted) || containsToken(decoded) ? Self.mark : redacted
    }

    // MARK: Secrets

    private func containsSecret(_ text: String) -> Bool {
        let length = text.utf8.count
        guard secrets.contains(where: { $0.count <= length }) else { return false }
        let bytes = Array(text.utf8)
        let decoded = bytes.contains(UInt8(ascii: "%")) ? Array(TokenRedaction.decoded(text).utf8) : bytes
        return secrets.contains { bytes.firstRange(of: $0) != nil || decoded.firstRange(of: $0) != nil }
    }

    /// Whether a word is one of the tokens: all between spaces, or all between signs that stand around values.
    private func containsToken(_ text: String) -> Bool {
        let isSign: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ":"),
                UInt8(ascii: "@"), UInt8(ascii: "&"), UInt8(ascii: "?"), UInt8(ascii: "|"):
                true
            default: byte <= 0x20 || byte >= 0x7f
            }
        }
        for word in Array(text.utf8).split(whereSeparator: { $0 <= 0x20 || $0 >= 0x7f }) {
            guard word.count >= Authenticator.shortestToken else { continue }
            if isToken(word) || word.split(whereSeparator: isSign).contains(where: isToken) { return true }
        }
        return false
    }

    private func isToken(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count >= Authenticator.shortestToken, word.count <= Authenticator.longestToken else {
            return false
        }
        return word.withUnsafeBytes { tokens.caller(for: hasher.digest(of: $0)) } != nil
    }
}
