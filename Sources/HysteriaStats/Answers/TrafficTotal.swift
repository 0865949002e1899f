/// A sum of traffic, in bytes. A sum that 64 bits cannot hold stays at their largest value: counters near it come from a
/// counter that wrapped, and a total that starts again at zero would hide it.
package struct TrafficTotal: Equatable, Sendable {
    /// What users uploaded, Hysteria's `tx`.
    package private(set) var up: UInt64 = 0
    /// What users downloaded, Hysteria's `rx`.
    package private(set) var down: UInt64 = 0

    /// Both together.
    package var all: UInt64 { Self.sum(up, down) }

    package init() {}

    package init(of entry: TrafficAnswer.Entry) {
        add(entry)
    }

    package mutating func add(_ entry: TrafficAnswer.Entry) {
        up = Self.sum(up, entry.tx)
        down = Self.sum(down, entry.rx)
    }

    package static func + (left: TrafficTotal, right: TrafficTotal) -> TrafficTotal {
        var total = TrafficTotal()
        total.up = sum(left.up, right.up)
        total.down = sum(left.down, right.down)
        return total
    }

    /// The larger figure of either, for each way.
    package func larger(_ other: TrafficTotal) -> TrafficTotal {
        var total = TrafficTotal()
        total.up = max(up, other.up)
        total.down = max(down, other.down)
        return total
    }

    private static func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? .max : sum
    }
}
