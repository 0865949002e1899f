import Text

/// A sum of traffic, in bytes. A sum that 64 bits cannot hold stays at their largest value: counters near it come from a
/// counter that wrapped, and a total that starts again at zero would hide it.
package struct TrafficTotal: Equatable, Sendable {
    /// What users uploaded, Hysteria's `tx`.
    package private(set) var up: UInt64 = 0
    /// What users downloaded, Hysteria's `rx`.
    package private(set) var down: UInt64 = 0

    /// Both together.
    package var all: UInt64 { up.saturatingSum(down) }

    package init() {}

    package init(of entry: TrafficAnswer.Entry) {
        add(entry)
    }

    package mutating func add(_ entry: TrafficAnswer.Entry) {
        up = up.saturatingSum(entry.tx)
        down = down.saturatingSum(entry.rx)
    }

    package static func + (left: TrafficTotal, right: TrafficTotal) -> TrafficTotal {
        var total = TrafficTotal()
        total.up = left.up.saturatingSum(right.up)
        total.down = left.down.saturatingSum(right.down)
        return total
    }

    /// The larger figure of either, for each way.
    package func larger(_ other: TrafficTotal) -> TrafficTotal {
        var total = TrafficTotal()
        total.up = max(up, other.up)
        total.down = max(down, other.down)
        return total
    }
}
