/// Takes tokens out of text that goes into a log. Nobody is asked for a token in a URL, which does not keep people from
/// putting one there.
enum TokenRedaction {
    /// `text` with what follows `hg_` replaced.
    static func redact(_ text: String) -> String {
        guard text.contains(NewToken.prefix) else { return text }
        var result = ""
        var rest = text[...]
        while let found = rest.firstRange(of: NewToken.prefix) {
            result += rest[..<found.upperBound] + "…"
            rest = rest[found.upperBound...].drop {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
            }
        }
        return result + rest
    }
}
