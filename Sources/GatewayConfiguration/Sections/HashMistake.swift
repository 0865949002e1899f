import Access

/// What stands after `hash:` that is none, described and never shown: it may be the token itself.
package struct HashMistake {
    private let found: String
    private let remedy: String?

    init(_ text: String) {
        let prefix = TokenDigest.prefix
        let isHexadecimal = !text.isEmpty && text.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit)
        if text.hasPrefix("hg_") {
            found = "found the token itself where its hash belongs"
            remedy =
                "'token:' in place of 'hash:', or \(prefix) and the digits that `printf %s TOKEN | sha256sum` prints"
        } else if isHexadecimal, text.count == 2 * TokenDigest.byteCount {
            found = "found 64 hexadecimal digits alone"
            remedy = "\(prefix) before them, without a blank between"
        } else if text.hasPrefix(prefix), text.contains("…") || text.contains("...") {
            found = "found an example that stands for a hash"
            remedy = "the line that 'hysteria-gateway token NAME' prints"
        } else if text.hasPrefix(prefix) {
            found = "found \(prefix) and \(text.count - prefix.count) characters that are not 64 such digits"
            remedy = nil
        } else if text.lowercased().hasPrefix(prefix) || text.lowercased().hasPrefix("sha-256:") {
            found = "found another spelling of \(prefix)"
            remedy = "\(prefix) in small letters and without a dash, before the 64 digits"
        } else if text.hasPrefix("$") {
            found = "found a hash for passwords, as htpasswd writes it"
            remedy = nil
        } else {
            found = "found a text of \(text.count) characters that does not begin with \(prefix)"
            remedy = nil
        }
    }

    func report(_ value: YAMLValue, expected: String) {
        value.fail(found, expected: remedy ?? expected)
    }
}
