/// Values for a YAML file that an operator is to copy.
package enum YAMLText {
    /// The text as it is where YAML takes it for nothing else, or in double quotes.
    package static func quote(_ text: String) -> String {
        let isWord = text.utf8.first.map { Unicode.Scalar($0).properties.isAlphabetic && $0 < 0x80 } ?? false
        let isPlain =
            isWord
            && text.utf8.allSatisfy { byte in
                byte < 0x80 && Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte)
                    || "-_.@".utf8.contains(byte)
            }
        // YAML has words of its own, and not all readers agree on which they are.
        let isReserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
        if isPlain, !isReserved { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                quoted += "\\x" + hexadecimal(scalar.value, width: 2)
            case "\u{2028}", "\u{2029}", "\u{FEFF}":
                quoted += "\\u" + hexadecimal(scalar.value, width: 4)
            default:
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func hexadecimal(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Words of a command that an operator is to copy into a shell.
package enum ShellText {
    /// The word itself, in quotes where a shell would take it apart.
    package static func quote(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                Unicode.Scalar(byte).properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
                    || "/._-+:@%,=".utf8.contains(byte)
            }
        return isPlain
            ? word
            : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
