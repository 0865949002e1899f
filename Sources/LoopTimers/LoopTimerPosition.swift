/// Where a timer stands among those of its event loop, so that it is found without a search.
package struct LoopTimerPosition: Sendable {
    /// Not set.
    package static let unset = LoopTimerPosition(slot: -1, index: -1)

    var slot: Int32
    var index: Int32

    /// Whether the timer is set.
    package var isSet: Bool { slot >= 0 }
}
