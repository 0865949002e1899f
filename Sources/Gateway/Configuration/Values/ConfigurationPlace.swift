/// Where in a configuration something is said.
public struct ConfigurationPlace: Sendable, Hashable {
    /// The file, as the operator named it.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// The path of the key, such as `certificates[0].key`; nil where no key is meant.
    public let key: String?
}

extension YAMLValue {
    var place: ConfigurationPlace { ConfigurationPlace(file: problems.file, line: line, key: key) }
}
