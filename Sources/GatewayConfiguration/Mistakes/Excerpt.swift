/// Quotes a piece of a configuration in a message: on one line, short, nothing invisible, and never a token or a key.
package enum Excerpt {
    private static let longest = 48

    package static func quote(_ text: String) -> String {
        // What was pasted into the wrong place must not reach the log from there.
        if mayBeSecret(text) { return "a text of \(text.count) characters" }
        let shown = visible(text.unicodeScalars.prefix(longest))
        return text.unicodeScalars.count > longest ? "'\(shown)…'" : "'\(shown)'"
    }

    /// Whether a text has the looks of a token, of what is kept of one, or of a private key.
    static func mayBeSecret(_ text: some StringProtocol) -> Bool {
        ["hg_", "sha256:", "-----BEGIN", "Bearer "].contains { text.contains($0) }
    }

    /// The same with a number in place of each invisible character.
    private static func visible(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var shown = ""
        for scalar in scalars {
            if ConfusableCharacter.isInvisible(scalar) {
                shown += "<\(ConfusableCharacter.number(scalar))>"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
