/// Why bytes are not the JSON that was expected.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, in bytes from the start.
    package let offset: Int

    /// What is wrong there.
    package let reason: String

    /// Both, as one sentence.
    package var description: String {
        "at byte \(offset): \(reason)"
    }
}
