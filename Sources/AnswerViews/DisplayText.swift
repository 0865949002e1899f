/// Text that others chose, made fit for a terminal.
///
/// User names may be anything, line breaks and escape sequences included (with Hysteria's `http` and `command`
/// authentication), and the names of sites come from the users themselves.
enum DisplayText {
    /// The longest text shown in a column, in characters.
    static let longest = 64

    /// `text` with everything that is not plainly visible written as `\u{…}`, cut to ``longest``.
    static func escape(_ text: some StringProtocol) -> String {
        if text.isEmpty { return "\"\"" }
        if isPlain(text.utf8) { return String(text) }
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count >= longest { return result + "…" }
            if isVisible(scalar) {
                result.unicodeScalars.append(scalar)
                count += 1
            } else {
                let escape = "\\u{\(String(scalar.value, radix: 16))}"
                result += escape
                count += escape.utf8.count
            }
        }
        return result
    }

    /// A name by its bytes, repaired where they are not UTF-8.
    static func escape(_ name: [UInt8]) -> String { escape(String(decoding: name, as: UTF8.self)) }

    /// Whether a name is shown as it stands, which most are.
    static func isPlain(_ name: some Collection<UInt8>) -> Bool {
        (1...longest).contains(name.count)
            && name.allSatisfy { (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\\") }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Controls, the invisible (bidirectional overrides among them), and all that breaks or fakes a line. A backslash
        // is escaped so that an escape cannot be spelled out.
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .nonspacingMark, .enclosingMark, .spacingMark: false
        case .spaceSeparator: scalar == " "
        default: scalar != "\\"
        }
    }
}
