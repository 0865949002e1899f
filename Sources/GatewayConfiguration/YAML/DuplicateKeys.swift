import LibYAML

/// Keeps reading past keys that are given twice, so that they do not hide the other problems of a file.
///
/// The parser refuses a mapping with duplicate keys as a whole. Each refused key is renamed in the text to one that no
/// operator writes, in place, so that all lines keep their numbers, and the text is read again.
struct DuplicateKeys {
    private static let mostRenamed = 50

    /// A private-use character: it begins no key of any configuration.
    private static let marker: Unicode.Scalar = "\u{E000}"

    private var names: [String: (name: String, line: Int)] = [:]

    /// Whether this is a key that ``rename(_:at:in:)`` left behind.
    static func isRenamed(_ key: String) -> Bool {
        key.unicodeScalars.first == marker
    }

    /// Renames the key at a mark; false where the text does not have it there in so many letters.
    package mutating func rename(_ name: String, at mark: YAMLMark, in text: inout String) -> Bool {
        guard names.count < DuplicateKeys.mostRenamed, !name.isEmpty, !DuplicateKeys.isRenamed(name),
            let start = DuplicateKeys.index(of: mark, in: text.unicodeScalars)
        else { return false }
        let scalars = text.unicodeScalars
        guard scalars[start...].starts(with: name.unicodeScalars),
            let end = scalars.index(start, offsetBy: name.unicodeScalars.count, limitedBy: scalars.endIndex)
        else { return false }
        let substitute = "\(DuplicateKeys.marker)\(names.count)"
        names[substitute] = (name, mark.line)
        text.unicodeScalars.replaceSubrange(start..<end, with: substitute.unicodeScalars)
        return true
    }

    /// Notes each key that was given twice, at the line of the last one, which has kept its name.
    package func report(in value: YAMLValue) {
        guard !names.isEmpty else { return }
        for (key, child) in value.entries {
            if let (name, line) = names[key] {
                let last = value.entries.last { $0.key == name }?.value
                let place = last ?? child
                place.problems.fail(
                    line: place.keyLine,
                    key: last?.key ?? place.problems.keys.excerpt(of: name),
                    "the key is given more than once",
                    expected: "it once; line \(line) has it too"
                )
            }
        }
        for child in value.children { report(in: child) }
    }

    /// Where a mark points to, by the line breaks of YAML 1.1, which are more than the newline.
    private static func index(of mark: YAMLMark, in scalars: String.UnicodeScalarView) -> String.Index? {
        var line = 1
        var column = 1
        var index = scalars.startIndex
        while index < scalars.endIndex {
            if line == mark.line, column == mark.column { return index }
            let scalar = scalars[index]
            index = scalars.index(after: index)
            switch scalar {
            case "\r" where index < scalars.endIndex && scalars[index] == "\n":
                continue
            case "\r", "\n", "\u{85}", "\u{2028}", "\u{2029}":
                line += 1
                column = 1
            default:
                column += 1
            }
        }
        return nil
    }
}
