import Text

/// Bytes of payload, both ways. A sum that 64 bits cannot hold stays at their largest value: counters near it come from a
/// counter that wrapped, and a total that starts again at zero would hide it.
package struct Traffic: Hashable, Sendable {
    /// What was uploaded, Hysteria's `tx`.
    package var up: UInt64
    /// What was downloaded, Hysteria's `rx`.
    package var down: UInt64

    package init(up: UInt64 = 0, down: UInt64 = 0) {
        self.up = up
        self.down = down
    }

    /// Both together.
    package var all: UInt64 { up.saturatingSum(down) }
    package var isZero: Bool { up == 0 && down == 0 }

    package static func + (left: Traffic, right: Traffic) -> Traffic {
        Traffic(up: left.up.saturatingSum(right.up), down: left.down.saturatingSum(right.down))
    }

    package static func += (left: inout Traffic, right: Traffic) { left = left + right }
}
