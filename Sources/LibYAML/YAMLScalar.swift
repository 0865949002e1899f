/// A single value of a YAML text, as it is written.
package struct YAMLScalar: Sendable, Hashable {
    /// How a value is written.
    package enum Style: Sendable, Hashable {
        /// Without quotes.
        case plain
        /// In single quotes.
        case singleQuoted
        /// In double quotes.
        case doubleQuoted
        /// As a block after `|`.
        case literal
        /// As a block after `>`.
        case folded
    }

    /// The value without its quotes and escapes.
    package let string: String

    /// How it is written.
    package let style: Style

    /// Makes a value.
    package init(_ string: String, style: Style) {
        self.string = string
        self.style = style
    }

    /// Whether it is written as nothing, `~` or `null`; in quotes, that is a text.
    package var isNull: Bool {
        style == .plain && YAMLTag(plain: string) == .null
    }
}
