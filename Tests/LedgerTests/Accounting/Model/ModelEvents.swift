@testable import Ledger

/// What the histories met with.
struct ModelEvents: Sendable, CustomStringConvertible {
    /// What has to happen in two thousand of them.
    static let expected = [
        "anew", "hidden emptying", "assumed difference", "behind", "durable again", "merged rows", "replaced file",
        "returned clear", "clear refused", "known key", "offer repeated", "user limit", "clock step",
        "undecided at start",
        "bytes lost", "unknown strangers", "fold failed", "append done though it failed",
    ]

    private(set) var counts: [String: Int] = [:]

    mutating func note(_ event: String) { counts[event, default: 0] += 1 }
    mutating func add(_ other: ModelEvents) { counts.merge(other.counts, uniquingKeysWith: +) }

    var missing: [String] { Self.expected.filter { counts[$0] == nil } }
    var description: String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
