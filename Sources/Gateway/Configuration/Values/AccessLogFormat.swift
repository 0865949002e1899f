/// How each request is written to standard output.
public enum AccessLogFormat: String, Sendable, CaseIterable {
    /// A line for people.
    case text
    /// A line of JSON.
    case json
    /// Nothing.
    case none
}
