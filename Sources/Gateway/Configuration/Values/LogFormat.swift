/// How the gateway writes its own messages to standard error.
public enum LogFormat: String, Sendable, CaseIterable {
    /// A line for people.
    case text
    /// A JSON object a line.
    case json
}
