/// A character that looks like one of ASCII, or like nothing at all, and that means something else to YAML.
///
/// They come from word processors, web pages, messengers and Chinese input methods.
struct ConfusableCharacter: Hashable {
    /// What stands for nothing is to be deleted.
    private static let named: [(scalars: ClosedRange<Unicode.Scalar>, name: String, ordinary: Character?)] = [
        ("\u{A0}"..."\u{A0}", "a no-break space", " "),
        ("\u{1680}"..."\u{1680}", "a space of another width", " "),
        ("\u{2000}"..."\u{200A}", "a space of another width", " "),
        ("\u{202F}"..."\u{202F}", "a narrow no-break space", " "),
        ("\u{205F}"..."\u{205F}", "a space of another width", " "),
        ("\u{3000}"..."\u{3000}", "a full-width space", " "),
        ("\u{AD}"..."\u{AD}", "a soft hyphen", nil),
        ("\u{200B}"..."\u{200B}", "a zero-width space", nil),
        ("\u{200C}"..."\u{200D}", "a zero-width joiner", nil),
        ("\u{200E}"..."\u{200F}", "a direction mark", nil),
        ("\u{202A}"..."\u{202E}", "a direction mark", nil),
        ("\u{2060}"..."\u{2060}", "a zero-width joiner", nil),
        ("\u{2066}"..."\u{2069}", "a direction mark", nil),
        ("\u{FEFF}"..."\u{FEFF}", "a byte order mark", nil),
        ("\u{2010}"..."\u{2015}", "a typographic dash", "-"),
        ("\u{2212}"..."\u{2212}", "a minus sign", "-"),
        ("\u{2018}"..."\u{201B}", "a typographic quote", "\""),
        ("\u{201C}"..."\u{201F}", "a typographic quote", "\""),
        ("\u{AB}"..."\u{AB}", "a typographic quote", "\""),
        ("\u{BB}"..."\u{BB}", "a typographic quote", "\""),
        ("\u{300C}"..."\u{300F}", "a typographic quote", "\""),
        ("\u{2236}"..."\u{2236}", "a ratio sign", ":"),
        ("\u{A789}"..."\u{A789}", "a letter that looks like a colon", ":"),
        ("\u{3001}"..."\u{3001}", "an ideographic comma", ","),
        ("\u{3002}"..."\u{3002}", "an ideographic full stop", "."),
        ("\u{3010}"..."\u{3010}", "a full-width bracket", "["),
        ("\u{3011}"..."\u{3011}", "a full-width bracket", "]"),
    ]

    private let scalar: Unicode.Scalar
    private let name: String
    /// What it looks like; nil where that is nothing.
    let ordinary: Character?

    /// Whether nothing of it is to be seen, or nothing but a gap.
    let isInvisible: Bool

    /// Nil for what is just itself.
    init?(_ scalar: Unicode.Scalar) {
        guard scalar.value > 0x7F else { return nil }
        self.scalar = scalar
        isInvisible = Self.isInvisible(scalar)
        if let known = Self.named.first(where: { $0.scalars.contains(scalar) }) {
            name = known.name
            ordinary = known.ordinary
        } else if let narrow = Self.narrow(scalar) {
            name = "a full-width '\(narrow)'"
            ordinary = Character(narrow)
        } else if isInvisible {
            name = "an invisible character"
            ordinary = nil
        } else {
            return nil
        }
    }

    /// The first one of a text.
    package static func first(in text: some StringProtocol) -> ConfusableCharacter? {
        text.unicodeScalars.lazy.compactMap { ConfusableCharacter($0) }.first
    }

    /// Whether a character shows nothing, or nothing but a gap. An ordinary space does not count.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        case .spaceSeparator: scalar != " "
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// The number of a character, as `U+00A0`.
    package static func number(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// What a form of full width is the wide form of.
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return nil }
        return Unicode.Scalar(scalar.value - 0xFEE0)
    }

    /// What it is, without what to do about it.
    package var words: String { "\(Self.number(scalar)), \(name)" }

    /// What belongs in its place.
    package var expected: String {
        guard let ordinary else { return "nothing in its place" }
        return ordinary == " " ? "an ordinary space" : "an ordinary '\(ordinary)'"
    }

    /// What it is and what to do about it: `U+00A0 is a no-break space: write an ordinary space`.
    var remedy: String {
        "\(Self.number(scalar)) is \(name): \(ordinary == nil ? "delete it" : "write \(expected)")"
    }

    /// A text with what it looks like in place of such characters.
    static func ordinary(_ text: String) -> String {
        var cleaned = ""
        for scalar in text.unicodeScalars {
            guard let confusable = ConfusableCharacter(scalar) else {
                cleaned.unicodeScalars.append(scalar)
                continue
            }
            if let ordinary = confusable.ordinary { cleaned.append(ordinary) }
        }
        return cleaned
    }
}
