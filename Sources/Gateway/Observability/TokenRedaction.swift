import Access
import Text

/// Redacts tokens in text for a log. The gateway never asks for a token in a URL, which does not keep people from
/// putting one there.
enum TokenRedaction {
    private static let mark = "***"
    /// The longest path that is kept of one that leads nowhere, in bytes.
    private static let longestUnknownPath = 64

    /// `text` with what follows `hg_` replaced; percent-decoded, if only that shows it.
    static func redact(_ text: String) -> String {
        let decoded = decoded(text)
        guard decoded.contains(NewToken.prefix) else { return text }
        var result = ""
        var rest = decoded[...]
        while let found = rest.firstRange(of: NewToken.prefix) {
            result += rest[..<found.upperBound] + mark
            rest = rest[found.upperBound...].drop {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
            }
        }
        return result + rest
    }

    /// `text` without any percent-encoding, however often it was encoded.
    static func decoded(_ text: String) -> String {
        var bytes = Array(text.utf8)
        while bytes.contains(UInt8(ascii: "%")), let decoded = PercentEncoding.decode(bytes, malformed: .kept),
            decoded.count < bytes.count
        {
            bytes = decoded
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same for a request target. A token that the operator chose looks like nothing in particular, so of a query
    /// only the parameters that mean something here are kept, and of a path that leads nowhere only what is too short to
    /// be a token.
    static func redact(target: String, known: KnownTargets) -> String {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return redact(path: target[...], known) }
        let pairs = target[target.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let kept = pairs.map { pair -> Substring in
            let equals = pair.firstIndex(of: "=")
            let name = pair[..<(equals ?? pair.endIndex)]
            // No value that means something is as long as a token.
            let isKnown = known.isParameter(name)
            if pair.isEmpty || isKnown && pair.utf8.count - name.utf8.count <= Authenticator.shortestToken {
                return pair
            }
            return equals.map { pair[...$0] + Self.mark } ?? Substring(Self.mark)
        }
        return redact(path: target[..<mark], known) + redact("?" + kept.joined(separator: "&"))
    }

    /// A path of ours as it is; of another one what stands before the first segment that is as long as a token, cut.
    private static func redact(path: Substring, _ known: KnownTargets) -> String {
        var path = path
        if path.withUTF8({ known.isPath(UnsafeRawBufferPointer($0)) }) { return String(path) }
        let bytes = path.utf8
        let segments: [Substring.UTF8View] = bytes.split(separator: UInt8(ascii: "/"))
        let token = segments.first { $0.count >= Authenticator.shortestToken }
        let end = min(token?.startIndex ?? bytes.endIndex, bytes.prefix(longestUnknownPath).endIndex)
        guard end < bytes.endIndex else { return redact(String(path)) }
        return redact(String(decoding: bytes[..<end], as: UTF8.self)) + mark
    }
}

/// Which parts of a request target mean something, and so are no tokens.
struct KnownTargets: Sendable {
    /// Whether there is something at this path, which is as it was sent.
    let isPath: @Sendable (UnsafeRawBufferPointer) -> Bool
    /// Whether a parameter of this name says something.
    let isParameter: @Sendable (Substring) -> Bool
}
