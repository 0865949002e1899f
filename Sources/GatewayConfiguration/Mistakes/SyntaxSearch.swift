import LibYAML

/// The search for the mistake behind an error of the parser, in the lines around the place where it gave up.
struct SyntaxSearch {
    private typealias Line = ConfigurationLines.Line
    typealias Finding = SyntaxMistake.Finding

    /// What explains the error best.
    private(set) var finding: Finding?

    private let error: YAMLError
    private let lines: ConfigurationLines
    /// The line at which the parser gave up; the last one where that is after the end.
    private let here: ConfigurationLines.Line?
    /// The line at which that began what it was reading.
    private let start: ConfigurationLines.Line?

    init(_ error: YAMLError, _ lines: ConfigurationLines, _ keys: KeyPlaces) {
        self.error = error
        self.lines = lines
        here = error.mark.flatMap { lines[$0.line] } ?? lines.all.last { !$0.content.isEmpty }
        start = error.contextMark.flatMap { lines[$0.line] }
        finding =
            openQuote() ?? suspects.lazy.compactMap({ LineMistake.find(in: $0, keys) }).first ?? behindQuote()
            ?? special() ?? inFlow()
            ?? inBlock()
    }

    /// The lines to look at. A mapping begins long before its mistake, a text does not.
    private var suspects: [ConfigurationLines.Line] {
        let isText = error.context?.contains("while scanning") ?? false
        let before = here.flatMap { lines.before($0.number) }
        return [isText ? start : nil, here, before].compactMap { $0 }
    }

    // MARK: - Quotes

    /// A quote without its end takes in the lines after it, up to the next quote or the end of the file.
    private func openQuote() -> Finding? {
        guard let here else { return nil }
        let atEnd = error.problem.contains("unexpected end of stream")
        // From here on nothing has been read.
        let odd = lines.all.prefix(here.number).first { Self.hasOpenQuote($0) }
        guard let line = atEnd && error.context?.contains("quoted") == true ? odd ?? start : odd else { return nil }
        return Finding(
            line: line.number,
            found: "a quote that is not closed",
            expected: "the same quote behind the value"
        )
    }

    private static func hasOpenQuote(_ line: ConfigurationLines.Line) -> Bool {
        var quote: Character?
        var last: Character = " "
        for character in line.content {
            if let open = quote {
                if character == open, last != "\\" || open == "'" { quote = nil }
            } else if character == "\"" || character == "'", " [{,".contains(last) {
                quote = character
            } else if character == "#", last == " " {
                // The comment of a line whose quotes are closed.
                break
            }
            last = character
        }
        return quote != nil
    }

    private func behindQuote() -> Finding? {
        guard let line = suspects.first(where: { $0.value.contains(/^("[^"]*"|'[^']*')\s*[^\s,\]}:]/) }) else {
            return nil
        }
        return Finding(
            line: line.number,
            found: "text behind the closing quote",
            expected: "all of the value between one pair of quotes"
        )
    }

    // MARK: - Characters that mean something

    private func special() -> Finding? {
        guard let here else { return nil }
        if error.problem.contains("escape") {
            return Finding(
                line: here.number,
                found: "a backslash between double quotes",
                expected: "single quotes around the value, or two backslashes"
            )
        }
        let isAlias = error.problem.contains("alias") || error.context?.contains("alias") ?? false
        let isAnchor = error.context?.contains("anchor") ?? false
        let place = error.mark.flatMap { mark in here.text.dropFirst(mark.column - 1).first }
        if isAlias { return Self.quoted("*", start ?? here) }
        if isAnchor { return Self.quoted("&", start ?? here) }
        if error.problem.contains("cannot start any token"), let place, "@`%".contains(place) {
            return Self.quoted(place, here)
        }
        if error.context?.contains("tag") ?? false { return Self.quoted("!", start ?? here) }
        return nil
    }

    private static func quoted(_ mark: Character, _ line: ConfigurationLines.Line) -> Finding {
        Finding(line: line.number, found: "a value that begins with '\(mark)'", expected: "it in quotes")
    }

    // MARK: - Brackets

    private func inFlow() -> Finding? {
        guard let context = error.context, context.contains("flow"), let start else { return nil }
        let (open, close) = context.contains("sequence") ? ("[", "]") : ("{", "}")
        return Finding(
            line: start.number,
            found: "a '\(open)' that is not closed, or a comma that is missing behind it",
            expected: "commas between the entries and '\(close)' behind the last one"
        )
    }

    // MARK: - Indentation

    private func inBlock() -> Finding? {
        guard let here, let before = lines.before(here.number) else { return nil }
        if error.problem.contains("block sequence entries are not allowed"), here.key != nil {
            return Finding(
                line: here.number,
                found: "a list that begins on the line of its key",
                expected: "its first '- ' on the next line"
            )
        }
        if let close = here.content.first, "}]".contains(close) {
            return Finding(line: here.number, found: "a '\(close)' that nothing opens", expected: "no such brackets")
        }
        let isValue = error.problem.contains("mapping values are not allowed")
        if isValue, here.entry.contains(/:\s.*:(\s|$)/) {
            return Finding(
                line: here.number,
                found: "a second colon with a blank behind it",
                expected: "the value in quotes, or a line for each key"
            )
        }
        let indents = enclosing(here)
        if isValue || !indents.contains(where: { $0.indent == here.indent }) {
            return misplaced(here, before, indents)
        }
        if error.problem.contains("'-' indicator") || !here.content.hasPrefix("-") && before.content.hasPrefix("-") {
            return Finding(
                line: here.number,
                found: "a key on the level of the list before it",
                expected: "two more spaces, if it belongs to the entry above, or fewer, if it does not"
            )
        }
        return nil
    }

    /// The lines that a line may align with, the innermost one first, with the column of their keys.
    private func enclosing(_ line: ConfigurationLines.Line) -> [(indent: Int, line: Int)] {
        var found: [(indent: Int, line: Int)] = []
        var limit = Int.max
        for other in lines.all.prefix(line.number - 1).reversed() where !other.content.isEmpty {
            // The keys of an entry stand after its dash.
            let dash = other.content.count - other.entry.count
            for indent in dash > 0 ? [other.indent + dash, other.indent] : [other.indent] where indent < limit {
                found.append((indent, other.number))
                limit = indent
            }
            if limit == 0 { break }
        }
        return found
    }

    private func misplaced(
        _ line: ConfigurationLines.Line,
        _ before: ConfigurationLines.Line,
        _ indents: [(indent: Int, line: Int)]
    ) -> Finding? {
        let places = indents.prefix(3).map { place in
            "\(place.indent), as line \(place.line)"
        }
        guard !places.isEmpty else { return nil }
        let spaces = line.indent == 1 ? "1 space" : "\(line.indent) spaces"
        return Finding(
            line: line.number,
            found: "the line begins with \(spaces), which fits no line above it",
            expected: "\(places.joined(separator: ", or "))"
        )
    }
}
