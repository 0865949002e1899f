/// Quotes a piece of a configuration in a message: on one line, short, and never a token.
enum Excerpt {
    private static let longest = 48

    static func quote(_ text: String) -> String {
        // A token pasted into the wrong place must not reach the log from there.
        if text.contains("hg_") || text.contains("sha256:") { return "a text of \(text.count) characters" }
        var shown = ""
        for scalar in text.unicodeScalars.prefix(longest) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                shown.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > longest ? "'\(shown)…'" : "'\(shown)'"
    }
}
