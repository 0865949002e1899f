/// A line of the configuration in a message, if nothing in it can be a secret.
enum SafeLine {
    private static let secrets = ["secret", "token", "hash", "password", "passwd", "auth"]
    private static let longest = 60

    /// The line in quotes; nil where it could hold a secret.
    package static func quote(_ line: ConfigurationLines.Line, _ keys: KeyPlaces) -> String? {
        let text = line.content
        let lower = text.lowercased()
        // Who may say what an unknown word is? Only lines that begin with a key of ours are shown.
        guard let word = line.entry.prefixMatch(of: /[A-Za-z]+/)?.output, keys.all.contains(String(word)),
            !secrets.contains(where: lower.contains), !Excerpt.mayBeSecret(text),
            text.unicodeScalars.count <= longest
        else { return nil }
        let value = line.entry.dropFirst(word.count)
        let longestRun = value.split { !($0.isASCII && ($0.isLetter || $0.isNumber) || "+=_-".contains($0)) }
            .map(\.count).max()
        guard longestRun ?? 0 < 20 else { return nil }
        return Excerpt.quote(String(text))
    }
}
