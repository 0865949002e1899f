/// Takes tokens out of text that goes into a log. Nobody is asked for a token in a URL, which does not keep people from
/// putting one there.
enum TokenRedaction {
    private static let mark = "***"

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
    private static func decoded(_ text: String) -> String {
        var bytes = Array(text.utf8)
        while let decoded = decodedOnce(bytes) { bytes = decoded }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decodedOnce(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "%")) else { return nil }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = HTTPGrammar.hexValue(bytes[index + 1]), let low = HTTPGrammar.hexValue(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result.count < bytes.count ? result : nil
    }

    /// The same for a request target. A token that the operator chose looks like nothing in particular, so of a query
    /// only the parameters that mean something here are kept.
    static func redact(target: String) -> String {
        guard let mark = target.firstIndex(of: "?") else { return redact(target) }
        let pairs = target[target.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let kept = pairs.map { pair -> Substring in
            let equals = pair.firstIndex(of: "=")
            let name = pair[..<(equals ?? pair.endIndex)]
            if pair.isEmpty || RequestTarget.Parameter(rawValue: String(name)) != nil { return pair }
            return equals.map { pair[...$0] + Self.mark } ?? Substring(Self.mark)
        }
        return redact(target[...mark] + kept.joined(separator: "&"))
    }
}
