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
