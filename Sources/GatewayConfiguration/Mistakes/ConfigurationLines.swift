/// The lines of a configuration as its parser counts them.
struct ConfigurationLines {
    /// One line.
    struct Line {
        /// Counted from 1.
        package let number: Int
        /// All of it, without its end.
        package let text: Substring

        /// The spaces before it.
        var indent: Int { text.prefix { $0 == " " }.count }

        /// The line without what stands before and after it, and without its comment.
        package let content: Substring

        /// The same without the dashes of a list before it.
        package var entry: Substring {
            var rest = content
            while rest.hasPrefix("- ") { rest = rest.dropFirst(2).drop { $0 == " " } }
            return rest
        }

        /// The name before the first colon with a space or nothing after it.
        package var key: Substring? {
            entry.prefixMatch(of: /["']?([A-Za-z_][A-Za-z0-9_-]*)["']?\s*:(?=\s|$)/)?.1
        }

        /// What stands after the key.
        package var value: Substring {
            guard let match = entry.prefixMatch(of: /["']?[A-Za-z_][A-Za-z0-9_-]*["']?\s*:(?=\s|$)/) else { return "" }
            return entry[match.range.upperBound...].drop { $0.isWhitespace }
        }

        init(number: Int, text: Substring) {
            self.number = number
            self.text = text
            let trimmed = Line.withoutComment(text).drop { $0 == " " || $0 == "\t" }
            var end = trimmed.endIndex
            while end > trimmed.startIndex, trimmed[trimmed.index(before: end)].isWhitespace {
                end = trimmed.index(before: end)
            }
            content = trimmed[..<end]
        }

        private static func withoutComment(_ text: Substring) -> Substring {
            var quote: Character?
            var last: Character = " "
            for index in text.indices {
                let character = text[index]
                if let open = quote {
                    if character == open { quote = nil }
                } else if character == "\"" || character == "'", " [{,:-\t".contains(last) {
                    quote = character
                } else if character == "#", last == " " || last == "\t" {
                    return text[..<index]
                }
                last = character
            }
            return text
        }
    }

    package let all: [Line]

    init(_ text: String) {
        var lines: [Line] = []
        var start = text.unicodeScalars.startIndex
        let scalars = text.unicodeScalars
        var index = start
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            switch scalar {
            case "\r" where next < scalars.endIndex && scalars[next] == "\n":
                lines.append(Line(number: lines.count + 1, text: text[start..<index]))
                index = scalars.index(after: next)
                start = index
                continue
            // YAML 1.1 has more line breaks than the newline.
            case "\r", "\n", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append(Line(number: lines.count + 1, text: text[start..<index]))
                start = next
            default:
                break
            }
            index = next
        }
        if start < scalars.endIndex { lines.append(Line(number: lines.count + 1, text: text[start...])) }
        all = lines
    }

    /// The line of a number, counted from 1.
    subscript(number: Int) -> Line? { all.indices.contains(number - 1) ? all[number - 1] : nil }

    /// The last line before a number that says something.
    package func before(_ number: Int) -> Line? {
        all.prefix(max(0, number - 1)).last { !$0.content.isEmpty }
    }

    /// The number of the first line with that property.
    package func number(where property: (Substring) -> Bool) -> Int? {
        all.first { property($0.text) }?.number
    }
}
