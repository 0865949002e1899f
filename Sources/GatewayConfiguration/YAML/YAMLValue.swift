import LibYAML
import NIOCore
import Text

/// A value of a configuration that knows where it stands and complains there.
package struct YAMLValue {
    let node: YAMLNode
    /// The line of the value, or of its key where there is no value.
    package let line: Int
    /// The line of the key.
    let keyLine: Int
    /// The path of the key; nil for the top of the file.
    package let key: String?
    package let problems: ProblemCollector

    /// Where it stands.
    package var place: ConfigurationPlace { ConfigurationPlace(file: problems.file, line: line, key: key) }

    init(node: YAMLNode, line: Int, keyLine: Int? = nil, key: String?, problems: ProblemCollector) {
        self.node = node
        self.line = line
        self.keyLine = keyLine ?? line
        self.key = key
        self.problems = problems
    }

    /// Notes that this value is wrong.
    ///
    /// A character that people do not see, or take for another one, is named besides: it is most often the reason.
    package func fail(_ found: String, expected: String? = nil, nearest: String? = nil, advice: String? = nil) {
        let confusable = advice == nil ? node.scalar.flatMap { ConfusableCharacter.first(in: $0.string) } : nil
        problems.fail(
            line: line,
            key: key,
            found,
            expected: expected,
            nearest: nearest,
            advice: advice ?? confusable?.remedy
        )
    }

    /// Notes that this value is better changed.
    func warn(_ found: String, advice: String? = nil) {
        problems.warn(line: line, key: key, found, advice: advice)
    }

    // MARK: - Shape

    /// The last part of the key's path, without the number of a list's entry.
    package var name: Substring {
        let last = key?.split(separator: ".").last ?? ""
        return last.prefix { $0 != "[" }
    }

    /// The path of a key below this value.
    package func path(of child: String) -> String {
        key.map { "\($0).\(child)" } ?? child
    }

    /// The keys and values of a mapping, in the order of the file; empty for anything else.
    package var entries: [(key: String, value: YAMLValue)] {
        guard case .mapping(let pairs) = node.content else { return [] }
        return pairs.map { pair in
            let name = pair.key.scalar?.string ?? "?"
            let keyLine = pair.key.mark.line
            // An absent value has the mark of whatever comes next.
            let isAbsent = pair.value.scalar?.string.isEmpty ?? false
            let valueLine = isAbsent ? keyLine : pair.value.mark.line
            let isBlock = pair.value.scalar == nil
            return (
                name,
                YAMLValue(
                    node: pair.value,
                    line: isBlock ? keyLine : valueLine,
                    keyLine: keyLine,
                    key: path(of: problems.keys.excerpt(of: name)),
                    problems: problems
                )
            )
        }
    }

    /// The elements of a list; empty for anything else.
    var elements: [YAMLValue] {
        guard case .sequence(let nodes) = node.content else { return [] }
        return nodes.enumerated().map { index, node in
            YAMLValue(node: node, line: node.mark.line, key: "\(key ?? "")[\(index)]", problems: problems)
        }
    }

    /// Everything directly below this value.
    package var children: [YAMLValue] { entries.map(\.value) + elements }

    var isList: Bool {
        if case .sequence = node.content { true } else { false }
    }

    var isMapping: Bool {
        if case .mapping = node.content { true } else { false }
    }

    /// A tag that the file spells out and that says more than the value itself.
    var explicitTag: String? {
        let own: YAMLTag =
            switch node.content {
            case .scalar: .str
            case .sequence: .seq
            case .mapping: .map
            case .alias: .implicit
            }
        return [.implicit, .nonSpecific, own].contains(node.tag) ? nil : node.tag.rawValue
    }

    /// What kind of value this is, in words that show nothing of it.
    var kindInWords: String {
        switch node.content {
        case .mapping: "keys and values"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar: isNothing ? "nothing" : "a single value"
        }
    }

    /// Whether there is no value: nothing after the colon, or one of YAML's words for it.
    var isNothing: Bool { node.scalar?.isNull ?? false }

    /// Whether the value is a text in quotes.
    var isQuoted: Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .singleQuoted || scalar.style == .doubleQuoted
    }

    // MARK: - Readers that complain

    /// Whether the value is one of those that other programs replace; that is noted. Here it would count as it stands.
    func failIfPlaceholder() -> Bool {
        let isPlaceholder =
            switch node.content {
            case .scalar(let scalar): Placeholder.isIn(scalar.string, key: name)
            // Without quotes, `{{ NAME }}` is a mapping whose key is a mapping.
            case .mapping(let pairs): if let key = pairs.first?.key.content, case .mapping = key { true } else { false }
            case .sequence, .alias: false
            }
        guard isPlaceholder else { return false }
        fail("found a placeholder, which nothing replaces here", expected: Placeholder.remedy(for: name))
        return true
    }

    /// The text of a single value, digits and all as they are written.
    package func text(expected: String) -> String? {
        if failIfPlaceholder() { return nil }
        guard let scalar = node.scalar, !isNothing else {
            let advice: String? =
                if isList {
                    "write it without brackets or a dash"
                } else if isMapping {
                    "write it without a key"
                } else {
                    // It begins a comment.
                    ["secret", "token"].contains(name) ? "write it in quotes if it begins with '#'" : nil
                }
            fail("found \(kindInWords)", expected: expected, advice: advice)
            return nil
        }
        return scalar.string
    }

    /// A whole number within a range.
    func integer(in range: ClosedRange<Int>) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let text = text(expected: expected) else { return nil }
        let number = YAMLValue.number(text).flatMap { range.contains($0) ? $0 : nil }
        guard let number, !isQuoted else {
            let meant = YAMLValue.number(text.filter { !"_,;' ".contains($0) }).flatMap {
                range.contains($0) ? $0 : nil
            }
            fail(
                "found \(Excerpt.quote(text))\(isQuoted ? " in quotes" : "")",
                expected: meant.map { isQuoted ? "\($0) without quotes" : "\($0)" } ?? expected
            )
            return nil
        }
        return number
    }

    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
    }

    /// A duration within a range.
    package func duration(in range: ClosedRange<TimeAmount>) -> TimeAmount? {
        let expected = "a duration such as 500ms, 10s or 1m"
        let bounds = "\(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
        guard let text = text(expected: expected) else { return nil }
        guard let duration = DurationText.parse(text) else {
            if let meant = DurationText.meant(byNumber: text, in: range) {
                fail("found \(Excerpt.quote(text)) without a unit", expected: meant)
            } else {
                let meant = DurationText.meant(by: text, in: range)
                fail("found \(Excerpt.quote(text))", expected: meant ?? "\(expected), from \(bounds)")
            }
            return nil
        }
        guard range.contains(duration) else {
            fail("found \(Excerpt.quote(text))", expected: "a duration from \(bounds)")
            return nil
        }
        return duration
    }

    /// One of a few words.
    ///
    /// - Parameter meanings: What other programs call them.
    package func word(among words: [String], kind: String, meanings: [String: String] = [:]) -> String? {
        let expected = "one of \(words.joined(separator: ", "))"
        guard let text = text(expected: expected) else { return nil }
        guard words.contains(text) else {
            fail(
                "\(Excerpt.quote(text)) is no \(kind)",
                expected: expected,
                nearest: meanings[text.lowercased()] ?? NearestWord.find(text, among: words)
            )
            return nil
        }
        return text
    }

    /// The elements of a list that is not empty.
    ///
    /// - Parameters:
    ///   - example: Such a list, where it is written within brackets.
    ///   - separators: What other programs have between the entries.
    ///   - accepts: Whether a text can be an entry.
    package func list(
        of what: String,
        example: String? = nil,
        separators: String = "",
        accepts: (String) -> Bool = { _ in true }
    ) -> [YAMLValue]? {
        if failIfPlaceholder() { return nil }
        guard isList else {
            let text = example == nil || isNothing ? nil : node.scalar?.string
            let meant = text.flatMap { ListText.meant(by: $0, separators: separators, accepts: accepts) }
            let such = example.map { ", such as \($0)" } ?? ""
            fail(
                "found \(kindInWords)",
                expected: meant.map { "a list in brackets: \(name): \($0)" } ?? "a list of \(what)\(such)",
                advice: isMapping && example == nil ? "write '- ' before the first key of each" : nil
            )
            return nil
        }
        guard !elements.isEmpty else {
            fail("found an empty list", expected: "at least one of the \(what)")
            return nil
        }
        return elements
    }

    /// The keys and values of a mapping with known keys only.
    package func mapping(keys: [String]) -> YAMLMapping? {
        YAMLMapping(self, keys: keys)
    }
}

extension YAMLValue {
    /// What YAML 1.1, nginx and others take for truth values.
    private static let truths = [
        "yes": "true", "on": "true", "y": "true", "1": "true", "enabled": "true", "enable": "true", "是": "true",
        "no": "false", "off": "false", "n": "false", "0": "false", "disabled": "false", "disable": "false",
        "none": "false", "否": "false",
    ]

    /// One of the words true and false, as YAML 1.2 has them.
    package func boolean() -> Bool? {
        guard let word = word(among: ["true", "false"], kind: "truth value", meanings: Self.truths) else { return nil }
        guard !isQuoted else {
            fail("found \(Excerpt.quote(word)) in quotes", expected: "true or false, without quotes")
            return nil
        }
        return word == "true"
    }
}
