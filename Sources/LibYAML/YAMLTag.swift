/// What a YAML node says that it is, or what its text makes of it.
package struct YAMLTag: RawRepresentable, Sendable, Hashable {
    /// The tag in full, as `tag:yaml.org,2002:str`; empty where the text has none.
    package let rawValue: String

    /// Makes a tag of its full name.
    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text has no tag: the value decides.
    package static let implicit = YAMLTag(rawValue: "")
    /// The tag `!`: a text, a list or a mapping, whatever the value looks like.
    package static let nonSpecific = YAMLTag(rawValue: "!")

    /// A text.
    package static let str = YAMLTag(rawValue: "tag:yaml.org,2002:str")
    /// A list.
    package static let seq = YAMLTag(rawValue: "tag:yaml.org,2002:seq")
    /// Keys with values.
    package static let map = YAMLTag(rawValue: "tag:yaml.org,2002:map")
    /// A truth value.
    package static let bool = YAMLTag(rawValue: "tag:yaml.org,2002:bool")
    /// A whole number.
    package static let int = YAMLTag(rawValue: "tag:yaml.org,2002:int")
    /// A number.
    package static let float = YAMLTag(rawValue: "tag:yaml.org,2002:float")
    /// Nothing.
    package static let null = YAMLTag(rawValue: "tag:yaml.org,2002:null")
    /// A point in time.
    package static let timestamp = YAMLTag(rawValue: "tag:yaml.org,2002:timestamp")
    /// The key `<<`.
    package static let merge = YAMLTag(rawValue: "tag:yaml.org,2002:merge")
    /// The key `=`.
    package static let value = YAMLTag(rawValue: "tag:yaml.org,2002:value")
}

extension YAMLTag {
    /// What YAML 1.1 takes a text for that has neither quotes nor a tag.
    ///
    /// More is a number here than most people think: `0o17`, `1_000`, `12:30`, `1e3`.
    package init(plain text: String) {
        switch text {
        case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON",
            "off", "Off", "OFF":
            self = .bool
        case "", "~", "null", "Null", "NULL":
            self = .null
        case "<<":
            self = .merge
        case "=":
            self = .value
        default:
            let text = YAML11Scalar(text)
            if text.isInteger {
                self = .int
            } else if text.isNumber {
                self = .float
            } else {
                self = text.isTimestamp ? .timestamp : .str
            }
        }
    }
}

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
