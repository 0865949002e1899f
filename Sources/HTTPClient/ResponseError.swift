/// Why there is no usable response. Whoever made the request knows whose it is and says so.
package enum ResponseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It is not HTTP, or can be read in two ways.
    case malformed(reason: String)
    /// Its body is larger than the limit in bytes.
    case tooLarge(limit: Int)
    /// The connection ended before it did.
    case connectionLost

    /// What is wrong, as the end of a sentence about the response.
    package var description: String {
        switch self {
        case .malformed(let reason): "the answer cannot be used: \(reason)"
        case .tooLarge(let limit): "the answer is larger than the limit of \(limit) bytes"
        case .connectionLost: "the connection ended before the answer was complete"
        }
    }
}
