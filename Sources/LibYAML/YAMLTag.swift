/// What a YAML node says that it is, or what its text makes of it.
public struct YAMLTag: RawRepresentable, Sendable, Hashable {
    /// The tag in full, as `tag:yaml.org,2002:str`; empty where the text has none.
    public let rawValue: String

    /// Makes a tag of its full name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The text has no tag: the value decides.
    public static let implicit = YAMLTag(rawValue: "")
    /// The tag `!`: a text, a list or a mapping, whatever the value looks like.
    public static let nonSpecific = YAMLTag(rawValue: "!")

    /// A text.
    public static let str = YAMLTag(rawValue: "tag:yaml.org,2002:str")
    /// A list.
    public static let seq = YAMLTag(rawValue: "tag:yaml.org,2002:seq")
    /// Keys with values.
    public static let map = YAMLTag(rawValue: "tag:yaml.org,2002:map")
    /// A truth value.
    public static let bool = YAMLTag(rawValue: "tag:yaml.org,2002:bool")
    /// A whole number.
    public static let int = YAMLTag(rawValue: "tag:yaml.org,2002:int")
    /// A number.
    public static let float = YAMLTag(rawValue: "tag:yaml.org,2002:float")
    /// Nothing.
    public static let null = YAMLTag(rawValue: "tag:yaml.org,2002:null")
    /// A point in time.
    public static let timestamp = YAMLTag(rawValue: "tag:yaml.org,2002:timestamp")
    /// The key `<<`.
    public static let merge = YAMLTag(rawValue: "tag:yaml.org,2002:merge")
    /// The key `=`.
    public static let value = YAMLTag(rawValue: "tag:yaml.org,2002:value")
}
