/// Why bytes are not the JSON that was expected.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, in bytes from the start.
    public let offset: Int

    /// What is wrong there.
    public let reason: String

    /// Both, as one sentence.
    public var description: String {
        "at byte \(offset): \(reason)"
    }
}
