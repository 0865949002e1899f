/// A single value of a YAML text, as it is written.
public struct YAMLScalar: Sendable, Hashable {
    /// How a value is written.
    public enum Style: Sendable, Hashable {
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
    public let string: String

    /// How it is written.
    public let style: Style

    /// Makes a value.
    public init(_ string: String, style: Style) {
        self.string = string
        self.style = style
    }

    /// Whether it is written as nothing, `~` or `null`; in quotes, that is a text.
    public var isNull: Bool {
        style == .plain && YAMLTag(plain: string) == .null
    }
}
