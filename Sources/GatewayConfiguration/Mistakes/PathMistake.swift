/// A text in place of a path that cannot be one, or that only a shell understands.
struct PathMistake {
    package let found: String
    package let expected: String?

    /// Nil for what may be a path.
    init?(_ text: String, key: Substring) {
        let isCredential = key == "secretFile" || key == "tokenFile"
        let kind = isCredential ? String(key.dropLast("File".count)) : ""
        if text.isEmpty {
            found = "found ''"
            expected = nil
        } else if text.contains("-----BEGIN") {
            found = "found PEM text itself"
            expected = "the path of a file with that text"
        } else if text.contains("hg_") || text.contains("sha256:") {
            found = "found a text of \(text.count) characters that is no path"
            expected = isCredential ? "the path of a file; the \(kind) itself belongs behind '\(kind):'" : nil
        } else if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            found =
                isCredential
                ? "found a text of \(text.count) characters that is no path" : "found \(Excerpt.quote(text))"
            expected = nil
        } else if text == "~" || text.hasPrefix("~/") || text.wholeMatch(of: /~[a-z_][a-z0-9_-]*\/.*/) != nil {
            let what = isCredential ? "found a path that begins with '~'" : "found \(Excerpt.quote(text))"
            found = "\(what): '~' means a home directory to a shell only"
            let example = isCredential ? "" : ", such as /root\(text.drop { $0 != "/" })"
            expected = "the path from '/' on\(example)"
        } else if text.hasPrefix("$") {
            found = "found a placeholder, which nothing replaces here"
            expected = "the path from '/' on"
        } else if text.unicodeScalars.contains(where: ConfusableCharacter.isInvisible) {
            found = isCredential ? "found a path with an invisible character" : "found \(Excerpt.quote(text))"
            expected = nil
        } else if text.hasPrefix("file://") {
            found = "found \(Excerpt.quote(text))"
            expected = "\(Excerpt.quote(String(text.dropFirst("file://".count)))), without 'file://'"
        } else if text.wholeMatch(of: /[A-Za-z]:[\\\/].*/) != nil {
            found = "found \(Excerpt.quote(text)), a path of Windows"
            expected = "a path of this machine, from '/' on"
        } else {
            return nil
        }
    }
}
