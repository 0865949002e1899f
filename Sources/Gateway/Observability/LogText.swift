/// Text that stays on its line of a log and moves no terminal's cursor.
package enum LogText {
    /// The text with what controls a terminal, or ends a line, as an escape sequence.
    package static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isControl(scalar) { result += sequence(scalar) } else { result.unicodeScalars.append(scalar) }
        }
    }

    /// The text as the value of a field: in quotes, where it would not end at the next space.
    static func value(_ text: String) -> String {
        let needsQuotes =
            text.isEmpty || text.unicodeScalars.contains { " \"=\\".unicodeScalars.contains($0) || isControl($0) }
        guard needsQuotes else { return text }
        let inside = text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            if isControl(scalar) { result += sequence(scalar) } else { result.unicodeScalars.append(scalar) }
        }
        return "\"\(inside)\""
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func sequence(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
}
