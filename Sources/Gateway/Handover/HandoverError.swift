/// Why a gateway does not take another one's place, or cannot offer its own.
public struct HandoverError: Error, CustomStringConvertible {
    /// What failed, and what to do.
    public let description: String
}
